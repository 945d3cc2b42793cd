"""What a process does for the answers that it writes, for all together: it publishes what came, looks for cancels, and
checkpoints.

One command for all that has come, one question, and one transaction for all that are due: what each did for itself,
with two hundred answers at once, kept the one thread of the database busier than the answers kept the loop.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from playground import background
from playground.runs import conclusion, log
from playground.runs.models import Run
from playground.runs.pace import pace
from playground.runs.patience import UNREACHABLE
from playground.runs.writer import LogWriter, publish

LOOK = 0.25  # seconds between rounds
CHECKPOINT = 2.0  # seconds between checkpoints of one answer

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Written:
    """An answer that is being written. `receiving` is cancelled when that is wanted, or somebody else has the run.

    The first checkpoint comes sooner than the others: answers that began together are not to be saved together.
    """

    run: Run
    writer: LogWriter
    receiving: asyncio.Task[object]
    due: float = field(default_factory=lambda: asyncio.get_running_loop().time() + random.uniform(0, CHECKPOINT))


class Rounds:
    """Of one loop; each kind of round goes on as long as there are answers, and neither waits for the other."""

    def __init__(self) -> None:
        self._written: set[Written] = set()
        self._fresh: set[Written] = set()  # of these, with something to be published
        self._news = asyncio.Event()
        self._publishing = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def joined(self, written: Written) -> AsyncIterator[None]:
        """At the end nothing of it is under way: what could not be saved is with the writer again."""
        self._written.add(written)
        written.writer.wake = partial(self._note, written)
        self._note(written)  # something may be pending already
        self._begin()
        try:
            yield
        finally:
            written.writer.wake = None
            self._written.discard(written)
            self._fresh.discard(written)
            self._news.set()  # nobody waits for what will not come
            async with self._publishing, self._saving:
                pass

    def _note(self, written: Written) -> None:
        self._fresh.add(written)
        self._news.set()

    def _begin(self) -> None:
        works = {"publishes": self._publish, "looks for cancels": self._look, "checkpoints": self._checkpoint}
        for name, work in works.items():
            if name not in self._tasks or self._tasks[name].done():  # one may have ended before the other looked
                self._tasks[name] = background.spawn(self._go_on(work), name=name)

    async def _go_on(self, work: Callable[[], Awaitable[None]]) -> None:
        while self._written:
            try:
                await work()
            except Exception:
                logger.exception("a round failed")
                await asyncio.sleep(LOOK)

    async def _publish(self) -> None:
        await self._news.wait()
        self._news.clear()
        async with self._publishing:
            fresh, self._fresh = self._fresh, set()
            await publish({each.writer: each.writer.number() for each in fresh})
        for each in fresh:
            if each.writer.is_fenced:
                each.receiving.cancel()
        await pace.rest_a_beat()

    async def _look(self) -> None:
        asked = {written.run.pk: written for written in self._written}
        try:
            cancelled = await log.find_cancelled(list(asked))
        except log.RedisError:
            cancelled = await database_sync_to_async(conclusion.find_cancelled)(list(asked))
        for run in cancelled:
            asked[run].receiving.cancel()
        await asyncio.sleep(LOOK)

    async def _checkpoint(self) -> None:
        now = asyncio.get_running_loop().time()
        due = [written for written in self._written if written.due <= now]
        if due:
            async with self._saving:
                await save(due)
            for written in due:
                written.due = asyncio.get_running_loop().time() + CHECKPOINT
        await asyncio.sleep(LOOK)


async def save(written: Sequence[Written]) -> None:
    """Checkpoint these now. While the database is away, what is not saved waits."""
    stretches = [(each.run, each.writer.take_unsaved()) for each in written]
    try:
        lost = await database_sync_to_async(conclusion.checkpoint)(stretches)
    except UNREACHABLE as error:
        logger.warning("the database does not answer: %s", error)
        for each, (_run, stretch) in zip(written, stretches, strict=True):
            each.writer.unsaved.insert(0, stretch)
        return
    for each, (run, stretch) in zip(written, stretches, strict=True):
        if run.pk in lost:
            each.receiving.cancel()
        elif stretch.lines:
            each.writer.mark_saved(stretch.lines[-1].seq)


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, Rounds] = WeakKeyDictionary()


def rounds() -> Rounds:
    """Of the running loop."""
    return _rounds.setdefault(asyncio.get_running_loop(), Rounds())
