"""One owner's turn at a build, whatever engine takes its steps: until it is over, or pauses."""

from collections.abc import Awaitable, Callable

from agents.budget import find_exhausted
from agents.ending import close, stop
from agents.events import End, Paused, Steered
from agents.shift import Over, Shift, Stopped

ATTEMPTS = 3  # of a step that somebody has to take up again


async def work(shift: Shift, take_step: Callable[[], Awaitable[End | None]]) -> End:
    """Raises what `Host.journal` raises. `take_step` raises Over and Stopped."""
    while True:
        try:
            end = await obey(shift) or await _go_on(shift, take_step)
        except Stopped as stopped:
            end = await stop(shift, stopped.stop)
        if end:
            return end


async def obey(shift: Shift) -> End | None:
    """What a person wants, at the boundary of two steps."""
    orders = await shift.host.read_orders()
    if orders.stop:
        return await stop(shift, orders.stop)
    if orders.gives_way:
        return await shift.emit(Paused(reason="turn"))
    if not shift.state.pending:
        for message in orders.messages:
            if message.id not in shift.state.steered:
                await shift.emit(Steered(id=message.id, text=message.text))
    return None


def check_limits(shift: Shift) -> None:
    """Raises Over."""
    state = shift.state
    if state.abandoned >= ATTEMPTS:
        raise Over("crash_loop", f"The same step broke off {ATTEMPTS} times.", looks=False)
    if exhausted := find_exhausted(state.spent, state.task.limits):
        raise Over("budget", f"The budget for this build is used up ({exhausted}).")


async def _go_on(shift: Shift, take_step: Callable[[], Awaitable[End | None]]) -> End | None:
    try:
        check_limits(shift)
        return await take_step()
    except Over as over:
        return await close(shift, over)
