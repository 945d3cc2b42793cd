"""The ASGI application: `POST /v1/chat/completions` and `GET /v1/models`, in the form of the OpenAI API."""

import asyncio
import json
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playground.reel.clips import find_clip, language_of
from playground.reel.excuse import compose_excuse
from playground.reel.pace import play, split_tokens

MODEL = "demo-reel"
SPEED = float(os.environ.get("PLAYGROUND_REEL_SPEED") or 150)  # tokens per second; 0: as fast as possible

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    wish: str
    streams: bool
    wants_usage: bool
    max_tokens: int | None


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    try:
        await _answer(scope, receive, send)
    except Refusal as refusal:
        await _send_json(send, {"error": {"message": str(refusal), "code": refusal.status}}, refusal.status)


async def _answer(scope: Message, receive: Receive, send: Send) -> None:
    match scope["method"], scope["path"]:
        case "GET", "/v1/models":
            model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "playground"}
            await _send_json(send, {"object": "list", "data": [model]})
        case "POST", "/v1/chat/completions":
            await _complete(_read_request(await _read_body(receive)), receive, send)
        case _, "/v1/models" | "/v1/chat/completions":
            raise Refusal(405, "This method is not possible here.")
        case _:
            raise Refusal(404, "There is nothing here. The address of this server ends in /v1.")


async def _complete(asked: Asked, receive: Receive, send: Send) -> None:
    clip = find_clip(asked.wish)
    language = language_of(asked.wish)
    tokens = split_tokens(clip.answer(language) if clip else compose_excuse(asked.wish, language))
    kept = tokens[: asked.max_tokens]
    reason = "stop" if len(kept) == len(tokens) else "length"
    usage = {"prompt_tokens": len(split_tokens(asked.wish)), "completion_tokens": len(kept)}
    usage["total_tokens"] = sum(usage.values())
    if asked.streams:
        await _stream(kept, reason, usage if asked.wants_usage else None, receive, send)
        return
    choice = {"index": 0, "message": {"role": "assistant", "content": "".join(kept)}, "finish_reason": reason}
    await _send_json(send, {**_envelope("chat.completion"), "choices": [choice], "usage": usage})


async def _stream(tokens: list[str], reason: str, usage: dict[str, int] | None, receive: Receive, send: Send) -> None:
    """Ends at once when the client goes away."""
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async with asyncio.TaskGroup() as group:
        playing = group.create_task(_play(tokens, reason, usage, send))
        watching = group.create_task(_watch(receive, playing))
        with suppress(asyncio.CancelledError):
            await playing
        watching.cancel()


async def _play(tokens: list[str], reason: str, usage: dict[str, int] | None, send: Send) -> None:
    async for event in _events(tokens, reason, usage):
        await send({"type": "http.response.body", "body": f"data: {event}\n\n".encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _events(tokens: list[str], reason: str, usage: dict[str, int] | None) -> AsyncIterator[str]:
    envelope = _envelope("chat.completion.chunk")

    def chunk(delta: dict[str, str], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return json.dumps({**envelope, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    async for text in play(tokens, SPEED):
        yield chunk({"content": text})
    yield chunk({}, reason)
    if usage:
        yield json.dumps({**envelope, "choices": [], "usage": usage})
    yield "[DONE]"


async def _watch(receive: Receive, playing: asyncio.Task[None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    playing.cancel()


def _envelope(kind: str) -> dict[str, object]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


async def _read_body(receive: Receive) -> bytes:
    body: list[bytes] = []
    while True:
        message = await receive()
        body.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(body)


def _read_request(body: bytes) -> Asked:
    try:
        request = json.loads(body)
        wishes = [message for message in request["messages"] if message["role"] == "user"]
        return Asked(
            wish=_text(wishes[-1]["content"]),
            streams=bool(request.get("stream")),
            wants_usage=bool((request.get("stream_options") or {}).get("include_usage")),
            max_tokens=request.get("max_tokens"),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Refusal(400, "The request must be JSON with `messages`, one of them from the user.") from error


def _text(content: object) -> str:
    """A message's text, which may come in parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return " ".join(part.get("text", "") for part in content if part.get("type") == "text")
    raise TypeError("content is neither text nor parts")


async def _send_json(send: Send, value: object, status: int = 200) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(value).encode()})
