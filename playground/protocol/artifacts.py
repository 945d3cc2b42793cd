"""Artifacts, their versions and files."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from playground.protocol.events import VersionRef
from playground.protocol.schema import Schema, Words

VisibilityName = Literal["private", "link", "public"]
MakerName = Literal["model", "hand", "remix", "restored", "published"]


class FileInfo(Schema):
    path: str
    mime: str
    size: int  # bytes
    text: str | None = None  # None when not asked for
    base64: str | None = None  # instead of `text` for a file that is no UTF-8 text


class VersionInfo(VersionRef):
    maker: MakerName
    label: str
    prompt: str
    model: str
    author: str
    created_at: datetime
    files: list[FileInfo]


class FileChanges(Schema):
    """How many files are not as they were in the version before."""

    added: int
    changed: int
    removed: int


class VersionSummary(VersionRef):
    """A version in a list: who or what made it, without its files."""

    entry: str  # path of the file that is the page
    maker: MakerName
    label: str  # the name that its owner gave it, or empty
    prompt: str  # at most its first 400 characters
    model: str
    is_demo: bool
    author: str
    created_at: datetime
    parent: int | None  # the version of this artifact that it was made from
    source: VersionRef | None  # the version of another artifact that it is a remix of, if one may see that
    changes: FileChanges | None  # against what it was made from, if anything
    picture: str  # where its picture is; 404 as long as there is none


class VersionPage(Schema):
    """A stretch of an artifact's versions, newest first. The next one is asked for with `before`, unless None."""

    versions: list[VersionSummary]
    newest: int
    before: int | None
    is_mine: bool


class ArtifactInfo(Schema):
    id: str
    title: str
    description: str
    visibility: VisibilityName
    url: str
    frame_url: str  # of the latest version
    version: int  # number of the latest version
    is_mine: bool
    versions: list[VersionRef]  # newest first
    allowed_hosts: list[str]  # beyond its own, that its owner lets it reach
    embed: str | None  # HTML that shows it in a page of another site; None where not everybody may open it
    has_password: bool  # who has its address needs that, too
    expires_at: datetime | None  # from then on its owner alone may open it
    created_at: datetime


class ArtifactRequest(Schema):
    """Body of `POST /api/artifacts`. A file is text, or base64 when it starts with `base64:`."""

    title: Words = Field(default="", max_length=200)
    files: dict[str, str] = Field(min_length=1, max_length=200)
    visibility: VisibilityName = "link"
