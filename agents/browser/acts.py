"""What a person may do to a page, and what comes of it. Plain values."""

from typing import Literal

from pydantic import ConfigDict, Field

from agents.browser.measurements import Problem, Value


class Act(Value):
    """What a model adds to it is passed over."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    do: Literal["click", "double_click", "press", "hold", "type", "drag", "wheel", "wait"]
    target: str = Field("", description="The text on a control, a CSS selector, or x,y (of 1024 by 768).")
    value: str = Field("", description="The key, the text to type, where a drag ends, or how far to scroll.")
    ms: int = Field(0, ge=0, le=10_000, description="How long a key is held, or the time that “wait” lets pass.")


class Reaction(Value):
    """`changed` is the share of pixels, `idle` the same for as much time without the act. `text` is what the page says
    afterwards, where that has changed; `trouble` says why it could not be done."""

    act: Act
    changed: float = 0.0
    idle: float = 0.0
    text: str | None = None
    trouble: str = ""


class Encounter(Value):
    reactions: tuple[Reaction, ...]
    problems: tuple[Problem, ...] = ()
