"""An HTTP proxy with the habits that people's networks have. One connection carries one request."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.serving import serve_in_thread

LIVE = ("/ws", "/api/events")  # what stays open while an answer is written


@dataclass
class Habits:
    """What it does beyond passing bytes on; seconds."""

    refuses_upgrades: bool = False
    buffers: bool = False  # a response leaves when it has ended
    idle: float = 0  # a connection on which nothing passes for so long is cut
    drops_within: float = 0  # a live connection breaks at a random time within so long


@dataclass
class Proxy:
    target: int = 0  # port on the loopback address
    port: int = 0
    habits: Habits = field(default_factory=Habits)
    opened: Counter[str] = field(default_factory=Counter)  # requests by path
    cut: Counter[str] = field(default_factory=Counter)  # of these, those that were cut or dropped
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    @classmethod
    @contextmanager
    def in_thread(cls) -> Iterator["Proxy"]:
        proxy = cls()
        with serve_in_thread(proxy._serve, "localhost") as proxy.port:
            yield proxy

    def behave(self, habits: Habits) -> None:
        """From the next connection on."""
        self.habits = habits
        self.opened.clear()
        self.cut.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].split(b"?")[0].decode()
            self.opened[path] += 1
            is_upgrade = b"\r\nupgrade:" in head.lower()
            if is_upgrade and self.habits.refuses_upgrades:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                if not is_upgrade:
                    head = re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head)[:-2] + b"Connection: close\r\n\r\n"
                await Tunnel(self, path, self.habits).carry(head, reader, writer)
        writer.close()


class Tunnel:
    def __init__(self, proxy: Proxy, path: str, habits: Habits) -> None:
        self.proxy = proxy
        self.path = path
        self.habits = habits
        self.moved = time.monotonic()

    async def carry(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the server has ended the response, or somebody hung up, or a habit comes in between."""
        upstream, onward = await asyncio.open_connection("127.0.0.1", self.proxy.target)
        onward.write(head)
        asking = asyncio.create_task(self._pump(reader, onward))  # noqa: TID251 (a thread without Django)
        answering = asyncio.create_task(self._pump(upstream, writer, holds_back=self.habits.buffers))  # noqa: TID251
        breaking = asyncio.create_task(self._break())  # noqa: TID251
        tasks = {asking, answering, breaking}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        if breaking.done() and not breaking.cancelled():
            self.proxy.cut[self.path] += 1
            writer.transport.abort()
        onward.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, holds_back: bool = False) -> None:
        held = b""
        with suppress(ConnectionError):
            while data := await source.read(65536):
                self.moved = time.monotonic()
                if holds_back:
                    held += data
                else:
                    sink.write(data)
                    await sink.drain()
            sink.write(held)
            await sink.drain()

    async def _break(self) -> None:
        if self.habits.drops_within and self.path in LIVE:
            await asyncio.sleep(self.proxy.chance.uniform(0.1, self.habits.drops_within))
            return
        while True:
            rest = self.moved + (self.habits.idle or 3600) - time.monotonic()
            if rest <= 0:
                return
            await asyncio.sleep(rest)
