"""The part of the wire schema that is about builds: pages made by an agent over many steps.

A build is a run of kind "build". Its log begins with `run.started`, tells what happens by the events of this module,
and ends as any run's: `version.saved`, then `run.finished` or `run.failed`. No event is longer than 8 kB: texts are
cut, and what they stand for is asked for by its step.

A *step* is one answer of the model with the tools that it calls, counted from 1; 0 is the beginning.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from playground.schema import CheckGate, CheckPictures, Schema, Words

type EngineName = Literal["playground", "qwen_code"]
type BuildState = Literal["waiting", "working", "paused", "over"]
type BuildOutcome = Literal["done", "partial", "failed", "cancelled"]
type VerdictName = Literal["works_well", "usable", "broken", "not_verified"]
type ItemStatus = Literal["todo", "doing", "done", "dropped"]

Requirement = Annotated[Words, Field(min_length=1, max_length=500, pattern=r"\S")]

# ------------------------------------------------------------------------------------------- values


class BuildLimits(Schema):
    """What a build may use at most; seconds without those in which it waits. `cost` in the currency of the prices."""

    model_calls: int
    tool_calls: int
    seconds: float
    input_tokens: int
    output_tokens: int
    checks: int
    cost: float | None


class BuildUse(Schema):
    """What a build has used of its limits. `is_estimated`: the model's server did not count all tokens."""

    model_calls: int = 0
    tool_calls: int = 0
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    checks: int = 0
    cost: float = 0.0
    is_estimated: bool = False


class Evidence(Schema):
    """What supports that an item is done. `text` is for people; `url` a picture's. Absent fields are empty."""

    kind: Literal["step", "file", "check", "picture"]
    step: int
    text: str
    path: str = ""
    url: str = ""


class PlanItem(Schema):
    """Of the model's plan. Evidence comes at the end; none is told as it is."""

    id: str
    text: str
    status: ItemStatus
    evidence: list[Evidence] = []


class ChecklistItem(Schema):
    """A requirement, as the person has put it. `item`: the item of the plan that stands for it, if one does."""

    text: str
    item: str | None = None
    evidence: list[Evidence] = []


class BuildCheck(Schema):
    """What a check in the browser found. `words` is the verdict for people, `why` tells why there is none.

    `gates` are those that did not pass, the most important first.
    """

    verdict: VerdictName
    words: str
    why: str = ""
    gates: list[CheckGate] = []
    pictures: CheckPictures = CheckPictures()
    level: str = ""  # how the browser was locked in


class FileChange(Schema):
    """A file before and after: SHA-256 of its content, None where it is not there. Lines are counted for text."""

    path: str
    before: str | None
    after: str | None
    added: int | None = None
    removed: int | None = None


class ForkOrigin(Schema):
    """The build, and the step of it, whose files and plan this one began with."""

    run: str
    step: int


# ------------------------------------------------------------------------------------------- events


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

# --------------------------------------------------------------------------------------------- HTTP


class LimitsWish(Schema):
    """What a person may set for a build; more than the settings allow is cut to that."""

    model_calls: int | None = Field(default=None, ge=1)
    tool_calls: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, ge=1, allow_inf_nan=False)
    input_tokens: int | None = Field(default=None, ge=1)
    output_tokens: int | None = Field(default=None, ge=1)
    checks: int | None = Field(default=None, ge=0)
    cost: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class BuildInfo(Schema):
    """How a build stands; part of its `RunInfo`.

    `state`: "waiting" for a worker, at `place` of the queue (from 1); "working"; "paused" until `resumes_at`; "over".
    `check` is that of the best files so far. `commands`: whether it may run commands, `level` how they are confined.
    `verifies`: whether there is a browser to look with. These three are unknown (None) until a worker has begun.
    """

    engine: EngineName
    state: BuildState
    place: int | None
    resumes_at: datetime | None
    step: int
    checklist: list[ChecklistItem]
    plan: list[PlanItem]
    used: BuildUse
    limits: BuildLimits
    check: BuildCheck | None
    level: str | None
    commands: bool | None
    verifies: bool | None
    stopping: Literal["now", "after_step", "keep_best"] | None  # what was asked for and is being done
    outcome: BuildOutcome | None
    code: str
    message: str
    title: str
    summary: str
    controls: list[str]
    known_issues: list[str]
    origin: ForkOrigin | None


class BuildFile(Schema):
    path: str
    sha: str  # SHA-256 of its content, in hexadecimal
    size: int  # bytes


class BuildFiles(Schema):
    """The files as they were after `step`. `frame_url` shows them as a page; None where there is nothing to show."""

    step: int
    files: list[BuildFile]
    frame_url: str | None


class BuildMessage(Schema):
    """What a person has written to a build that runs. `told`: the model knows it."""

    id: str
    text: str
    told: bool
    created_at: datetime


class BuildDetail(BuildInfo):
    """With the files as they are, and what was written to it."""

    files: list[BuildFile]
    frame_url: str | None
    messages: list[BuildMessage]


class BuildEntry(Schema):
    """One event of a build's journal. `seq` counts there, and has gaps."""

    seq: int
    at: datetime
    event: BuildEvent


class BuildSteps(Schema):
    """A stretch of the journal, oldest first. The next one is asked for with `after`, unless None."""

    entries: list[BuildEntry]
    after: int | None


class BuildStop(Schema):
    """Body of `POST …/build/stop`. "now" throws the open step away; "keep_best" publishes the best files so far."""

    mode: Literal["now", "after_step", "keep_best"]


class BuildSteer(Schema):
    """Body of `POST …/build/messages`: told to the model before its next answer."""

    text: Words = Field(min_length=1, max_length=4_000, pattern=r"\S")


class BuildFork(Schema):
    """Body of `POST …/build/fork` and `…/rewind`: a build that goes on from the files and the plan after `step`.

    `prompt`: what to do from there; empty for the same wish.
    """

    step: int = Field(ge=0)
    prompt: Words = Field(default="", max_length=20_000)


class ChecklistRequest(Schema):
    """Body of `POST /api/builds/checklist`. `model` as in a run's."""

    prompt: Words = Field(min_length=1, max_length=100_000, pattern=r"\S")
    model: int | str | None = None


class ChecklistProposal(Schema):
    """What the model thinks the wish asks for, each a thing that can be seen to be there or not."""

    items: list[str]


class EngineInfo(Schema):
    """`why` says what is missing where it is not available."""

    name: EngineName
    is_available: bool
    version: str = ""
    why: str = ""


class BuildMeans(Schema):
    """What builds can do here, as the workers have last said; `is_known` is false where none has yet."""

    is_known: bool
    engines: list[EngineInfo]
    commands: bool
    level: str
    verifies: bool
    limits: BuildLimits
    can_mail: bool  # the server sends e-mail, and the reader has an address
    mails: bool  # … and is told by e-mail when a build is over


class BuildNotice(Schema):
    """Body of `PUT /api/builds/notice`: whether to be told by e-mail when a build of mine is over."""

    mails: bool


BUILD_SENT: tuple[type[Schema], ...] = (
    BuildDetail,
    BuildFiles,
    BuildMessage,
    BuildSteps,
    ChecklistProposal,
    BuildMeans,
)
BUILD_RECEIVED: tuple[type[Schema], ...] = (BuildStop, BuildSteer, BuildFork, ChecklistRequest, BuildNotice)
