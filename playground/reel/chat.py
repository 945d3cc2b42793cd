"""Requests and answers in the form of the OpenAI API, as far as the reel needs it."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field, PositiveInt, ValidationError, field_validator

from playground.reel.pace import split_tokens

MODEL = "demo-reel"
_ANCHOR = 20  # characters that tell whether two texts end alike


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def body(self) -> dict[str, Any]:
        return {"error": {"message": str(self), "type": "invalid_request_error", "param": None, "code": None}}


class Part(BaseModel):
    type: str
    text: str = ""


class Message(BaseModel):
    role: str
    content: str | list[Part] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    """What the reel reads of a request; everything else in it is left alone."""

    messages: list[Message] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: PositiveInt | None = None
    max_completion_tokens: PositiveInt | None = None

    @field_validator("messages")
    @classmethod
    def _has_wish(cls, messages: list[Message]) -> list[Message]:
        if all(message.role != "user" for message in messages):
            raise ValueError("one message must be from the user")
        return messages

    @property
    def wish(self) -> str:
        """What the last message asks for; the files that a follow-up shows come below a rule."""
        asked = next(message.text() for message in reversed(self.messages) if message.role == "user")
        return asked.partition("\n\n---\n\n")[0]

    @property
    def cut(self) -> str:
        """An answer that the last message asks to go on with, by ending as it does; else empty."""
        *_, given, asked = [Message(role="")] * 2 + self.messages
        ending = asked.text()[-_ANCHOR:]
        return given.text() if given.role == "assistant" and ending and given.text().endswith(ending) else ""

    @property
    def limit(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage


@dataclass(frozen=True, slots=True)
class Answer:
    tokens: Sequence[str]
    reason: Literal["stop", "length"]
    usage: dict[str, int]

    @classmethod
    def to(cls, request: ChatRequest, text: str) -> "Answer":
        tokens = split_tokens(text)
        kept = tokens[: request.limit]
        prompt = sum(len(split_tokens(message.text())) for message in request.messages)
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": len(kept),
            "total_tokens": prompt + len(kept),
        }
        return cls(kept, "stop" if len(kept) == len(tokens) else "length", usage)


def read_request(body: bytes) -> ChatRequest:
    try:
        return ChatRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise Refusal(400, f"This is no chat request: {where}: {first['msg']}") from None


def completion(answer: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(answer.tokens)}
    choice = {"index": 0, "message": message, "finish_reason": answer.reason}
    return {**_envelope("chat.completion"), "choices": [choice], "usage": answer.usage}


class Chunks:
    """The chunks of one streamed answer: they share an id."""

    def __init__(self) -> None:
        self._envelope = _envelope("chat.completion.chunk")

    def delta(self, delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
        return {**self._envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    def usage(self, usage: dict[str, int]) -> dict[str, Any]:
        return {**self._envelope, "choices": [], "usage": usage}


def models() -> dict[str, Any]:
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "playground"}]}


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}
