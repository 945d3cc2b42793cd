"""Builds: pages made by an agent over many steps, asked for and told of over HTTP.

A *step* is one answer of the model with the tools that it calls, counted from 1; 0 is the beginning.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from playground.protocol.checks import CheckGate, CheckPictures, VerdictName
from playground.protocol.schema import Schema, Words

type EngineName = Literal["playground", "qwen_code"]
type BuildState = Literal["waiting", "working", "paused", "over"]
type BuildOutcome = Literal["done", "partial", "failed", "cancelled"]
type ItemStatus = Literal["todo", "doing", "done", "dropped"]
Requirement = Annotated[Words, Field(min_length=1, max_length=500, pattern=r"\S")]


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
