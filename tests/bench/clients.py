"""Browsers by the hundred: websockets that only read, as cheap as Python allows, on the loop of the bench."""

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

_TEXT, _PING, _PONG = 0x81, 0x89, 0x8A  # first bytes of whole frames
_MASK = bytes(4)  # a mask of zeros is allowed, and costs nothing


@dataclass
class Follower:
    """What a browser has got: when, and how much text in all was there then."""

    count: Callable[[str], int]  # the characters of text in a message
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    received: int = 0  # bytes
    messages: int = 0
    length: int = 0
    transport: asyncio.WriteTransport | None = None

    def take(self, message: bytes) -> None:
        self.received += len(message)
        self.messages += 1
        if more := self.count(message.decode()):
            self.length += more
            self.arrivals.append((time.monotonic(), self.length))


class _Socket(asyncio.Protocol):
    def __init__(self, follower: Follower, opened: asyncio.Future[None]) -> None:
        self._follower = follower
        self._opened = opened
        self._buffer = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is none by name

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("the websocket was closed before it opened"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._opened.done():
            head, separator, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not separator:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self._opened.set_exception(ConnectionError(head.decode(errors="replace")))
                return
            self._buffer = bytearray(rest)
            self._opened.set_result(None)
        while (message := self._next()) is not None:
            self._follower.take(message)

    def _next(self) -> bytes | None:
        """The next whole text message; servers here do not fragment. A ping is answered, or Daphne hangs up."""
        while len(self._buffer) >= 2:
            length, start = self._buffer[1], 2
            if length == 126:
                length, start = int.from_bytes(self._buffer[2:4]), 4
            elif length == 127:
                length, start = int.from_bytes(self._buffer[2:10]), 10
            if len(self._buffer) < start + length:
                return None
            kind = self._buffer[0]
            message = bytes(self._buffer[start : start + length])
            del self._buffer[: start + length]
            if kind == _TEXT:
                return message
            if kind == _PING and self._transport:
                self._transport.write(bytes([_PONG, 0x80 | length]) + _MASK + message)
        return None


async def follow(port: int, path: str, headers: dict[str, str], hello: str, follower: Follower) -> None:
    """Connect, say `hello`, and take what comes from then on."""
    loop = asyncio.get_running_loop()
    opened = loop.create_future()
    transport, _ = await loop.create_connection(lambda: _Socket(follower, opened), "127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    upgrade = {"Host": f"localhost:{port}", "Upgrade": "websocket", "Connection": "Upgrade"}
    upgrade |= {"Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13", "Origin": f"http://localhost:{port}"}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (upgrade | headers).items()), "", ""]
    transport.write("\r\n".join(lines).encode())
    await asyncio.wait_for(opened, 60)
    follower.transport = transport
    if hello:
        transport.write(_text_frame(hello.encode()))


def _text_frame(text: bytes) -> bytes:
    length = len(text)
    assert length < 65536
    size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + length.to_bytes(2)
    return bytes([_TEXT]) + size + _MASK + text


def count_bare(message: str) -> int:
    return len(json.loads(message).get("text", ""))
