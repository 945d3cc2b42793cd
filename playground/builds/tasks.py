"""Wake-ups. A message names no build: whoever gets one claims whose turn it is. One that is lost is sent again."""

import asyncio
import logging
import multiprocessing
from typing import Any

from billiard.exceptions import WorkerLostError
from celery import shared_task
from celery.signals import task_failure, worker_ready, worker_shutting_down
from django.conf import settings
from kombu.exceptions import KombuError
from redis import Redis

from playground.builds.leases import claim_next, find_waiting, release_lost
from playground.builds.means import note_means
from playground.builds.models import Build
from playground.builds.notices import send_notice
from playground.builds.working import sweep_folders, work_on
from playground.runs.models import Run
from playground.runs.tasks import resume_orphans

QUEUE = "builds"
REAP = 5.0  # seconds between two looks for builds that nobody was woken up for
_MOST = 8  # tokens of one look

# Set by a worker's main process, seen by its children.
_draining = multiprocessing.RawValue("b", 0)

logger = logging.getLogger(__name__)


def wake_worker() -> None:
    """At once or not at all: where the queue cannot be reached, the next look finds what waits."""
    send(work)


def send(task: Any, *arguments: object, **keywords: object) -> None:
    try:
        task.apply_async(arguments, keywords, retry=False)
    except KombuError as error:
        logger.warning("%s is not sent, the queue does not answer: %s", task.name, error)


@shared_task(bind=True)
def work(self: Any, lost: str = "") -> None:
    """A slice of the build whose turn it is. `lost`: the task whose process has died just now."""
    if lost:
        release_lost(lost)
    if is_draining():
        return
    build = claim_next(self.request.id)
    if build is None:
        return
    asyncio.run(work_on(build, is_draining))
    _go_on(build)


def _go_on(build: Build) -> None:
    if not Run.objects.open().filter(pk=build.pk).exists():
        send(resume_orphans)  # what waits in the conversation
        send(notify, build.pk)
    if find_waiting().exists():
        wake_worker()


@shared_task
def reap() -> None:
    """Where all workers are busy, no more than a few tokens lie about."""
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        there = broker.llen(QUEUE)
    for _ in range(min(find_waiting().count(), _MOST - int(there))):
        work.apply_async(retry=False, expires=2 * REAP)


@shared_task
def notify(run_id: str) -> None:
    send_notice(run_id)


def is_draining() -> bool:
    return bool(_draining.value)


@worker_shutting_down.connect(weak=False)
def drain(**kwargs: object) -> None:
    """Builds stop at their next step's end, and somebody else goes on with them."""
    _draining.value = 1


@worker_ready.connect(weak=False)
def tell_means(sender: Any = None, **kwargs: object) -> None:
    """What this worker can do, if it works at builds."""
    if QUEUE in sender.app.amqp.queues.consume_from:
        note_means()
        sweep_folders()


@task_failure.connect(weak=False)
def replace_lost(sender: Any = None, task_id: str = "", exception: object = None, **kwargs: object) -> None:
    """The process that worked at a build was killed: in the worker's main process, which is told at once."""
    if isinstance(exception, WorkerLostError) and sender is not None and sender.name == work.name:
        send(work, lost=task_id)
