"""`follow`: every frame of a run, once, in order, from any point on; live while it goes, replayed when it is over."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from channels.db import database_sync_to_async

from playground import background
from playground.metrics import FOLLOWERS
from playground.protocol import Frame
from playground.runs import log
from playground.runs.checkpoints import last_seq, load_frames
from playground.runs.lines import Line, lines_of
from playground.runs.models import Run
from playground.runs.pace import pace
from playground.runs.tails import Tail, joined
from playground.runs.takeover import take_over

WAIT = 5.0  # seconds to wait in Redis before looking whether the run still goes
RECOVER = 1.0  # seconds between looks at the database while Redis does not answer

logger = logging.getLogger(__name__)


async def follow(run: str, after: int = 0) -> AsyncGenerator[Frame]:
    """`follow_lines`, read: each frame by itself."""
    async with aclosing(follow_lines(run, after)) as batches:
        async for lines in batches:
            for line in lines:
                yield line.frame


async def follow_lines(run: str, after: int = 0) -> AsyncGenerator[list[Line]]:
    """What came together; and an empty list every few seconds in which nothing came.

    Ends after the run's last frame, and at once where the caller has that one already. The caller has checked that
    this person may see the run.

    The stream in Redis is the live source; the database fills what it lacks (expired, flushed, out of reach), where a
    frame appears with its checkpoint, at most two seconds later. Who falls behind the tail of the process catches up
    from there, alone, and all at once.
    """
    with FOLLOWERS.track_inprogress(), joined(run, after) as tail:
        if not tail.reader:
            tail.reader = background.spawn(_read(tail), name=f"tail {run}")
        while not (tail.is_over and after >= tail.seq):
            lines = await _wait_for_lines(tail, after)
            yield lines
            if lines:
                after = lines[-1].seq
                if lines[-1].is_last:
                    return
        if tail.error:
            raise tail.error


async def _wait_for_lines(tail: Tail, after: int) -> list[Line]:
    lines = tail.since(after)
    if lines is None:
        return await _next_lines(tail.run, after, wait=0)
    if not lines:
        await tail.changed()
        return tail.since(after) or []
    return lines


async def _read(tail: Tail) -> None:
    """Keep the tail up to date, until the run is over; one whose producer is gone is taken over."""
    try:
        await take_over(tail.run)
        is_silent = tail.seq > 0
        while not tail.is_over:
            if is_silent and await _is_over(tail.run, tail.seq):
                tail.end()
                return
            if tail.is_fed:
                is_silent = not await tail.fed(WAIT)
                tail.is_fed = tail.is_fed and not is_silent
            else:
                lines = await _next_lines(tail.run, tail.seq, wait=WAIT)
                tail.put(lines)
                is_silent = not lines
                await pace.rest()
            if is_silent:
                tail.wake()  # a heartbeat
    except Exception as error:
        tail.end(error)


async def _is_over(run: str, after: int) -> bool:
    """Whether the run has ended and nothing comes after `after`; one whose producer is gone is taken over.

    Raises Run.DoesNotExist where it was deleted.
    """
    row = await Run.objects.only("status").aget(pk=run)
    if not row.is_over:
        await take_over(run)
        return False
    return await database_sync_to_async(last_seq)(run) <= after


async def _next_lines(run: str, after: int, wait: float) -> list[Line]:
    """The next lines without a gap; empty when nothing came for a while."""
    try:
        lines = await log.read(run, after, wait=0)
        is_live = not lines and wait > 0 and await log.exists(run)
        if is_live:
            lines = await log.read(run, after, wait=wait)
    except log.RedisError:
        logger.warning("run %s: Redis does not answer, following the database", run)
        is_live, lines = False, []
    return log.unbroken(lines, after) or await _recover(run, after, patient=is_live and not lines)


async def _recover(run: str, after: int, *, patient: bool) -> list[Line]:
    """What the database has. `patient`: the stream is there and merely silent, so there is no need to pause."""
    lines = lines_of(await database_sync_to_async(load_frames)(run, after))
    if not lines and not patient:
        await asyncio.sleep(RECOVER)
    return lines
