"""When the model says that it is done: whether it is, and what it is told where it is not. Pure."""

from dataclasses import dataclass
from typing import Literal

from agents.events import FixWanted
from agents.inspection import Files
from agents.prompts import read_prompt
from agents.reports import explain
from agents.scores import score
from agents.state import State
from agents.wording import fence


@dataclass(frozen=True, slots=True)
class Done:
    outcome: Literal["done", "partial"]
    message: str = ""


def settle(state: State, files: Files) -> Done | FixWanted:
    """Of a state that is checked, where something could look. Only the first gate that fails is to be mended."""
    assert state.wrapping
    if state.wrapping.entry not in files:
        return _want(state, "entry", f"There is no file {state.wrapping.entry}.")
    failed = state.last.report.failed if state.last and state.is_checked else ()
    if not failed or not state.last:
        return Done("done")
    return _want(state, failed[0].name, fence(explain(failed[0], state.last.report, files)))


def is_worse(state: State) -> bool:
    """Whether the files were better before."""
    if not state.last or not state.best or not state.rounds or not state.is_checked:
        return False
    return score(state.last.report) < score(state.best.report)


def _want(state: State, gate: str, what: str) -> Done | FixWanted:
    rounds = state.task.limits.fix_rounds
    done = state.rounds[gate]
    if done >= rounds:
        return Done("partial", f"After {done} attempts a gate of the check still fails: {gate}.")
    texts = [read_prompt("fix", what=what, round=done + 1, rounds=rounds)]
    texts += [read_prompt("same_again")] if done else []
    return FixWanted(gate=gate, round=done + 1, text="\n\n".join(texts))
