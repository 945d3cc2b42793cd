"""How often a process passes on what its models write: as often as looks smooth, as far as it can afford that."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from math import floor

SHORTEST, LONGEST = 0.03, 0.12  # seconds between two writes of one run
WRITES = 1700  # a second, in one process
BEATS = 6  # in an interval


type Beat = tuple[asyncio.AbstractEventLoop, float]  # and its time


class Pace:
    """With few answers each is passed on every 30 ms, with many less often: so the cost is bounded by time, whatever
    the models' speed.
    """

    def __init__(self) -> None:
        self._answers = 0
        self._resting: dict[Beat, list[asyncio.Future[None]]] = {}

    @property
    def interval(self) -> float:
        """Seconds to rest, at most, after what one model wrote was passed on."""
        return min(LONGEST, max(SHORTEST, self._answers / WRITES))

    @property
    def beat(self) -> float:
        """Seconds. What is published within one goes together."""
        return self.interval / BEATS

    async def rest(self) -> None:
        """Until the last beat of the interval: answers that end their rest together are read and published together,
        where each alone would have the loop go round.
        """
        await self._beat_after(self.interval)

    async def rest_a_beat(self) -> None:
        """Until the next one."""
        await self._beat_after(self.beat)

    async def _beat_after(self, seconds: float) -> None:
        """The last beat that comes within so many seconds."""
        loop, beat = asyncio.get_running_loop(), self.beat
        end = loop, floor((loop.time() + seconds) / beat) * beat
        if end not in self._resting:
            self._resting[end] = []
            loop.call_at(end[1], self._wake, end)
        waiter = loop.create_future()
        self._resting[end].append(waiter)
        await waiter

    def _wake(self, beat: Beat) -> None:
        for waiter in self._resting.pop(beat):
            if not waiter.done():  # it was cancelled
                waiter.set_result(None)

    @contextmanager
    def joined(self) -> Iterator[None]:
        """One answer more, as long as it is written."""
        self._answers += 1
        try:
            yield
        finally:
            self._answers -= 1


pace = Pace()  # of this process
