from channels.db import database_sync_to_async
from django.dispatch import receiver

from playground import background
from playground.builds.ending import end_unheld
from playground.builds.tasks import wake_worker
from playground.runs.models import BUILD, Run
from playground.runs.signals import cancel_wanted, run_begun


@receiver(run_begun)
async def wake(sender: object, *, run: Run, **kwargs: object) -> None:
    """Its turn in the conversation has come; that of its person among all comes when a worker says so."""
    await database_sync_to_async(wake_worker)()


@receiver(cancel_wanted)
async def end(sender: object, *, run: Run, **kwargs: object) -> None:
    """Whoever works at it sees it by itself; one that nobody works at ends here."""
    if run.kind == BUILD:
        background.spawn(end_unheld(run.pk), name=f"end of {run.pk}")
