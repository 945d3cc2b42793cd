"""The events of a run's log, and the frames that they travel in."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from playground.protocol.build_events import BuildEvent
from playground.protocol.schema import Problem, Schema


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED)


class RunStarted(Schema):
    """The request is on its way to the model: until the next event, we wait for the model."""

    type: Literal["run.started"] = "run.started"
    model: str  # display name of the chosen model


class ModelAnswered(Schema):
    """The first byte of the answer. `model` is what the server says it runs, which may not be what was asked for."""

    type: Literal["model.answered"] = "model.answered"
    model: str


class ReasoningDelta(Schema):
    type: Literal["reasoning.delta"] = "reasoning.delta"
    text: str


class TextDelta(Schema):
    """Prose (Markdown) outside the files."""

    type: Literal["text.delta"] = "text.delta"
    text: str


class FileOpened(Schema):
    """From here, `file.delta`s with this path follow. A path opened again starts over, empty.

    `is_edit`: the first delta is the whole text that the wish goes on from, and edits of it follow.
    """

    type: Literal["file.opened"] = "file.opened"
    path: str
    language: str
    is_edit: bool = False


class FileDelta(Schema):
    type: Literal["file.delta"] = "file.delta"
    path: str
    text: str


class FileClosed(Schema):
    """`complete` is false where the answer ended before the file did."""

    type: Literal["file.closed"] = "file.closed"
    path: str
    complete: bool


class EditOpened(Schema):
    """`count` lines of the file, from `line` (from 0) on, go; the text of the following `edit.delta`s comes there."""

    type: Literal["edit.opened"] = "edit.opened"
    path: str
    line: int
    count: int


class EditDelta(Schema):
    """Whole lines, each with its line end."""

    type: Literal["edit.delta"] = "edit.delta"
    path: str
    text: str


class EditClosed(Schema):
    type: Literal["edit.closed"] = "edit.closed"
    path: str


class EditFailed(Schema):
    """An edit whose place was not found, or (`found` above 1) was not the only one. Nothing has changed."""

    type: Literal["edit.failed"] = "edit.failed"
    path: str | None
    search: str
    found: int


class AnswerWithdrawn(Schema):
    """Everything so far turned out to be reasoning: its files and edits are none, its prose is reasoning."""

    type: Literal["answer.withdrawn"] = "answer.withdrawn"


class SegmentStarted(Schema):
    """The model is asked again, for the same answer.

    `reason`: "continue" (it was cut), "resume" (the server that wrote it is gone, another one goes on), "branch" (what
    stands before was taken from a film), "repair" (edits did not apply), "rewrite" (nor did they the second time).
    """

    type: Literal["segment.started"] = "segment.started"
    reason: Literal["continue", "resume", "branch", "repair", "rewrite"]


class Usage(Schema):
    """Token counts of the run. `estimated` when the server reported none."""

    type: Literal["usage"] = "usage"
    input_tokens: int
    output_tokens: int
    estimated: bool = False


class Withheld(Schema):
    """What this frame tells would name the model of a blind lane. After the vote, the log is told whole."""

    type: Literal["withheld"] = "withheld"


class VersionRef(Schema):
    """Where a saved version is: `url` is its permalink, `frame_url` the page itself on the artifact host."""

    artifact: str
    number: int
    url: str
    frame_url: str
    title: str


class ContextCondensed(Schema):
    """The beginning of the branch, up to and with the run `upto`, is from now on told to the model as a summary."""

    type: Literal["context.condensed"] = "context.condensed"
    upto: str
    runs: int  # how many exchanges the summary stands for


class VersionSaved(Schema):
    """`differs`: more was saved than the live preview has shown, style sheets linked in, say.

    `edit` is the number of a version that a person saved of the same base while the model wrote, if there is one.
    `is_merged`: its changes are in this version; else they touch the same lines, and it stands beside this one.
    """

    type: Literal["version.saved"] = "version.saved"
    version: VersionRef
    differs: bool = False
    edit: int | None = None
    is_merged: bool = False


class RunFinished(Schema):
    """The end of a run that was not a failure.

    `reason`: "stop" (the model was done), "length" (cut at the output limit), "cancelled" (a person pressed Stop).
    """

    type: Literal["run.finished"] = "run.finished"
    reason: Literal["stop", "length", "cancelled"]


class RunFailed(Schema):
    type: Literal["run.failed"] = "run.failed"
    error: Problem


type Event = Annotated[
    RunStarted
    | ModelAnswered
    | ReasoningDelta
    | TextDelta
    | FileOpened
    | FileDelta
    | FileClosed
    | EditOpened
    | EditDelta
    | EditClosed
    | EditFailed
    | AnswerWithdrawn
    | SegmentStarted
    | Usage
    | ContextCondensed
    | Withheld
    | VersionSaved
    | RunFinished
    | RunFailed
    | BuildEvent,
    Field(discriminator="type"),
]


LAST = (RunFinished, RunFailed)  # one of them ends each log


class Frame(Schema):
    """One numbered event of one run's log. `at` is milliseconds since the run was created."""

    run: str
    seq: int
    at: int
    event: Event

    @property
    def is_last(self) -> bool:
        return isinstance(self.event, LAST)
