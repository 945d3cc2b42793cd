"""After a version is saved: its libraries are pinned, and what a visit asks for is made beforehand."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from playground.artifacts.models import Version
from playground.artifacts.signals import version_saved
from playground.host.renditions import find_demand, load, uses
from playground.host.snapshots import snapshot_of
from playground.shelf.cdn import parse
from playground.shelf.services import resolve

RETRIES = 6  # where the registry could not be asked
_PAUSE = 30  # seconds, doubled each time
_TAKEN = timedelta(hours=1)  # longer than the retries take
_TRIED = timedelta(days=7)
_MOST = 200  # at once

logger = logging.getLogger(__name__)


@receiver(version_saved)
def pin_later(sender: object, *, version: Version, **kwargs: object) -> None:
    """At once or not at all: where the queue cannot be reached, a saved version must not wait for it."""
    pin_version.apply_async((version.pk,), retry=False)


@shared_task(bind=True, max_retries=RETRIES)
def pin_version(task: Any, version_id: int) -> None:
    if not _pin(version_id) and task.request.retries < RETRIES:
        raise task.retry(countdown=_PAUSE * 2**task.request.retries)


@shared_task
def pin_forgotten() -> None:
    """What was lost with a worker, or could not be found out for long, is tried again for some days."""
    now = timezone.now()
    forgotten = Version.objects.filter(pinned_at=None, created_at__range=(now - _TRIED, now - _TAKEN))
    for version_id in forgotten.values_list("pk", flat=True)[:_MOST]:
        pin_version.delay(version_id)


def _pin(version_id: int) -> bool:
    """False where a library's version could not be found out."""
    version = Version.objects.select_related("artifact", "parent").filter(pk=version_id).first()
    if version is None:
        return True
    demand = find_demand(snapshot_of(version))
    version = _add_pins(version, _find_versions(version, demand))
    warm(version)
    if not all(key in version.pins for key in demand):
        return False
    Version.objects.filter(pk=version.pk).update(pinned_at=timezone.now())
    return True


def warm(version: Version) -> None:
    """Make what a visit asks for. A file that cannot be made fails only its own request."""
    snapshot = snapshot_of(version)
    for path, use in uses(snapshot):
        try:
            load(snapshot, path, use)
        except Exception:
            logger.exception("version %s: %s could not be rendered", version, path)


def _find_versions(version: Version, demand: Mapping[str, str]) -> dict[str, str]:
    """The versions of what is not pinned yet. A page goes on with the libraries that its parent ran with."""
    inherited = version.parent.pins if version.parent else {}
    missing = [key for key in demand if key not in version.pins]
    found = {key: inherited.get(key) or _find_version(demand[key]) for key in missing}
    return {key: exact for key, exact in found.items() if exact}


def _find_version(path: str) -> str | None:
    reference = parse(resolve(path) or "")
    return reference.range if reference and reference.is_exact else None


@transaction.atomic
def _add_pins(version: Version, found: dict[str, str]) -> Version:
    """What is pinned stays as it is."""
    locked = Version.objects.select_for_update(of=("self",)).select_related("artifact").get(pk=version.pk)
    if new := {key: exact for key, exact in found.items() if key not in locked.pins}:
        locked.pins |= new
        locked.save(update_fields=["pins"])
    return locked
