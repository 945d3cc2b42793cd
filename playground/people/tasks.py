import logging
from contextlib import suppress

from celery import shared_task
from kombu.exceptions import OperationalError

from playground.people.deletion import take_away
from playground.people.exports import claim_export, drop_expired, make_export
from playground.people.models import Deletion

logger = logging.getLogger(__name__)


def wake_worker() -> None:
    """At once or not at all: where the queue cannot be reached, the sweep finds what waits."""
    with suppress(OperationalError):
        sweep_people.apply_async(retry=False)


@shared_task
def sweep_people() -> None:
    """Exports that wait, accounts that are to go, zips whose time is over."""
    drop_expired()
    for deletion in Deletion.objects.select_related("user"):
        try:
            take_away(deletion)
        except Exception:  # one must not keep the others from their end; the next sweep tries again
            logger.exception("account %s could not be taken away", deletion.user_id)
    while export := claim_export():
        make_export(export)
