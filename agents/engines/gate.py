"""The one way out for an engine: a model server at a unix socket, whose answers somebody else gives.

Who answers asks the real model, counts, and refuses. So there is no key here, and nothing is sent on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from pydantic import ValidationError

from agents.engines.wire import Body, Refusal, Reply
from agents.llm.types import ChatRequest

_JSON = "application/json"
_LONGEST = 64 * 1024 * 1024  # bytes of a question
_PATIENCE = 5.0  # seconds until an answer begins without being there, and between two signs of life then


@dataclass(frozen=True, slots=True)
class Question:
    request: ChatRequest
    reply: asyncio.Future[Reply | Refusal] = field(default_factory=asyncio.Future)

    def answer(self, reply: Reply | Refusal) -> None:
        """Nobody may wait for it any more."""
        if not self.reply.done():
            self.reply.set_result(reply)


@asynccontextmanager
async def open_gate(socket: Path, take: Callable[[Question], None]) -> AsyncIterator[None]:
    """Each question is given to `take`. Those that are open at the end are never answered."""

    async def ask(http: web.Request) -> web.StreamResponse:
        try:
            body = Body.model_validate_json(await http.read())
        except ValidationError as error:
            return _refuse(Refusal(400, f"This is no chat request: {error.errors()[0]['msg']}"))
        question = Question(body.request)
        take(question)
        try:
            return await (_stream(http, question) if body.stream else _send(question))
        finally:
            question.reply.cancel()

    app = web.Application(client_max_size=_LONGEST)
    app.router.add_post("/v1/chat/completions", ask)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.UnixSite(runner, str(socket)).start()
        yield
    finally:
        await runner.cleanup()


async def _send(question: Question) -> web.Response:
    reply = await question.reply
    return _refuse(reply) if isinstance(reply, Refusal) else web.Response(text=reply.json(), content_type=_JSON)


async def _stream(http: web.Request, question: Question) -> web.StreamResponse:
    """With a comment from time to time: clients take silence for a failure."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    while not (await asyncio.wait({question.reply}, timeout=_PATIENCE))[0]:
        if not response.prepared:
            await response.prepare(http)
        await response.write(b": waiting\n\n")
    reply = question.reply.result()
    if isinstance(reply, Refusal) and not response.prepared:
        return _refuse(reply)
    if not response.prepared:
        await response.prepare(http)
    for event in [reply.json()] if isinstance(reply, Refusal) else reply.events():
        await response.write(f"data: {event}\n\n".encode())
    await response.write_eof()
    return response


def _refuse(refusal: Refusal) -> web.Response:
    return web.Response(status=refusal.status, text=refusal.json(), content_type=_JSON)
