"""What happens in a build, told by its log.

The log begins with `run.started`, tells what happens by the events of this module, and ends as any run's:
`version.saved`, then `run.finished` or `run.failed`. No event is longer than 8 kB: texts are cut, and what they stand
for is asked for by its step.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from playground.protocol.builds import (
    BuildCheck,
    BuildLimits,
    BuildOutcome,
    BuildUse,
    EngineName,
    FileChange,
    ForkOrigin,
    PlanItem,
)
from playground.protocol.schema import Schema


class BuildBegan(Schema):
    """`files`: how many there are to go on from."""

    type: Literal["build.began"] = "build.began"
    engine: EngineName
    checklist: list[str]
    limits: BuildLimits
    files: int
    origin: ForkOrigin | None = None


class BuildResumed(Schema):
    """Somebody goes on with it. `after` "death": a worker died at `step`, and what was `open` there is done again."""

    type: Literal["build.resumed"] = "build.resumed"
    step: int
    after: Literal["death", "pause"]
    open: str = ""


class BuildStep(Schema):
    """The model is being asked for its next answer."""

    type: Literal["build.step"] = "build.step"
    step: int


class BuildRefused(Schema):
    """The model gave no answer; it is asked again after `wait` seconds, if it is a number."""

    type: Literal["build.refused"] = "build.refused"
    step: int
    code: str
    message: str
    wait: float | None


class BuildAnswered(Schema):
    """`tools`: what it calls, in order. The texts are the first of it."""

    type: Literal["build.answered"] = "build.answered"
    step: int
    text: str
    reasoning: str
    tools: list[str]
    used: BuildUse  # by the build so far


class ToolCalled(Schema):
    """A tool begins. `what`: the file, command or library that it is about, if any."""

    type: Literal["build.called"] = "build.called"
    step: int
    id: str
    name: str
    what: str = ""


class ToolReturned(Schema):
    """A tool has ended. `summary` is a line for people, `text` the first of what the model is told.

    `picture`: the address of one that was taken. Of more than twenty `changes`, `more` is the number of the others.
    """

    type: Literal["build.returned"] = "build.returned"
    step: int
    id: str
    name: str
    is_ok: bool
    summary: str
    text: str
    changes: list[FileChange] = []
    more: int = 0
    picture: str = ""
    seconds: float = 0.0


class BuildPlanned(Schema):
    """The whole plan as it is from now on."""

    type: Literal["build.plan"] = "build.plan"
    step: int
    items: list[PlanItem]


class BuildChecked(Schema):
    """The page was opened in a browser as it was after `step`. `is_best`: nothing before was better."""

    type: Literal["build.checked"] = "build.checked"
    step: int
    check: BuildCheck
    is_best: bool
    seconds: float


class BuildFix(Schema):
    """The model said that it is done, but this gate fails: it is asked to mend it."""

    type: Literal["build.fix"] = "build.fix"
    step: int
    gate: str
    title: str
    round: int
    rounds: int


class BuildRestored(Schema):
    """The best files so far are back: what came after was worse."""

    type: Literal["build.restored"] = "build.restored"
    step: int
    changes: list[FileChange]
    more: int = 0


class BuildWarned(Schema):
    """The model was told that something is amiss: it goes round in circles, or a limit is near."""

    type: Literal["build.warned"] = "build.warned"
    step: int
    rule: str
    text: str


class BuildCondensed(Schema):
    """So many messages at the beginning of the conversation with the model are told to it as an outline from now on."""

    type: Literal["build.condensed"] = "build.condensed"
    step: int
    messages: int


class BuildSteered(Schema):
    """What a person has written meanwhile is told to the model now."""

    type: Literal["build.steered"] = "build.steered"
    step: int
    id: str
    text: str


class BuildPaused(Schema):
    """Nobody works on it for now. "model": it cannot be reached; "turn": others' builds wait; "restart": of a worker.

    It goes on by itself, after `wait` seconds where that is a number.
    """

    type: Literal["build.paused"] = "build.paused"
    step: int
    reason: Literal["model", "turn", "restart"]
    message: str = ""
    wait: float | None = None


class BuildFinished(Schema):
    """How it ended; what is published follows as `version.saved`.

    "done": every gate of the check is green, or nothing could look. "partial": the best there is, `message` says why.
    """

    type: Literal["build.finished"] = "build.finished"
    step: int
    outcome: BuildOutcome
    code: str
    message: str
    title: str = ""
    summary: str = ""
    controls: list[str] = []
    known_issues: list[str] = []


class BuildWriting(Schema):
    """More of what the model is writing: its words, its thoughts, or with a `tool` the JSON of that tool's arguments.

    Of no lasting interest: `build.answered` of the same step takes its place, and a `build.resumed` or `build.refused`
    takes it back.
    """

    type: Literal["build.writing"] = "build.writing"
    step: int
    tool: str
    text: str
    is_reasoning: bool = False


class BuildWorking(Schema):
    """A sign of life. `what`: "model", "waiting" (for a model that refused), or a tool's name; since `seconds`."""

    type: Literal["build.working"] = "build.working"
    step: int
    what: str
    seconds: float


type BuildEvent = Annotated[
    BuildBegan
    | BuildResumed
    | BuildStep
    | BuildRefused
    | BuildAnswered
    | ToolCalled
    | ToolReturned
    | BuildPlanned
    | BuildChecked
    | BuildFix
    | BuildRestored
    | BuildWarned
    | BuildCondensed
    | BuildSteered
    | BuildPaused
    | BuildFinished
    | BuildWriting
    | BuildWorking,
    Field(discriminator="type"),
]


class BuildEntry(Schema):
    """One event of a build's journal. `seq` counts there, and has gaps."""

    seq: int
    at: datetime
    event: BuildEvent


class BuildSteps(Schema):
    """A stretch of the journal, oldest first. The next one is asked for with `after`, unless None."""

    entries: list[BuildEntry]
    after: int | None
