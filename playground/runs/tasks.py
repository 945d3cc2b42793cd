import asyncio

from celery import shared_task

from playground.runs.services import close_orphan, find_orphans


@shared_task
def close_orphans() -> None:
    """Close the runs that a killed process left open."""
    for run in find_orphans():
        asyncio.run(close_orphan(run))
