"""One slice of a build: from the claim until it is over, pauses, or gives way."""

import asyncio
import contextlib
import logging
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from channels.db import database_sync_to_async
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from agents.engines.choice import engine_for
from agents.events import End, Event, Finished, Paused
from agents.host import Means
from playground.builds import leases, publishing
from playground.builds.host import DatabaseHost, Lost, Turn
from playground.builds.means import describe_means, find_means, first_event
from playground.builds.models import Build
from playground.builds.wording import ending
from playground.errors import PlaygroundError
from playground.gateway.services import provider_for
from playground.logs import of_run
from playground.protocol import Problem
from playground.runs.conclusion import internal_error
from playground.runs.patience import UNREACHABLE, patiently
from playground.runs.switchboard import announce
from playground.runs.takeover import reopen_log
from playground.runs.writer import LogWriter, Stretch

MOST_CLAIMS = 6  # without anything in the journal: what ends each of its workers must not end them all
PAUSE = 15.0  # seconds until a model that cannot be reached is asked again; doubled each time …
LONGEST_PAUSE = 600.0
MOST_PAUSES = 12  # … and so often

_FOLDER = "playground-build-"
_OLD = 86_400  # seconds

type IsWanted = Callable[[], bool]

logger = logging.getLogger(__name__)


async def work_on(build: Build, is_draining: IsWanted) -> None:
    """A build that has just been claimed. Returns when it is no longer ours."""
    with of_run(build.pk):
        logger.info("build: slice begins, fence %d", build.run.fence)
        writer, _text = await reopen_log(build.run)
        try:
            last = await _work(build, writer, is_draining)
        except Lost:
            logger.info("build: somebody else has it")
            await database_sync_to_async(publishing.settle_deleted)(build)
            return
        except UNREACHABLE as error:  # whoever is first when the database is back goes on
            logger.warning("build: the database does not answer: %s", error)
            return
        except PlaygroundError as error:
            last = await database_sync_to_async(publishing.fail)(build, writer, error.problem())
        except Exception:
            logger.exception("build failed")
            last = await database_sync_to_async(publishing.fail)(build, writer, internal_error())
        await writer.publish(last)


async def _work(build: Build, writer: LogWriter, is_draining: IsWanted) -> Stretch:
    """The last frames; none where it is not over yet."""
    await database_sync_to_async(announce)(build.run.conversation_id)
    journal = await database_sync_to_async(build.read_journal)()
    if journal and isinstance(journal[-1], Finished):
        return await database_sync_to_async(publishing.conclude)(build, writer, journal)
    if build.run.model is None:
        message = _("The model “%(name)s” is no longer there.") % {"name": build.run.model_name}
        raise PlaygroundError("model_missing", message)
    if build.claims > MOST_CLAIMS:
        problem = Problem(code="crash_loop", message=ending("crash_loop", ""), retryable=True)
        return await database_sync_to_async(publishing.fail)(build, writer, problem)
    turn = Turn(build, is_draining)
    host = DatabaseHost(build, journal, writer, turn)
    if build.pauses > MOST_PAUSES:
        host.give_up()
    async with host.alive():
        if not journal:
            await _begin(build, host, journal)
        end = await _run(build, journal, host)
    if isinstance(end, Paused):
        await patiently(_pause, build, end)
        return Stretch([])
    journal = await patiently(build.read_journal)
    return await patiently(publishing.conclude, build, writer, journal)


async def _begin(build: Build, host: DatabaseHost, journal: list[Event]) -> None:
    began = await database_sync_to_async(first_event)(build)
    await host.journal(began)
    journal.append(began)


async def _run(build: Build, journal: list[Event], host: DatabaseHost) -> End:
    assert build.run.model
    means = Means(provider_for(build.run.model))
    if not (await host.read_orders()).stop:  # else it ends before it needs anything
        build.means = await asyncio.to_thread(describe_means)
        await Build.objects.filter(pk=build.pk).aupdate(means=build.means)
        means = await find_means(build.run)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    try:
        return await engine_for(journal, means, host, folder).run()
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def sweep_folders() -> None:
    """What processes that were killed have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _OLD:
                shutil.rmtree(folder, ignore_errors=True)


def _pause(build: Build, paused: Paused) -> None:
    """Until others had their turn, or the model may be there again."""
    if paused.reason == "model":
        wait = paused.wait or min(PAUSE * 2.0**build.pauses, LONGEST_PAUSE)
        ours = Build.objects.filter(pk=build.pk, run__fence=build.run.fence)
        ours.update(resumes_at=Now() + timedelta(seconds=wait), pauses=build.pauses + 1)
    leases.release(build.run)
    announce(build.run.conversation_id)
