"""How a build ends: with what the model says is done, if it is; else with the best there is."""

import time

from agents.events import Called, Checked, Finished, FixWanted, Outcome, Restored
from agents.fixing import is_worse, settle
from agents.host import Stop
from agents.inspection import Report, Unseen, inspect
from agents.prompts import read_prompt
from agents.scores import is_worth_keeping
from agents.shift import Over, Shift
from agents.state import Tree


async def wrap_up(shift: Shift) -> Finished | None:
    """The model says that it is done. None: it has to mend something. Raises Over, Stopped."""
    await _check(shift)
    best = shift.state.best
    is_reverted = best is not None and is_worse(shift.state)
    if best and is_reverted:
        await _restore(shift, best.files)
    decided = settle(shift.state, shift.files.contents())
    if isinstance(decided, FixWanted):
        worse = [read_prompt("worse")] if is_reverted else []
        await shift.emit(decided.model_copy(update={"text": "\n\n".join([*worse, decided.text])}))
        return None
    if decided.outcome == "partial":
        raise Over("gates", decided.message, looks=False)
    return await shift.emit(_finished(shift, shift.state.files, "done", "done"))


async def close(shift: Shift, over: Over) -> Finished:
    """Partial rather than nothing. Raises Stopped."""
    if over.looks and shift.state.files != shift.state.task.files:
        await _check(shift)
    return await _keep_best(shift, over.code, over.message)


async def stop(shift: Shift, how: Stop) -> Finished:
    if how is Stop.KEEP_BEST:
        return await _keep_best(shift, "stopped", "")
    return await shift.emit(_finished(shift, shift.state.files, "cancelled", "stopped"))


async def _keep_best(shift: Shift, code: str, message: str) -> Finished:
    state = shift.state
    is_good = state.best is not None and is_worth_keeping(state.best.report)
    files = state.best.files if state.best and is_good else state.files
    outcome: Outcome = "failed" if files in ({}, state.task.files) else "partial"
    return await shift.emit(_finished(shift, files, outcome, code, message))


async def _check(shift: Shift) -> None:
    """The files as they are, unless that is known, or nothing can look."""
    state, inspector = shift.state, shift.means.inspector
    if inspector is None or state.is_checked or state.spent.checks >= state.task.limits.checks:
        return
    await shift.emit(Called(step=state.step, id="", name="check"))
    begun = time.monotonic()
    try:
        report = await shift.attend("check", inspect(inspector, shift.files.contents(), shift.host.keep))
    except Unseen as unseen:
        report = Report(why=str(unseen), isolation=inspector.isolation)
    await shift.emit(Checked(report=report, seconds=time.monotonic() - begun))


async def _restore(shift: Shift, tree: Tree) -> None:
    gone: dict[str, str | None] = {path: None for path in shift.state.files if path not in tree}
    await shift.fill(tree)
    await shift.emit(Restored(changes=gone | tree))


def _finished(shift: Shift, files: Tree, outcome: Outcome, code: str, message: str = "") -> Finished:
    state = shift.state
    look = next((look for look in (state.last, state.best) if look and look.files == files), None)
    why = "It was not checked." if shift.means.inspector else "There is no browser here to check it."
    report = look.report if look else Report(why=why)
    return Finished(outcome=outcome, code=code, message=message, files=files, wrapping=state.wrapping, report=report)
