"""`follow`: every frame of a run, once, in order, from any point on; live while it goes, replayed when it is over."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from channels.db import database_sync_to_async

from playground.metrics import FOLLOWERS
from playground.protocol import Frame
from playground.runs import log
from playground.runs.checkpoints import load_frames
from playground.runs.models import Run
from playground.runs.takeover import take_over

WAIT = 5.0  # seconds to wait in Redis before looking whether the run still goes
RECOVER = 1.0  # seconds between looks at the database while Redis does not answer

logger = logging.getLogger(__name__)


async def follow(run: str, after: int = 0) -> AsyncGenerator[Frame]:
    """Ends after the run's last frame, and at once where the caller has that one already. The caller has checked that
    this person may see the run.

    The stream in Redis is the live source; the database fills what it lacks (expired, flushed, out of reach), where a
    frame appears with its checkpoint, at most two seconds later.
    """
    async with aclosing(follow_awake(run, after)) as batches:
        async for frames in batches:
            for frame in frames:
                yield frame


async def follow_awake(run: str, after: int = 0) -> AsyncGenerator[list[Frame]]:
    """`follow`, with what came together; and an empty list every few seconds in which nothing came."""
    await take_over(run)
    is_silent = after > 0
    with FOLLOWERS.track_inprogress():
        while not (is_silent and await _is_over(run, after)):
            frames = await _next_frames(run, after)
            yield frames
            is_silent = not frames
            if frames:
                after = frames[-1].seq
                if frames[-1].is_last:
                    return


async def _is_over(run: str, after: int) -> bool:
    """Whether the run has ended and nothing comes after `after`; one whose producer is gone is taken over.

    Raises Run.DoesNotExist where it was deleted.
    """
    row = await Run.objects.only("status").aget(pk=run)
    if not row.is_over:
        await take_over(run)
        return False
    return not await database_sync_to_async(load_frames)(run, after)


async def _next_frames(run: str, after: int) -> list[Frame]:
    """The next frames without a gap; empty when nothing came for a while."""
    try:
        is_live = await log.exists(run)
        frames = await log.read(run, after, wait=WAIT) if is_live else []
    except log.RedisError:
        logger.warning("run %s: Redis does not answer, following the database", run)
        is_live, frames = False, []
    return log.unbroken(frames, after) or await _recover(run, after, patient=is_live and not frames)


async def _recover(run: str, after: int, *, patient: bool) -> list[Frame]:
    """What the database has. `patient`: the stream is there and merely silent, so there is no need to pause."""
    frames = await database_sync_to_async(load_frames)(run, after)
    if not frames and not patient:
        await asyncio.sleep(RECOVER)
    return frames
