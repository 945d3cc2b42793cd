"""A model server that answers as fast as it is told to: raw HTTP on asyncio, its chunks made beforehand."""

import asyncio
import json
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

MODEL = "bench"
_PROMPT = re.compile(rb"stream-(\d+)")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
_MODELS = json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "bench"}]}).encode()
_LONGEST = 0.25  # seconds that a stream may be late before its clock is set anew: the relay holds it back


@dataclass
class Stream:
    """One answer: when each of its tokens was handed to the system."""

    sent: list[float] = field(default_factory=list)
    asked: float = field(default_factory=time.monotonic)
    transport: asyncio.WriteTransport | None = None

    @property
    def is_over(self) -> bool:
        return self.transport is None or self.transport.is_closing()


class Upstream:
    """Endless answers of `tokens`, over and over, at `rate` tokens a second each, until `is_ending`."""

    def __init__(self, tokens: list[str]) -> None:
        self.rate = 30.0
        self.streams: dict[int, Stream] = {}
        self.is_ending = False
        self._held: list[Stream] | None = None
        self._chunks = [_frame(_chunk(token)) for token in tokens]
        self._end = _frame(_chunk("", "stop")) + _frame(b"data: [DONE]\n\n") + b"0\r\n\r\n"
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Returns the port."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def begin(self, number: int, transport: asyncio.WriteTransport) -> None:
        self.streams[number] = stream = Stream(transport=transport)
        transport.write(_HEAD)
        if self._held is None:
            self._begin(stream)
        else:
            self._held.append(stream)

    @contextmanager
    def held(self) -> Iterator[None]:
        """The answers that are asked for inside begin together, at the end: so many can join a server that is full."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for stream in held:
                self._begin(stream)

    def _begin(self, stream: Stream) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + random.random() / self.rate  # so that all of them do not write at the same moments
        loop.call_at(due, self._send, stream, loop, due)

    def _send(self, stream: Stream, loop: asyncio.AbstractEventLoop, due: float) -> None:
        if stream.is_over:
            return
        assert stream.transport
        if self.is_ending:
            stream.transport.write(self._end)
            stream.transport.close()
            return
        now = loop.time()
        if stream.transport.get_write_buffer_size() == 0:
            stream.sent.append(time.monotonic())
            stream.transport.write(self._chunks[(len(stream.sent) - 1) % len(self._chunks)])
        if now - due > _LONGEST:
            due = now
        due += 1 / self.rate
        loop.call_at(due, self._send, stream, loop, due)


class _Connection(asyncio.Protocol):
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is none by name

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        if not separator or (length and len(body) < int(length[1])):
            return
        self._received = b""
        if asked := _PROMPT.search(body):
            self._upstream.begin(int(asked[1]), self._transport)
        else:
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            self._transport.write(b"Content-Length: %d\r\n\r\n%s" % (len(_MODELS), _MODELS))


def _chunk(text: str, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "logprobs": None, "finish_reason": reason}
    chunk = {
        "id": "chatcmpl-0123456789abcdef0123456789abcdef",
        "object": "chat.completion.chunk",
        "created": 1790000000,
        "model": MODEL,
        "choices": [choice],
    }
    return f"data: {json.dumps(chunk, separators=(',', ':'))}\n\n".encode()


def _frame(chunk: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(chunk), chunk)
