"""Tasks that outlive the request that started them. The only place that spawns asyncio tasks."""

import asyncio
import contextvars
import logging
from collections.abc import Coroutine

logger = logging.getLogger(__name__)
_running: set[asyncio.Task[None]] = set()


def spawn(work: Coroutine[object, object, None], *, name: str) -> asyncio.Task[None]:
    """Run `work` on the current loop, independent of the caller.

    It gets a fresh context: a request's context carries the request's own database thread, which ends with it.
    """
    task = asyncio.get_running_loop().create_task(work, name=name, context=contextvars.Context())
    _running.add(task)
    task.add_done_callback(_finish)
    return task


def _finish(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()):
        logger.error("background task %s failed", task.get_name(), exc_info=error)
