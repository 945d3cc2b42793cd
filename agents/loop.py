"""The loop: ask the model, run what it calls, look at the page, have it mended, end with the best there is.

What comes next follows from the state alone, and the state from the journal; so it does not matter who goes on.
"""

from collections.abc import Sequence
from pathlib import Path

from agents.asking import ask
from agents.budget import find_exhausted
from agents.ending import close, stop, wrap_up
from agents.events import End, Event, Paused, Resumed, Steered
from agents.host import Host, Means, Orders
from agents.shift import Over, Shift, Stopped
from agents.state import rebuild
from agents.using import use
from agents.workspace import Workspace

ATTEMPTS = 3  # of a step that somebody has to take up again
SILENT = 2  # answers without a call that are forgiven


class Loop:
    """One owner's turn at a build. `folder` is empty, and nobody else's."""

    def __init__(self, journal: Sequence[Event], means: Means, host: Host, folder: Path) -> None:
        self._is_new = len(journal) == 1
        self._shift = Shift(rebuild(journal), means, host, Workspace(folder))

    async def run(self) -> End:
        """Until it is over, or pauses. Raises what `Host.journal` raises."""
        shift = self._shift
        if shift.state.end:
            return shift.state.end
        await shift.fill(shift.state.files)
        if not self._is_new:
            await shift.emit(Resumed(abandoned=shift.state.open))
        while True:
            try:
                end = await self._obey(await shift.host.read_orders()) or await self._go_on()
            except Stopped as stopped:
                end = await stop(shift, stopped.stop)
            if end:
                return end

    async def _obey(self, orders: Orders) -> End | None:
        """At the boundary of two steps."""
        shift = self._shift
        if orders.stop:
            return await stop(shift, orders.stop)
        if orders.gives_way:
            return await shift.emit(Paused(reason="turn"))
        if not shift.state.pending:
            for message in orders.messages:
                if message.id not in shift.state.steered:
                    await shift.emit(Steered(id=message.id, text=message.text))
        return None

    async def _go_on(self) -> End | None:
        try:
            return await self._take_step()
        except Over as over:
            return await close(self._shift, over)

    async def _take_step(self) -> End | None:
        shift, state = self._shift, self._shift.state
        if state.abandoned >= ATTEMPTS:
            raise Over("crash_loop", f"The same step broke off {ATTEMPTS} times.", looks=False)
        if exhausted := find_exhausted(state.spent, state.task.limits):
            raise Over("budget", f"The budget for this build is used up ({exhausted}).")
        if state.pending:
            await use(shift, state.pending[0])
            return None
        if state.wrapping:
            return await wrap_up(shift)
        if state.silent > SILENT:
            raise Over("no_call", "The model did not call a tool any more.")
        return await ask(shift)
