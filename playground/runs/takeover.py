"""A run whose producer is gone goes on, in whatever process notices first, from the last frame of its log."""

import asyncio
import logging
from contextlib import suppress

from channels.db import database_sync_to_async
from django.utils.translation import gettext as _

from playground import background
from playground.logs import of_run
from playground.protocol import Problem, RunStarted
from playground.runs import log
from playground.runs.checkpoints import last_seq, load_answer
from playground.runs.handover import handover
from playground.runs.leases import MOST, claim
from playground.runs.lines import Line
from playground.runs.models import Run
from playground.runs.queue import carry, fail, go_on
from playground.runs.writer import LogWriter, Stretch

PATIENCE = 6.0  # seconds to wait for Redis; well within a lease
RETRY = 0.5

logger = logging.getLogger(__name__)


async def take_over(run_id: str) -> bool:
    """Claim the run, if its holder is gone, and go on with it in a task of its own."""
    if handover.is_draining:
        return False
    run = await database_sync_to_async(claim)(run_id)
    if run is None:
        return False
    background.spawn(resume(run), name=f"run {run.pk}")
    return True


async def resume(run: Run) -> None:
    """Go on with a run that has been claimed."""
    with of_run(run.pk):
        logger.info("run is taken over, for the %d. time", run.fence)
        await _resume(run)


async def _resume(run: Run) -> None:
    writer, text = await reopen_log(run)
    received = await database_sync_to_async(load_answer)(run.pk) + text
    if run.fence > MOST:
        await _give_up(run, writer)
        await go_on(run.conversation_id)
        return
    await carry(run, writer, received)


async def reopen_log(run: Run) -> tuple[LogWriter, str]:
    """The log of a run that has been claimed, and the model's words in it that are in no checkpoint yet."""
    saved = await database_sync_to_async(last_seq)(run.pk)
    unsaved = await _read_unsaved(run, saved)
    writer = LogWriter(
        run.pk, run.created_at, received=unsaved, last_seq=unsaved.lines[-1].seq if unsaved.lines else saved
    )
    writer.fence = run.fence
    if not saved and not unsaved.lines:
        writer.add(RunStarted(model=run.model_name))
    return writer, unsaved.text


async def _read_unsaved(run: Run, saved: int) -> Stretch:
    """What Redis has beyond the database, without a gap.

    A Redis that is slow, or is just being restarted, is waited for: what followers have seen must not be written
    differently.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await _read_log(run, saved)
                except log.RedisError as error:
                    logger.warning("Redis does not answer, the run waits for it: %s", error)
                    await asyncio.sleep(RETRY)
    return Stretch([])


async def _read_log(run: Run, saved: int) -> Stretch:
    await log.shut_out(run.pk, run.fence)  # before anything is read: a holder that was asleep may wake up any time
    lines: list[Line] = []
    while more := await log.read(run.pk, lines[-1].seq if lines else saved, wait=0):
        lines += more
    unbroken = log.unbroken(lines, saved)
    text = await log.read_text(run.pk, saved, saved + len(unbroken))
    if len(unbroken) < len(lines):  # what stands behind a gap is written anew
        await log.drop(run.pk)
    return Stretch(unbroken, text)


async def _give_up(run: Run, writer: LogWriter) -> None:
    message = _("The server was interrupted while it wrote this answer. What was received is kept.")
    await fail(run, writer, Problem(code="interrupted", message=message, retryable=True))
