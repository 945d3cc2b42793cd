import asyncio

from celery import shared_task

from playground.runs.leases import claim, find_orphans
from playground.runs.models import Run
from playground.runs.takeover import resume


@shared_task
def resume_orphans() -> None:
    """Go on with the runs that a killed process left open and that nobody follows, so that no web node took them."""
    if orphans := [run for run in map(claim, find_orphans()) if run]:
        asyncio.run(_resume_all(orphans))


async def _resume_all(runs: list[Run]) -> None:
    async with asyncio.TaskGroup() as group:
        for run in runs:
            group.create_task(resume(run), name=f"run {run.pk}")
