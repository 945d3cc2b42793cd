"""What the passes find out, before anybody judges it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Value):
    """What the page's own first script reported. `place` is `game.js:12:5`, or empty."""

    kind: Literal["exception", "failed", "console"]
    text: str
    place: str = ""


class Surface(Value):
    """A canvas or a large drawing that shows one colour and nothing else, at every moment."""

    tag: str
    width: int
    height: int
    colour: str  # `#rrggbb`


class Control(Value):
    """Something to click or to fill in, by its place in the page's own order."""

    index: int
    kind: Literal["button", "text", "toggle", "range", "choice"]
    name: str


class Response(Value):
    """The first thing that made a difference between the twins."""

    to: str  # a step's name: "keys", "click", "drag", or "control: Start"
    changed: float  # share of pixels
    by: Literal["picture", "text", "message"]


class Twins(Value):
    """The same page under a clock that stands still, once alone and once with input."""

    tried: tuple[str, ...]
    response: Response | None = None
    noise: float = 0.0  # share of pixels in which two pages without input differ
    is_complete: bool = True  # False: there was no time to try everything


class Phone(Value):
    overflow: int  # pixels that the page is wider than the screen
    small_controls: int  # below 24 pixels


class Accessibility(Value):
    has_title: bool
    has_language: bool
    unnamed_controls: int
    images_without_text: int
    faint_texts: int  # of the 20 largest, those with too little contrast


class Measurements(Value):
    """`None`, or empty, where a pass did not get that far."""

    browser: str
    seed: int
    status: int | None = None  # HTTP, of the page itself
    ready_ms: int | None = None  # until the document was there
    is_hung: bool = False
    has_crashed: bool = False
    left_for: str | None = None  # the address that the page went to instead
    reloads: int = 0
    problems: tuple[Problem, ...] = ()
    blocked: tuple[str, ...] = ()  # hosts that it asked for and may not reach
    dialogs: int = 0
    text: str = ""
    text_length: int = 0
    ink: tuple[float, ...] = ()  # share of pixels beside the most frequent colour, at 0.5, 2 and 5 s
    surfaces: int = 0  # canvases and large drawings
    blank_surfaces: tuple[Surface, ...] = ()
    motion: tuple[float, ...] = ()  # share of a coarse grid that changed from picture to picture
    frames_per_second: float = 0.0  # that the page asked for
    heap_megabytes: int | None = None
    long_tasks: int = 0
    controls: tuple[Control, ...] = ()
    listens_to: tuple[str, ...] = ()
    plays_sound: bool = False
    twins: Twins | None = None
    phone: Phone | None = None
    accessibility: Accessibility | None = None

    @property
    def is_animated(self) -> bool:
        return sum(share > 0.004 for share in self.motion) >= 2
