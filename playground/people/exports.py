"""The only writer of exports. The database owns them; a message only wakes a worker up."""

import logging
import tempfile
import time
from datetime import timedelta
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from playground.accounts.models import User
from playground.accounts.quotas import check_may_export
from playground.people.exporting import write_export
from playground.people.models import Export, State

ALIVE = timedelta(seconds=60)  # without a sign of life a worker counts as gone
MOST_ATTEMPTS = 3
_BEAT = 5.0  # seconds
_IN_MEMORY = 8 * 1024 * 1024

logger = logging.getLogger(__name__)


def order_export(user: User) -> Export:
    """One that is being made is as good; of one that is ready, a new one takes the place. Raises QuotaExceeded."""
    old = Export.objects.filter(user=user).first()
    if old and old.is_pending:
        return old
    check_may_export(user)
    if old:
        drop_export(old)
    return Export.objects.get_or_create(user=user)[0]


def claim_export() -> Export | None:
    """What waits longest, or was lost with its worker."""
    lost = timezone.now() - ALIVE
    for export in Export.objects.filter(state__in=[State.WAITING, State.WORKING]).order_by("created_at"):
        if export.state == State.WORKING and export.alive_at > lost:
            continue
        if export.attempt >= MOST_ATTEMPTS:
            _same(export).update(state=State.FAILED)
            continue
        taken = Export.objects.filter(pk=export.pk, attempt=export.attempt)
        if taken.update(state=State.WORKING, attempt=export.attempt + 1, alive_at=timezone.now()):
            export.attempt += 1
            return export
    return None


def make_export(export: Export) -> None:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        try:
            write_export(export.user, file, _Beat(export))
        except Lost:
            return
        except Exception:
            logger.exception("the export %s failed", export.pk)
            _same(export).update(state=State.FAILED)
            return
        size = file.tell()
        file.seek(0)
        _storage().delete(export.path)
        _storage().save(export.path, File(file))
    ready = {"state": State.READY, "size": size, "expires_at": timezone.now() + Export.KEPT}
    if not _same(export).update(**ready):  # the account was closed meanwhile
        _storage().delete(export.path)


def open_export(export: Export) -> IO[bytes]:
    return _storage().open(export.path)


def drop_export(export: Export) -> None:
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).delete()
        transaction.on_commit(lambda: _storage().delete(export.path))


def drop_expired() -> None:
    for export in Export.objects.filter(expires_at__lt=timezone.now()):
        drop_export(export)


class Lost(Exception):
    """Somebody else makes the export, or nobody wants it any more."""


class _Beat:
    def __init__(self, export: Export) -> None:
        self._export = export
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last < _BEAT:
            return
        self._last = time.monotonic()
        if not _same(self._export).update(alive_at=timezone.now()):
            raise Lost


def _same(export: Export) -> QuerySet[Export]:
    return Export.objects.filter(pk=export.pk, state__in=[State.WAITING, State.WORKING], attempt=export.attempt)


def _storage() -> Storage:
    return storages["artifacts"]
