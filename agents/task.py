"""What a build is to do, and how much it may use. Plain values that the journal begins with."""

from typing import Literal

from pydantic import ConfigDict

from agents.browser.measurements import Value

type Engine = Literal["loop", "qwen"]


class Limits(Value):
    """Of one build. Tokens, seconds and cost are sums over all its calls and tools; waiting in a queue is free."""

    model_calls: int = 60
    tool_calls: int = 150
    seconds: float = 45 * 60
    input_tokens: int = 1_500_000
    output_tokens: int = 200_000
    checks: int = 12
    cost: float | None = None  # in the currency of the prices
    fix_rounds: int = 3  # for each gate of the check


class Prices(Value):
    """Of a million tokens."""

    input: float
    output: float


class Item(Value):
    """Of the plan. What a model adds to it is passed over."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    text: str
    status: Literal["todo", "doing", "done", "dropped"] = "todo"


class Task(Value):
    """`engine` is who works at it: our own loop, or a program that `agents.engines` knows.

    `files` are those of the version to go on from, each by the SHA-256 of its content; `plan`, what was planned.
    """

    prompt: str
    model: str
    engine: Engine = "loop"
    checklist: tuple[str, ...] = ()
    files: dict[str, str] = {}
    plan: tuple[Item, ...] = ()
    sees_images: bool = False
    window: int = 32_768  # tokens
    max_output: int = 8_192  # tokens of one answer
    temperature: float | None = None
    top_p: float | None = None
    limits: Limits = Limits()
    prices: Prices | None = None
