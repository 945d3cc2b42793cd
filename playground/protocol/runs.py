"""A run, as it stands."""

from datetime import datetime
from typing import Literal

from playground.protocol.builds import BuildInfo
from playground.protocol.events import RunStatus, Usage, VersionRef
from playground.protocol.people import Person
from playground.protocol.schema import Problem, Schema
from playground.protocol.wishes import Place


class CondensationInfo(Schema):
    """What the model is told in place of a run and those before it. `is_outline`: the wishes alone."""

    summary: str
    runs: int
    saved: int  # tokens, estimated
    is_outline: bool


class ContextInfo(Schema):
    """How much of a model's window the next wish would use, in tokens. All but `window` and `counted` are estimated."""

    window: int
    answer: int  # kept free for the answer
    instructions: int
    conversation: int
    files: int
    counted: int | None  # of the latest answer's prompt, as its endpoint said
    can_condense: bool


class RunInfo(Schema):
    """A lane of a blind race shows no `model`, `usage`, `cost` and `finished_at` before the vote.

    While it is `queued`, its `parent` is not decided yet.
    """

    id: str
    kind: Literal["chat", "build"]
    build: BuildInfo | None  # of a build
    status: RunStatus
    conversation: str
    author: Person | None  # None: the account is gone
    parent: str | None
    prompt: str
    images: list[str]
    places: list[Place]
    model: str
    usage: Usage | None
    cost: float | None  # in the currency of the model's prices; None without prices
    error: Problem | None
    race: str | None
    artifact: str | None
    version: VersionRef | None
    condensation: CondensationInfo | None
    preview_url: str | None  # the page while it is being written; None for a build, whose files are shown by step
    created_at: datetime
    finished_at: datetime | None
