"""The OpenAI protocol as an engine speaks it: what it asks, and how it is answered. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from agents.events import Answered
from agents.llm.answers import Answer
from agents.llm.types import ChatRequest, Image, Message, Tool, ToolCall


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Image(_Read):
    url: str


class _Part(_Read):
    type: str
    text: str = ""
    image_url: _Image | None = None


class _Function(_Read):
    name: str
    arguments: str = "{}"


class _Call(_Read):
    id: str
    function: _Function


class _Message(_Read):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[_Part] | None = None
    tool_calls: list[_Call] | None = None
    tool_call_id: str | None = None


class _Declaration(_Read):
    name: str
    description: str = ""
    parameters: dict[str, Any] = {}


class _Tool(_Read):
    function: _Declaration


class Body(_Read):
    messages: list[_Message]
    tools: list[_Tool] | None = None
    stream: bool = False

    @property
    def request(self) -> ChatRequest:
        """Without a model and limits: those are not the engine's to choose."""
        declared = [tool.function for tool in self.tools or []]
        tools = tuple(Tool(tool.name, tool.description, tool.parameters) for tool in declared)
        return ChatRequest(model="", messages=tuple(map(_message, self.messages)), max_tokens=0, tools=tools)


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    message: str

    def json(self) -> str:
        return json.dumps({"error": {"message": self.message, "code": str(self.status)}})


@dataclass(frozen=True, slots=True)
class Reply:
    """`answered` is the same answer as it is kept: with ids of its calls, and counted tokens."""

    answer: Answer
    answered: Answered

    @property
    def _finish(self) -> str:
        if self.answered.calls:
            return "tool_calls"
        return "length" if self.answered.is_cut else "stop"

    @property
    def _message(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.answer.text}
        if self.answer.reasoning:
            message["reasoning_content"] = self.answer.reasoning
        if self.answered.calls:
            message["tool_calls"] = [
                # A call that must not run comes without arguments, for which the engine refuses it.
                {
                    "index": index,
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
                }
                for index, call in enumerate(self.answered.calls)
            ]
        return message

    @property
    def _usage(self) -> dict[str, int]:
        tokens = self.answered.tokens
        total = tokens.input + tokens.output
        return {"prompt_tokens": tokens.input, "completion_tokens": tokens.output, "total_tokens": total}

    def json(self) -> str:
        choice = {"index": 0, "message": self._message, "finish_reason": self._finish}
        return json.dumps({**_envelope("chat.completion"), "choices": [choice], "usage": self._usage})

    def events(self) -> Iterator[str]:
        chunk = _envelope("chat.completion.chunk")
        choices = [
            {"index": 0, "delta": self._message, "finish_reason": None},
            {"index": 0, "delta": {}, "finish_reason": self._finish},
        ]
        for choice in choices:
            yield json.dumps({**chunk, "choices": [choice]})
        yield json.dumps({**chunk, "choices": [], "usage": self._usage})
        yield "[DONE]"


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": "answer", "object": kind, "created": 0, "model": "model"}


def _message(message: _Message) -> Message:
    parts = [_Part(type="text", text=message.content)] if isinstance(message.content, str) else message.content or []
    calls = [ToolCall(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or []]
    return Message(
        role="system" if message.role == "developer" else message.role,
        text="\n".join(_texts(parts, has_pictures=message.role == "user")),
        images=tuple(Image(part.image_url.url) for part in parts if part.image_url and message.role == "user"),
        calls=tuple(calls),
        call_id=message.tool_call_id or "",
    )


def _texts(parts: Iterable[_Part], *, has_pictures: bool) -> Iterator[str]:
    """Only a user's message may hold pictures."""
    for part in parts:
        if part.text:
            yield part.text
        elif part.image_url and not has_pictures:
            yield "(a picture, which cannot be shown)"
