"""A step of a tool: run one call, and keep what it has changed."""

import time

from agents.events import Call, Called, Checked, Returned, Warned
from agents.inspection import Unseen
from agents.prompts import read_prompt
from agents.ruts import find_rut
from agents.shift import Over, Shift
from agents.tools import Bench, Result, Trouble, choose_tools, unknown_tool
from agents.tools.writing import WRITING
from agents.wording import MAX_RESULT, clean, shorten, summarise
from agents.workspace import Denied


async def use(shift: Shift, call: Call) -> None:
    """Raises Over, Stopped."""
    step = shift.state.step
    await shift.emit(Called(step=step, id=call.id, name=call.name))
    begun = time.monotonic()
    try:
        result, is_ok = await shift.attend(call.name, _run(shift, call)), True
    except (Trouble, Denied, Unseen) as trouble:
        result, is_ok = Result(clean(str(trouble)), str(trouble)), False
    changes = await shift.keep_changes() if call.name in WRITING else {}
    seconds = time.monotonic() - begun
    if result.report:
        await shift.emit(Checked(report=result.report, seconds=seconds))
    await shift.emit(
        Returned(
            step=step,
            id=call.id,
            name=call.name,
            is_ok=is_ok,
            text=shorten(result.text, MAX_RESULT),
            summary=summarise(result.summary),
            changes=changes,
            plan=result.plan,
            wrapping=result.wrapping,
            picture=result.picture,
            seconds=0.0 if result.report else seconds,
        )
    )
    await leave_rut(shift)


async def _run(shift: Shift, call: Call) -> Result:
    if call.trouble:
        raise Trouble(call.trouble)
    tools = choose_tools(shift.means)
    if call.name not in tools:
        raise unknown_tool(call.name, list(tools))
    path = call.arguments.get("path")
    if call.name in WRITING and path in shift.state.spoiled:
        raise Trouble(f"It did not run, because an earlier call for {path} failed. Look at the file first.")
    return await tools[call.name].call(call.arguments, _bench(shift))


def _bench(shift: Shift) -> Bench:
    return Bench(
        files=shift.files,
        keep=shift.host.keep,
        failed_edits=shift.state.failed_edits,
        checks_left=shift.state.task.limits.checks - shift.state.spent.checks,
        inspector=shift.means.inspector,
        find_library=shift.means.find_library,
    )


async def leave_rut(shift: Shift) -> None:
    """Raises Over."""
    rut = find_rut(shift.state.turns)
    if rut and rut.is_deep:
        raise Over("loop", f"The model went round in circles ({rut.rule}).")
    if rut:
        await shift.emit(Warned(rule=rut.rule, text=read_prompt(rut.rule)))
