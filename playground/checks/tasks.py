from celery import shared_task
from django.conf import settings
from django.dispatch import receiver

from playground.artifacts.models import Version
from playground.artifacts.signals import version_saved
from playground.checks.running import run_check
from playground.checks.services import claim_check, is_checked, order_check, reclaim_checks

_LIMIT = 150  # seconds; a check bounds itself, this is for one that cannot


@receiver(version_saved)
def check_later(sender: object, *, version: Version, **kwargs: object) -> None:
    if settings.CHECKS and not is_checked(version):
        order_check(version)
        wake_worker()


def wake_worker() -> None:
    """At once or not at all: where the queue cannot be reached, nobody waits, and the sweep finds what was ordered."""
    run_next.apply_async(retry=False)


@shared_task(time_limit=_LIMIT)
def run_next() -> None:
    """The check that waits longest, and then the next."""
    if check := claim_check():
        run_check(check)
        wake_worker()


@shared_task
def sweep_checks() -> None:
    if reclaim_checks():
        wake_worker()
