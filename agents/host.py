"""What a build needs from whoever runs it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agents.engines.finding import Cli, Unavailable
from agents.events import Event
from agents.inspection import Inspector
from agents.llm.types import Provider


class Stop(StrEnum):
    """How a person wants it to end."""

    NOW = "now"  # the open step is thrown away
    AFTER_STEP = "after_step"
    KEEP_BEST = "keep_best"  # and the best files so far are published


@dataclass(frozen=True, slots=True)
class Message:
    """Written by a person while it runs."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Orders:
    """`messages` are all of this build, again and again; each is told once. `gives_way`: pause, for others wait."""

    stop: Stop | None = None
    gives_way: bool = False
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """More of what the model is writing. `tool` is empty for its words."""

    step: int
    tool: str
    text: str
    is_reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Working:
    """A sign of life. `what` is "model" or a tool's name; `seconds` since it began."""

    what: str
    seconds: float


type Progress = Writing | Working  # shown and forgotten


class Host(Protocol):
    async def journal(self, event: Event) -> None:
        """Keep it, for good, before anything follows from it. Raise where the build belongs to somebody else by now."""
        ...

    async def read_orders(self) -> Orders:
        """Asked for several times a second. Cheap, and never stale by more than a second."""
        ...

    def show(self, progress: Progress) -> None: ...

    async def keep(self, content: bytes) -> str:
        """The SHA-256, in hexadecimal, that `fetch` gives the content for from now on, in any process."""
        ...

    async def fetch(self, sha256: str) -> bytes: ...


type FindLibrary = Callable[[str, str], Awaitable[str]]
"""How a page uses a library, by name and version (empty: any): a sentence with its address. Raises LookupError."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a build works with. Without an inspector nothing is verified; without the others their tools are missing."""

    provider: Provider
    inspector: Inspector | None = None
    find_library: FindLibrary | None = None
    has_sandbox: bool = False  # for commands; see agents.sandbox.probe
    qwen: Cli | Unavailable | None = None  # see agents.engines.finding.find_qwen
