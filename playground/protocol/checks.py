"""What the check of a version found."""

from datetime import datetime
from typing import Literal

from playground.protocol.schema import Schema

type VerdictName = Literal["works_well", "usable", "broken", "not_verified"]


class CheckGate(Schema):
    """One thing that was looked at. `text` is the evidence; it may quote the page."""

    name: str
    title: str
    outcome: Literal["passed", "warned", "failed", "unknown"]
    text: str


class CheckPictures(Schema):
    """Addresses of WebP pictures. `shots`: by seconds ("0.5", "2", "5"), and "phone"."""

    thumbnail: str | None = None
    film: str | None = None
    shots: dict[str, str] = {}


class CheckProblem(Schema):
    """What the page reported itself. `line` is 0 where it is not known."""

    kind: Literal["exception", "failed", "console"]
    text: str
    path: str
    line: int
    column: int


class CheckInfo(Schema):
    """What is known of a version. While it is checked again, what was found before stays.

    `state` "none": it was never asked for. `words` is the verdict for people, `why` and `install` (a command) tell why
    there is none.
    """

    state: Literal["none", "queued", "running", "done"]
    verdict: VerdictName
    words: str
    why: str = ""
    install: str = ""
    gates: list[CheckGate] = []
    problems: list[CheckProblem] = []
    numbers: dict[str, float] = {}
    pictures: CheckPictures = CheckPictures()
    level: str = ""  # how the browser was locked in
    browser: str = ""
    seed: int = 1
    seconds: float | None = None  # that the check took
    checked_at: datetime | None = None
