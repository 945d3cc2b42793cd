"""Answers relayed to browsers: ours beside a bare Channels relay, in the same run, against the same fast model."""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from playground.artifacts.extraction import Extractor
from tests.bench.clients import Follower, count_bare, follow
from tests.bench.playgrounds import Playground, Server
from tests.bench.upstream import Upstream

SETTLE = 6.0  # seconds until all streams flow evenly
WINDOW = 8.0  # seconds that are measured
PATIENT = 0.25  # seconds of delay (p99) up to which a node counts as keeping up
AT_ONCE = 50  # connections that are opened together
ENOUGH = 0.95  # of the models' pace
TRIES = 3  # to connect
STEP = 50  # streams, in the search for the most
_PAGE = Path(__file__).parents[2] / "playground" / "reel" / "clips" / "solar-system" / "index.html"
_TOKEN = 4  # characters: what models' tokens of HTML and JavaScript have on average


def tokens() -> list[str]:
    """An answer as models write it: a sentence, a page in a fence, a sentence."""
    text = f"Here is the page you asked for.\n\n```html\n{_PAGE.read_text().rstrip()}\n```\n\nIt runs as it is.\n\n"
    return [text[start : start + _TOKEN] for start in range(0, len(text), _TOKEN)]


class Told:
    """How many characters of text a browser has been sent once it has token N: all of them, or without the fences."""

    def __init__(self, is_extracted: bool) -> None:
        self._tokens = tokens()
        self._extractor = Extractor() if is_extracted else None
        self._lengths: list[int] = []

    def __getitem__(self, number: int) -> int:
        while number >= len(self._lengths):
            token = self._tokens[len(self._lengths) % len(self._tokens)]
            before = self._lengths[-1] if self._lengths else 0
            parts = self._extractor.feed(token) if self._extractor else []
            more = sum(len(getattr(part, "text", "")) for part in parts) if self._extractor else len(token)
            self._lengths.append(before + more)
        return self._lengths[number]


@dataclass
class Relay:
    """One of the two, and how a browser gets answer `number` from it."""

    name: str
    server: Server
    told: Told
    begin: Callable[[int, Follower], Awaitable[None]]
    count: Callable[[str], int]


@dataclass
class Figures:
    """Of one step. Delays in seconds, from the model's socket to the browser's."""

    streams: int
    rate: float
    delays: list[float]
    cpu: float  # seconds in the window
    tokens: int  # that came to their browsers in the window
    received: int  # bytes by all browsers in the window
    rss: int  # bytes, all processes
    redis: tuple[int, int] = (0, 0)  # bytes and commands in the window
    stored: float = 0  # bytes of log for each byte of text
    seconds: float = WINDOW

    @property
    def cpu_per_1000(self) -> float:
        return self.cpu / max(self.tokens, 1) * 1000

    @property
    def pace(self) -> float:
        """How much of what the models would write they could: a relay that is too slow holds them back."""
        return self.tokens / (self.streams * self.rate * self.seconds)

    @property
    def keeps_up(self) -> bool:
        return self.pace > ENOUGH and self.delay(99) < PATIENT

    def delay(self, percent: int) -> float:
        return statistics.quantiles(self.delays, n=100)[percent - 1] if len(self.delays) > 1 else float("inf")

    def __str__(self) -> str:
        p50, p95, p99 = (self.delay(percent) * 1000 for percent in (50, 95, 99))
        return (
            f"{self.streams:4} x {self.rate:3.0f}/s {self.pace:4.0%}  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms"
            f"   {self.cpu_per_1000 * 1000:6.0f} ms CPU per 1000 tokens   {self.cpu / self.seconds * 100:3.0f} % CPU"
            f"   {self.received / max(self.tokens, 1):5.0f} B/token"
        )


def bare_relay(server: Server) -> Relay:
    async def begin(number: int, follower: Follower) -> None:
        await follow(server.port, "/", {}, f"stream-{number}", follower)

    return Relay("bare", server, Told(is_extracted=False), begin, count_bare)


def our_relay(server: Playground, client: httpx2.AsyncClient) -> Relay:
    async def begin(number: int, follower: Follower) -> None:
        answer = await client.post(
            f"http://localhost:{server.port}/api/runs",
            json={"prompt": f"stream-{number}"},
            headers={"Authorization": f"Bearer {server.token}"},
        )
        answer.raise_for_status()
        hello = json.dumps({"type": "run.follow", "run": answer.json()["id"], "after": 0})
        await follow(server.port, "/ws", {"Cookie": server.cookie}, hello, follower)

    return Relay("playground", server, Told(is_extracted=True), begin, count_ours)


def count_ours(message: str) -> int:
    told = json.loads(message)
    events = [frame["event"] for frame in told.get("frames", [told]) if "event" in frame]
    return sum(len(event["text"]) for event in events if event["type"] in ("text.delta", "file.delta"))


@dataclass
class Session:
    """Streams that go on until the session ends; more can join."""

    relay: Relay
    upstream: Upstream
    followers: dict[int, Follower] = field(default_factory=dict)

    async def grow(self, streams: int) -> None:
        """A server that is too busy to take a connection in time is asked again, and then counts as full."""
        with self.upstream.held():
            for number in range(len(self.followers), streams):
                self.followers[number] = follower = Follower(self.relay.count)
                for _ in range(TRIES):
                    with suppress(ConnectionError, TimeoutError, httpx2.TransportError):
                        await self.relay.begin(number, follower)
                        break
            deadline = time.monotonic() + 30
            while len(self.upstream.streams) < streams and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def watch(self, seconds: float = WINDOW) -> Figures:
        server = self.relay.server
        before, start = server.use(), time.monotonic()
        received = sum(follower.received for follower in self.followers.values())
        redis = server.traffic() if isinstance(server, Playground) else (0, 0)
        await asyncio.sleep(seconds)
        after, end = server.use(), time.monotonic()
        traffic = server.traffic() if isinstance(server, Playground) else (0, 0)
        received = sum(follower.received for follower in self.followers.values()) - received
        await asyncio.sleep(0.5)  # what was sent at the end of the window arrives
        passages = [passage for number in self.followers for passage in self._passages(number)]
        now = time.monotonic()
        return Figures(
            streams=len(self.followers),
            rate=self.upstream.rate,
            delays=[max(0.0, min(arrived, now) - sent) for sent, arrived in passages if start <= sent < end],
            cpu=after.cpu - before.cpu,
            tokens=sum(start <= arrived < end for _sent, arrived in passages),
            received=received,
            rss=after.rss,
            seconds=end - start,
            redis=(traffic[0] - redis[0], traffic[1] - redis[1]),
        )

    def _passages(self, number: int) -> Iterator[tuple[float, float]]:
        """When each token left the model, and when it was with the browser; infinity, where it has not come yet."""
        stream = self.upstream.streams.get(number)
        if stream is None:
            return
        arrivals = iter(self.followers[number].arrivals)
        never = (float("inf"), 1 << 60)
        arrived, length = next(arrivals, never)
        for token, sent in enumerate(stream.sent):
            while length < self.relay.told[token]:
                arrived, length = next(arrivals, never)
            yield sent, arrived

    def text_bytes(self) -> int:
        return sum(self.relay.told[len(stream.sent) - 1] for stream in self.upstream.streams.values() if stream.sent)


@asynccontextmanager
async def session(relay: Relay, upstream: Upstream, rate: float) -> AsyncIterator[Session]:
    """At the end all answers end well, and the server has the time to save them."""
    upstream.rate, upstream.is_ending = rate, False
    upstream.streams.clear()
    own = Session(relay, upstream)
    try:
        yield own
    finally:
        upstream.is_ending = True
        await _wait_until_calm(relay.server)
        for follower in own.followers.values():
            if follower.transport:
                follower.transport.close()
        await _wait_until_calm(relay.server)


async def _wait_until_calm(server: Server) -> None:
    for _ in range(120):
        before = server.use().cpu
        await asyncio.sleep(1)
        if server.use().cpu - before < 0.1:
            return


async def idle_followers(server: Playground, client: httpx2.AsyncClient, upstream: Upstream, count: int) -> float:
    """Bytes that each of so many followers of one silent answer takes, in all processes of the server."""
    upstream.rate, upstream.is_ending = 0.01, False
    answer = await client.post(
        f"http://localhost:{server.port}/api/runs",
        json={"prompt": "stream-0"},
        headers={"Authorization": f"Bearer {server.token}"},
    )
    hello = json.dumps({"type": "run.follow", "run": answer.json()["id"], "after": 0, "tells": True})
    followers = [Follower(count_ours) for _ in range(count)]
    before = server.use().rss
    for start in range(0, count, AT_ONCE):
        together = followers[start : start + AT_ONCE]
        await asyncio.gather(
            *(follow(server.port, "/ws", {"Cookie": server.cookie}, hello, follower) for follower in together)
        )
    while not all(follower.messages for follower in followers):  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    taken = server.use().rss - before
    for follower in followers:
        if follower.transport:
            follower.transport.close()
    upstream.rate, upstream.is_ending = 30.0, True
    await _wait_until_calm(server)
    return taken / count


async def first_token(relay: Relay, upstream: Upstream, number: int) -> float:
    """Seconds that the relay adds to the time to the first token, at rest."""
    follower = Follower(relay.count)
    start = time.monotonic()
    await relay.begin(number, follower)
    while not follower.arrivals:  # noqa: ASYNC110  (nothing else tells)
        await asyncio.sleep(0.001)
    arrived, length = follower.arrivals[0]
    stream = upstream.streams[number]
    token = next(at for at in range(len(stream.sent)) if relay.told[at] >= length)
    return (arrived - stream.sent[token]) + (stream.asked - start)
