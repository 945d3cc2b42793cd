"""The newest lines of each run that is followed in this process: read once, for all who follow it here.

Where the run is written in this process too, its producer hands them over; else `following` reads them from Redis.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from weakref import WeakKeyDictionary

from playground.runs.lines import Line

WINDOW = 256 * 1024  # characters of JSON; who is further behind reads the log itself


class Tail:
    """The lines up to `seq`, as far as they are kept."""

    def __init__(self, run: str, seq: int) -> None:
        self.run = run
        self.seq = seq
        self.is_fed = False  # by a producer in this process
        self.is_over = False  # nothing comes any more
        self.error: Exception | None = None  # why, where it is no good end
        self.followers = 0
        self.reader: asyncio.Task[None] | None = None
        self._lines: deque[Line] = deque()
        self._size = 0
        self._waiters: list[asyncio.Future[None]] = []
        self._starved = asyncio.Event()

    def put(self, lines: Sequence[Line]) -> bool:
        """Go on with these. False where they leave a gap; what is there already counts once."""
        fresh = [line for line in lines if line.seq > self.seq]
        if not fresh:
            return True
        if fresh[0].seq != self.seq + 1:
            return False
        self._lines.extend(fresh)
        self._size += sum(len(line.json) for line in fresh)
        while self._size > WINDOW and len(self._lines) > len(fresh):
            self._size -= len(self._lines.popleft().json)
        self.seq = fresh[-1].seq
        if fresh[-1].is_last:
            self.is_over = True
            self._starved.set()
        self.wake()
        return True

    def end(self, error: Exception | None = None) -> None:
        self.is_over = True
        self.error = error
        self.wake()

    def since(self, after: int) -> list[Line] | None:
        """The lines after `after`; None where they reach back further than what is kept."""
        if after >= self.seq:
            return []
        if not self._lines or after + 1 < self._lines[0].seq:
            return None
        missing = self.seq - after
        return [self._lines[at] for at in range(len(self._lines) - missing, len(self._lines))]

    async def changed(self) -> None:
        """Wait for news, or for a heartbeat."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    def wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def fed(self, seconds: float) -> bool:
        """Wait as long as a producer in this process hands lines over. False where for so long none came."""
        seq = self.seq
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._starved.wait()
        return self.seq != seq

    def feed(self, lines: Sequence[Line]) -> None:
        """From a producer in this process."""
        self.is_fed = self.put(lines)
        (self._starved.clear if self.is_fed else self._starved.set)()

    def starve(self) -> None:
        """It has ended, or does not reach Redis."""
        self.is_fed = False
        self._starved.set()


type Tails = dict[str, Tail]
_tails: WeakKeyDictionary[asyncio.AbstractEventLoop, Tails] = WeakKeyDictionary()


@contextmanager
def joined(run: str, after: int) -> Iterator[Tail]:
    """The run's tail, as long as somebody follows it; a new one begins after `after`, and is to be read."""
    tails = _tails.setdefault(asyncio.get_running_loop(), {})
    tail = tails.get(run)
    if tail is None or tail.is_over:
        tail = tails[run] = Tail(run, after)
    tail.followers += 1
    try:
        yield tail
    finally:
        tail.followers -= 1
        if not tail.followers:
            if tail.reader:
                tail.reader.cancel()
            if tails.get(run) is tail:
                del tails[run]


def feed(run: str, lines: Sequence[Line]) -> None:
    """From the run's producer, once they are in Redis."""
    if tail := _tails.get(asyncio.get_running_loop(), {}).get(run):
        tail.feed(lines)


def starve(run: str) -> None:
    """The run's producer has ended, or does not reach Redis: look elsewhere."""
    if tail := _tails.get(asyncio.get_running_loop(), {}).get(run):
        tail.starve()
