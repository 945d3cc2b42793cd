"""The making of a version as a film."""

from typing import Literal

from pydantic import Field

from playground.protocol.artifacts import FileInfo, VersionSummary
from playground.protocol.events import Frame
from playground.protocol.schema import Schema


class FilmLook(Schema):
    """From frame `seq` on, the page is another one. `streams`: it is being written. `step`: of a build, after it."""

    seq: int
    streams: bool = False
    step: int | None = None


class FilmChapter(Schema):
    """How a version was made. Without `frames` nothing is known of that; `is_forgotten`: no more.

    `frames` are those of the log that everybody may see, numbered from 1, with `at` in milliseconds of the film, which
    is `length` long. First the prompt is typed, for `typing` milliseconds; that comes before. `recorded`: how many it
    took in truth. `page_url`: the page as it was after frame 7 is at `7x0/` below it; at `7x200/` it goes on from there
    at twice the pace.
    """

    version: VersionSummary
    prompt: str
    kind: Literal["answer", "build", "still"]
    is_forgotten: bool
    typing: int
    length: int
    recorded: int | None
    frames: list[Frame]
    looks: list[FilmLook]
    page_url: str | None


class FilmInfo(Schema):
    """The making of a version, from the first one that it goes back to; `earlier`: there are some before that."""

    title: str
    chapters: list[FilmChapter]
    earlier: int | None


class FilmStep(Schema):
    """A build as it stood after a step."""

    files: list[FileInfo]
    frame_url: str | None


class Branch(Schema):
    """Body of `POST …/replay/branch`: go on from the film's frame `seq`; of a build, from the step that it shows."""

    seq: int = Field(ge=0)
    model: int | str | None = None


class Branched(Schema):
    """Where it goes on. No `run`: the version was whole there, and waits for a wish."""

    conversation: str
    run: str | None
