"""Where a build stands: the sum of its journal, and nothing else."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from agents.budget import Spent
from agents.events import (
    Answered,
    Asked,
    Began,
    Call,
    Called,
    Checked,
    Condensed,
    Event,
    Finished,
    FixWanted,
    Item,
    Paused,
    Recorded,
    Refused,
    Restored,
    Resumed,
    Returned,
    Steered,
    Warned,
    Wrapping,
)
from agents.inspection import Report
from agents.llm.types import Message, ToolCall
from agents.prompts import read_prompt
from agents.ruts import Turn
from agents.scores import score
from agents.task import Task
from agents.tools.writing import WRITING

type Tree = dict[str, str]  # SHA-256 of contents by path


@dataclass(frozen=True, slots=True)
class Look:
    """A check, and the files that it was of."""

    files: Tree
    report: Report


@dataclass(slots=True)
class State:
    task: Task
    files: Tree = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)  # after the wish
    outline: str = ""  # of what came before `messages`
    told: tuple[str, ...] = ()  # the lines of it that tell what happened
    pending: list[Call] = field(default_factory=list)  # of the last answer, not yet run
    plan: tuple[Item, ...] = ()
    wrapping: Wrapping | None = None  # the model wants to be done
    last: Look | None = None
    best: Look | None = None
    rounds: Counter[str] = field(default_factory=Counter)  # of fixing, by gate
    spent: Spent = field(default_factory=Spent)
    step: int = 0  # answers
    open: str = ""  # what has begun and not ended: "model", or a tool's name
    abandoned: int = 0  # how often in a row that was so when somebody took over
    silent: int = 0  # answers without a call, in a row
    refusals: int = 0  # in a row
    overflows: int = 0  # in a row
    asked: int = 0  # tokens of the last request, estimated
    too_long: int | None = None  # tokens of a request that the model's server found too long
    record: Recorded | None = None  # of an engine of its own
    steered: dict[str, str] = field(default_factory=dict)  # what a person has written meanwhile, by id
    turns: list[Turn] = field(default_factory=list)
    warned: set[str] = field(default_factory=set)
    failed_edits: Counter[str] = field(default_factory=Counter)  # by path, in a row
    spoiled: set[str] = field(default_factory=set)  # paths that a call of the last answer could not write
    end: Finished | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether an engine of its own works at it."""
        return self.task.engine != "loop"

    @property
    def is_checked(self) -> bool:
        """Whether the last check was of the files as they are."""
        return self.last is not None and self.last.files == self.files

    def apply(self, event: Event) -> None:  # noqa: C901 - a line for each event
        match event:
            case Began(task=task):
                self.files, self.plan = dict(task.files), task.plan
            case Resumed():
                self._resume(event)
            case Asked():
                self.open = "model"
                self.asked = event.tokens
                self.spent.model_calls += 1
            case Refused():
                self._refuse(event)
            case Answered():
                self._answer(event)
            case Called(name=name):
                self.open = name
            case Returned():
                self._return(event)
            case Checked():
                self._check(event)
            case FixWanted():
                self.wrapping = None
                self.rounds[event.gate] += 1
                self._say(event.text)
            case Restored(changes=changes):
                self._change(changes)
                self.last = self.best
                self.turns.clear()
            case Recorded():
                self._change(event.changes)
                self.record = event
                if event.wrapping:
                    self.wrapping = event.wrapping
                    self.pending.clear()
                    self.abandoned = 0
            case Warned():
                self.warned.add(event.rule)
                self._say(event.text)
            case Condensed():
                del self.messages[: event.messages]
                self.outline, self.told = event.outline, event.steps
            case Steered():
                self.steered[event.id] = event.text
                self.wrapping = None
                self._say(read_prompt("steering", text=event.text))
            case Paused():
                self.refusals = 0
            case Finished():
                self.end = event

    def _resume(self, event: Resumed) -> None:
        self.open = ""
        if self.is_foreign:  # its calls are lost with it
            self.pending.clear()
        self.refusals = 0
        if event.abandoned:
            self.abandoned += 1

    def _refuse(self, event: Refused) -> None:
        self.open = ""
        self.abandoned = 0
        self.spent.seconds += event.seconds + (event.wait or 0.0)
        self.refusals += 1
        if event.code == "context_overflow":
            self.overflows += 1
            self.too_long = self.asked

    def _answer(self, event: Answered) -> None:
        self.open = ""
        self.refusals = self.overflows = 0
        if not self.is_foreign:  # it is its tools that it breaks off at
            self.abandoned = 0
        self.step = event.step
        self.spent.seconds += event.seconds
        self.spent.input_tokens += event.tokens.input
        self.spent.output_tokens += event.tokens.output
        self.spent.cost += event.cost or 0.0
        self.pending += event.calls  # an engine of its own may ask about something else, while its tools run
        self.spoiled.clear()
        self.silent = 0 if event.calls else self.silent + 1
        calls = tuple(ToolCall(call.id, call.name, json.dumps(call.arguments)) for call in event.calls)
        self.messages.append(Message("assistant", event.text, calls=calls))

    def _return(self, event: Returned) -> None:
        call = next(call for call in self.pending if call.id == event.id)
        self.pending.remove(call)
        self.open = ""
        self.abandoned = 0
        self.spent.tool_calls += 1
        self.spent.seconds += event.seconds
        self._change(event.changes)
        self.plan = self.plan if event.plan is None else event.plan
        self.wrapping = event.wrapping or self.wrapping
        self.messages.append(Message("tool", event.text, call_id=event.id))
        self.turns.append(Turn(_digest([call.name, call.arguments]), _digest(self.files), event.name == "check"))
        path = str(call.arguments.get("path", ""))
        self.failed_edits[path] = self.failed_edits[path] + 1 if event.name == "edit_file" and not event.is_ok else 0
        if event.name in WRITING and not event.is_ok:
            self.spoiled.add(path)

    def _check(self, event: Checked) -> None:
        self.open = ""
        self.abandoned = 0
        self.spent.checks += 1
        self.spent.seconds += event.seconds
        self.last = Look(dict(self.files), event.report)
        if self.best is None or score(event.report) >= score(self.best.report):
            self.best = self.last

    def _change(self, changes: dict[str, str | None]) -> None:
        for path, content in changes.items():
            if content is None:
                self.files.pop(path, None)
            else:
                self.files[path] = content

    def _say(self, text: str) -> None:
        self.messages.append(Message("user", text))


def rebuild(journal: Iterable[Event]) -> State:
    """Where a build stands by its journal, which begins with Began."""
    events = iter(journal)
    first = next(events)
    assert isinstance(first, Began)
    state = State(first.task)
    for event in (first, *events):
        state.apply(event)
    return state


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
