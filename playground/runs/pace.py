"""How often a process passes on what its models write: as often as looks smooth, as far as it can afford that."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from math import floor

SHORTEST, LONGEST = 0.03, 0.12  # seconds between two writes of one run
WRITES = 1650  # a second, in one process
BEATS = 4  # in an interval


type Beat = tuple[asyncio.AbstractEventLoop, float]  # and its time


class Pace:
    """With few answers each is passed on every 30 ms, with many less often: so the cost is bounded by time, whatever
    the models' speed. `interval` and `beat` are seconds.
    """

    def __init__(self) -> None:
        self._answers = 0
        self._resting: dict[Beat, list[asyncio.Future[None]]] = {}
        self._set()

    def _set(self) -> None:
        self.interval = min(LONGEST, max(SHORTEST, self._answers / WRITES))  # to rest, at most, after words came
        self.beat = self.interval / BEATS  # what is published within one goes together

    async def rest(self) -> None:
        """Until the last beat of the interval: answers that end their rest together are read and published together,
        where each alone would have the loop go round.
        """
        await self._last_within(self.interval)

    async def rest_a_beat(self) -> None:
        """Until the middle of the next one: what is read on the beat is there by then."""
        await self._last_within(self.beat, shift=self.beat / 2)

    async def _last_within(self, seconds: float, shift: float = 0) -> None:
        """The last beat that comes within so many seconds, or so much after a beat."""
        loop, beat = asyncio.get_running_loop(), self.beat
        end = loop, floor((loop.time() + seconds - shift) / beat) * beat + shift
        if (waiters := self._resting.get(end)) is None:
            waiters = self._resting[end] = []
            loop.call_at(end[1], self._wake, end)
        waiter = loop.create_future()
        waiters.append(waiter)
        await waiter

    def _wake(self, beat: Beat) -> None:
        for waiter in self._resting.pop(beat):
            if not waiter.done():  # it was cancelled
                waiter.set_result(None)

    @contextmanager
    def joined(self) -> Iterator[None]:
        """One answer more, as long as it is written."""
        self._answers += 1
        self._set()
        try:
            yield
        finally:
            self._answers -= 1
            self._set()


pace = Pace()  # of this process
