"""The ASGI application: `POST /v1/chat/completions` and `GET /v1/models`."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from playground.reel.chat import Answer, ChatRequest, Chunks, Refusal, completion, models, read_request
from playground.reel.clips import find_clip, find_rest, language_of
from playground.reel.excuse import compose_excuse
from playground.reel.pace import play, read_speed

SPEED = read_speed()

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    try:
        await _respond(scope, receive, send)
    except Refusal as refusal:
        await _send_json(send, refusal.body(), refusal.status)


async def _respond(scope: Message, receive: Receive, send: Send) -> None:
    match scope["method"], scope["path"]:
        case "GET", "/v1/models":
            await _send_json(send, models())
        case "POST", "/v1/chat/completions":
            await _complete(read_request(await _read_body(receive)), receive, send)
        case method, "/v1/models" | "/v1/chat/completions":
            raise Refusal(405, f"{method} is not possible here.")
        case _:
            raise Refusal(404, "There is nothing at this address. The base URL of this server ends in /v1.")


async def _complete(request: ChatRequest, receive: Receive, send: Send) -> None:
    answer = Answer.to(request, find_rest(request.cut) or compose_answer(request.wish))
    if request.stream:
        await _stream(_events(answer, request.wants_usage), receive, send)
    else:
        await _send_json(send, completion(answer))


def compose_answer(wish: str) -> str:
    clip, language = find_clip(wish), language_of(wish)
    return clip.answer(language) if clip else compose_excuse(wish, language)


async def _stream(events: AsyncIterator[str], receive: Receive, send: Send) -> None:
    """Send the events; stop at once when the client goes away."""
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_send_events(events, send)), group.create_task(_wait_for_departure(receive))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


async def _send_events(events: AsyncIterator[str], send: Send) -> None:
    async for event in events:
        await send({"type": "http.response.body", "body": f"data: {event}\n\n".encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait_for_departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _events(answer: Answer, wants_usage: bool) -> AsyncIterator[str]:
    chunks = Chunks()
    yield json.dumps(chunks.delta({"role": "assistant", "content": ""}))
    async for text in play(answer.tokens, SPEED):
        yield json.dumps(chunks.delta({"content": text}))
    yield json.dumps(chunks.delta({}, answer.reason))
    if wants_usage:
        yield json.dumps(chunks.usage(answer.usage))
    yield "[DONE]"


async def _read_body(receive: Receive) -> bytes:
    body: list[bytes] = []
    while True:
        message = await receive()
        body.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(body)


async def _send_json(send: Send, value: object, status: int = 200) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(value).encode()})
