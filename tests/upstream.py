"""A model server with every bad habit, over real HTTP. The model id of a request chooses the behaviour.

Written on bare sockets, so that it can be as broken as it likes.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.behaviours import ANSWER, BEHAVIOURS, Connection, Telling, unknown_model
from tests.serving import serve_in_thread


@dataclass(frozen=True, slots=True)
class Request:
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Upstream:
    port: int = 0
    delay: float = 0.0  # seconds between tokens
    hold: str | None = None  # no more tokens come for now, once this was written
    requests: list[Request] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    disconnects: int = 0
    owner: str = "somebody"  # of the models; servers name themselves here
    window: int | None = None  # tokens, as vLLM tells it
    turns: dict[str, list[str]] = field(default_factory=dict)  # answers that come one after the other
    answers: dict[str, str] = field(default_factory=lambda: {"good": ANSWER})

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator["Upstream"]:
        upstream = cls()
        server = await asyncio.start_server(upstream._serve, "127.0.0.1", 0)
        upstream.port = server.sockets[0].getsockname()[1]
        try:
            yield upstream
        finally:
            server.close()

    @classmethod
    @contextmanager
    def in_thread(cls) -> Iterator["Upstream"]:
        """Beside the tests' own event loops."""
        upstream = cls()
        with serve_in_thread(upstream._serve) as upstream.port:
            yield upstream

    @contextmanager
    def held(self, after: str = "") -> Iterator[None]:
        """No answer comes to its end inside: each waits behind `after`, or where it is once it has written that."""
        self.hold = after
        try:
            yield
        finally:
            self.hold = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            path, request = await _read_request(reader)
            connection = Connection(writer, request.body, self._rest)
            if path == "/v1/models":
                await connection.send_json({"object": "list", "data": [self._listed(name) for name in BEHAVIOURS]})
            elif path == "/v1/chat/completions":
                self.requests.append(request)
                connection.tellings = self.tellings
                connection.turn = sum(earlier.body.get("model") == connection.model for earlier in self.requests)
                await self._behave(connection, reader)
            else:
                await connection.send_json({"detail": "Not Found"}, "404 Not Found")
        writer.close()

    async def _rest(self, written: str) -> None:
        await asyncio.sleep(self.delay)
        while self.hold is not None and self.hold in written:  # noqa: ASYNC110 - told by another thread
            await asyncio.sleep(0.02)

    def _listed(self, name: str) -> dict[str, object]:
        return {"id": name, "object": "model", "owned_by": self.owner, "max_model_len": self.window}

    async def _behave(self, connection: Connection, reader: asyncio.StreamReader) -> None:
        """Ends at once when the client goes away."""
        behaviour = BEHAVIOURS.get(connection.model, unknown_model)
        connection.answer = self.answers.get(connection.model, ANSWER)
        if turns := self.turns.get(connection.model):
            connection.answer = turns.pop(0)
        async with asyncio.TaskGroup() as group:
            behaving = group.create_task(_is_heard(behaviour(connection)))
            gone = group.create_task(_wait_for_end(reader))
            await asyncio.wait({behaving, gone}, return_when=asyncio.FIRST_COMPLETED)
            self.disconnects += not (behaving.done() and behaving.result())
            behaving.cancel()
            gone.cancel()


async def _is_heard(behaving: Coroutine[None, None, None]) -> bool:
    """Writing to a client that has left may fail before its leaving is read."""
    try:
        await behaving
    except ConnectionError:
        return False
    return True


async def _wait_for_end(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        await reader.read()


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, Request]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return first.split()[1], Request(json.loads(body or b"{}"), headers)
