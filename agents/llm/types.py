"""Plain values, free of any vendor."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

type Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Image:
    url: str  # a `data:` URL


@dataclass(frozen=True, slots=True)
class Tool:
    """What a model may call. `parameters` is the JSON schema of its arguments, an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments` is JSON as the model wrote it: unchecked, perhaps cut off. `id` may be missing or there twice."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """An assistant's message may hold calls, whose arguments are whole JSON; a tool's answers the call `call_id`."""

    role: Role
    text: str
    images: tuple[Image, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """`max_tokens` is always sent: some servers go on for ever without it. None leaves the server's own default.

    `is_prefilled`: the last message is the beginning of the answer, and the server is to go on with it.
    """

    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    is_prefilled: bool = False
    tools: tuple[Tool, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The first part of every stream. `model` is what the server says it runs, else what was asked for."""

    model: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    text: str


@dataclass(frozen=True, slots=True)
class Calling:
    """More of a tool call that is coming in, to be shown. The call as a whole follows."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class TokenUsage:
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The last part of every good stream. "length": cut at the limit."""

    reason: Literal["stop", "length"]


type StreamPart = Answered | Text | Reasoning | Calling | ToolCall | TokenUsage | Finished


class Provider(Protocol):
    async def can_prefill(self) -> bool:
        """Whether a request with `is_prefilled` makes the server go on with its last message. Never raises."""
        ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart]:
        """Raises agents.errors.ProviderError. Closing the generator closes the connection."""
        ...
