import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from agents.misbehaving.connection import Connection
from agents.misbehaving.repertoire import REPERTOIRE

_LONGEST = 64 * 1024 * 1024  # bytes of a request


class Misbehaving:
    """`pace` is the unit of its slowness, in seconds. `requests` are the bodies that it was sent."""

    def __init__(self, pace: float = 1.0) -> None:
        self.port = 0
        self.requests: list[dict[str, Any]] = []
        self._pace = pace
        self._counts: Counter[str] = Counter()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @asynccontextmanager
    async def running(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[asyncio.Server]:
        server = await asyncio.start_server(self.serve, host, port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield server
        finally:
            server.close()
            server.close_clients()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            path, body = await _read_request(reader)
            if path == "/v1/chat/completions":
                await self._answer(body, reader, writer)
            elif path == "/v1/models":
                await _list_models(Connection(writer, {}, self._pace, 0))
            else:
                await Connection(writer, {}, self._pace, 0).refuse("404 Not Found", "There is nothing here.")
        writer.close()

    async def _answer(self, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Ends at once when the client goes away."""
        self.requests.append(body)
        name = str(body.get("model"))
        conversation = _name_of(body)
        connection = Connection(writer, body, self._pace, self._counts[conversation])
        self._counts[conversation] += 1
        if name not in REPERTOIRE:
            await connection.refuse("404 Not Found", f"The model `{name}` does not exist.")
            return
        async with asyncio.TaskGroup() as group:
            answering = group.create_task(_suppress(REPERTOIRE[name].behave(connection)))
            leaving = group.create_task(_suppress(reader.read()))
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            answering.cancel()
            leaving.cancel()


async def _suppress(work: Any) -> None:
    with contextlib.suppress(ConnectionError):
        await work


async def _list_models(connection: Connection) -> None:
    await connection.send_head(kind="application/json")
    models = [{"id": name, "object": "model", "owned_by": "misbehave"} for name in REPERTOIRE]
    await connection.send(json.dumps({"object": "list", "data": models}))


def _name_of(body: dict[str, Any]) -> str:
    """A conversation is known by its model and its wish."""
    wishes = [message.get("content") for message in body.get("messages", []) if message.get("role") == "user"]
    return f"{body.get('model')}: {str(wishes[:1])[:40]}"


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, dict[str, Any]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", 0))
    if length > _LONGEST:
        raise ValueError("too long")
    body = json.loads(await reader.readexactly(length) or b"{}")
    return first.split()[1], body if isinstance(body, dict) else {}
