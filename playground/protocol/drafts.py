"""What the owner of an artifact changes by hand."""

from typing import Literal

from pydantic import Field

from playground.protocol.artifacts import FileInfo
from playground.protocol.conversations import EditedVersion
from playground.protocol.schema import Schema, Words


class DraftInfo(Schema):
    """What the owner of an artifact has changed by hand in version `base` and not saved yet.

    `newest` is the newest version that stems from the base: saving lays the changes on top of it. `frame_url` shows the
    draft as a page.
    """

    artifact: str
    base: int
    newest: int
    revision: int
    entry: str
    frame_url: str
    files: list[FileInfo]


class DraftRequest(Schema):
    """Body of `PUT /api/artifacts/{id}/draft`: `moves` are done first, then `files` laid over; null deletes.

    `revision` is that of the draft as it was last read, 0 for none yet; `base` counts for a new one only.
    """

    base: int
    revision: int
    files: dict[str, str | None] = Field(default_factory=dict, max_length=200)
    moves: dict[str, str] = Field(default_factory=dict, max_length=200)


class ConflictPlace(Schema):
    """Lines that the base had, and what both sides made of them."""

    base: str
    mine: str
    theirs: str


class ConflictInfo(Schema):
    """A file that was changed on both sides. Without `pieces`, only one side's file as a whole can be taken."""

    path: str
    pieces: list[str | ConflictPlace]
    mine: bool  # whether it is there on that side, or deleted
    theirs: bool


class ConflictDecision(Schema):
    """What is taken of a conflict: a side, or a text."""

    side: Literal["mine", "theirs"] | None = None
    text: Words | None = None


class DraftSave(Schema):
    """Body of `POST /api/artifacts/{id}/draft/save`: `decisions` by path, about conflicts with version `onto`."""

    revision: int
    onto: int | None = None
    decisions: dict[str, ConflictDecision] = Field(default_factory=dict)


class DraftSaved(Schema):
    """The version; or the conflicts with version `onto`, and nothing was saved."""

    version: EditedVersion | None
    onto: int
    conflicts: list[ConflictInfo]
