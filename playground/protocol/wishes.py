"""What a person asks for, and what it points at."""

from typing import Annotated, Literal

from pydantic import Field

from playground.protocol.builds import EngineName, LimitsWish, Requirement
from playground.protocol.schema import Line, Schema, Words


class Sampling(Schema):
    """What a person may set for a run; an absent value leaves the endpoint's own default."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    seed: int | None = None
    system_prompt: Words | None = Field(default=None, max_length=20_000)


type Pixels = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]  # of CSS


class Point(Schema):
    x: Pixels
    y: Pixels


class Size(Schema):
    width: Pixels
    height: Pixels


class Box(Point, Size):
    """A rectangle, from the upper left corner of the window."""


class Place(Schema):
    """An element of the page that a wish refers to, as the page described it: shown as text, never trusted.

    `path` is a selector; ` >>> ` goes into a shadow root. `point` is where in the element, for a canvas or a drawing.
    """

    page: Line = Field(max_length=400)  # the document's own path among the files; empty for the first page
    path: Line = Field(min_length=1, max_length=600)
    tag: str = Field(pattern=r"^[a-z][a-z0-9:._-]{0,59}$")
    id: Line = Field(max_length=120)
    classes: list[Annotated[Line, Field(max_length=80)]] = Field(max_length=12)
    name: Line = Field(max_length=160)  # what assistive technology calls it
    text: Line = Field(max_length=240)  # the beginning of what can be read in it
    html: Line = Field(max_length=600)  # the beginning of its markup
    box: Box
    window: Size
    point: Point | None


class Wish(Schema):
    """What is asked, and where.

    A first wish has neither `conversation` nor `artifact`. `parent` is the run that this one follows; a
    sibling with the same parent is a branch (regenerate, edited prompt). `follows`: if others have asked after `parent`
    meanwhile, the wish goes on after what they asked for (without a parent: after the conversation's newest answer),
    and is no branch. `artifact` starts a conversation that goes on from that artifact's latest version, or from its
    `version` of that number; from a remix of it, if it is somebody else's. `images` are `data:` URLs (PNG, JPEG, WebP,
    GIF). `places` are what the wish points at, in the order of their numbers.
    """

    prompt: Words = Field(min_length=1, max_length=100_000, pattern=r"\S")
    conversation: Words | None = None
    parent: Words | None = None
    follows: bool = False
    artifact: Words | None = None
    version: int | None = Field(default=None, ge=1)
    images: list[str] = Field(default_factory=list, max_length=8)
    places: list[Place] = Field(default_factory=list, max_length=8)
    sampling: Sampling = Sampling()


class RunRequest(Wish):
    """Body of `POST /api/runs`.

    `continues` is a run that was cut: this one takes its wish and place, and begins with what it had received.
    """

    model: int | str | None = None  # a ModelInfo id, or its model_id or name
    kind: Literal["chat"] = "chat"
    continues: Words | None = None


class BuildRequest(Wish):
    """Body of `POST /api/runs` for a build. `checklist`: what the page has to do, as the person wants it.

    `places` and `sampling` but for `temperature` and `top_p` are of no use to it.
    """

    kind: Literal["build"]
    model: int | str | None = None
    checklist: list[Requirement] = Field(default_factory=list, max_length=30)
    engine: EngineName = "playground"
    limits: LimitsWish = LimitsWish()
