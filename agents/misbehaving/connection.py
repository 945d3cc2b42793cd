"""One request, and the ways to answer it badly."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

USAGE = {"prompt_tokens": 1200, "completion_tokens": 340, "total_tokens": 1540}


@dataclass(frozen=True, slots=True)
class Call:
    """`arguments` is JSON, or what the model takes for it."""

    name: str
    arguments: str

    @classmethod
    def of(cls, name: str, **arguments: object) -> "Call":
        return cls(name, json.dumps(arguments))


@dataclass
class Connection:
    """`pace` is the unit of its slowness, in seconds. `earlier` requests were for the same conversation."""

    writer: asyncio.StreamWriter
    body: dict[str, Any]
    pace: float
    earlier: int

    @property
    def messages(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.body.get("messages") or []
        return messages

    @property
    def turn(self) -> int:
        """How often it has answered in this conversation, as far as it is told."""
        return sum(message.get("role") == "assistant" for message in self.messages)

    async def wait(self, units: float) -> None:
        await asyncio.sleep(units * self.pace)

    async def send(self, text: str) -> None:
        self.writer.write(text.encode())
        await self.writer.drain()

    async def send_head(self, status: str = "200 OK", kind: str = "text/event-stream", more: str = "") -> None:
        await self.send(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n")

    async def refuse(self, status: str, message: str, more: str = "") -> None:
        await self.send_head(status, "application/json", more)
        await self.send(json.dumps({"error": {"message": message}}))

    async def send_delta(self, finish: str | None = None, **delta: object) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "c", "object": "chat.completion.chunk", "model": self.body.get("model"), "choices": [choice]}
        await self.send(f"data: {json.dumps(chunk)}\n\n")

    async def send_call(self, **delta: object) -> None:
        """One piece of a call, in the protocol's form but for what is left out."""
        function = {name: delta.pop(name) for name in ("name", "arguments") if name in delta}
        await self.send_delta(tool_calls=[{**delta, "type": "function", "function": function}])

    async def end(self, finish: str = "stop", *, tells_usage: bool = True) -> None:
        await self.send_delta(finish)
        if tells_usage:
            await self.send(f"data: {json.dumps({'choices': [], 'usage': USAGE})}\n\n")
        await self.send("data: [DONE]\n\n")

    async def say(self, *pieces: str) -> None:
        await self.send_head()
        for piece in pieces:
            await self.send_delta(content=piece)
        await self.end()

    async def call(self, calls: Iterable[Call], text: str = "") -> None:
        """As a good server does."""
        await self.send_head()
        if text:
            await self.send_delta(content=text)
        for index, call in enumerate(calls):
            await self.send_call(index=index, id=f"call_{self.turn}_{index}", name=call.name, arguments="")
            for piece in _pieces(call.arguments, 200):
                await self.send_call(index=index, arguments=piece)
        await self.end("tool_calls")

    def abort(self) -> None:
        """As a server that is killed."""
        self.writer.transport.abort()


def _pieces(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]
