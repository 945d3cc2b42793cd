import asyncio
from collections.abc import Sequence

from celery import shared_task

from playground.runs.leases import claim, find_orphans
from playground.runs.models import Run
from playground.runs.queue import find_stalled, go_on
from playground.runs.takeover import resume


@shared_task
def resume_orphans() -> None:
    """Go on with the runs that a killed process left open and that nobody follows, so that no web node took them.

    And with the wishes that wait behind nothing, because the process is gone that would have gone on with them.
    """
    orphans = [run for run in map(claim, find_orphans()) if run]
    stalled = find_stalled()
    if orphans or stalled:
        asyncio.run(_resume_all(orphans, stalled))


async def _resume_all(runs: Sequence[Run], stalled: Sequence[str] = ()) -> None:
    async with asyncio.TaskGroup() as group:
        for run in runs:
            group.create_task(resume(run), name=f"run {run.pk}")
        for conversation in stalled:
            group.create_task(go_on(conversation), name=f"queue of {conversation}")
