"""What is forgotten, and after how many days: `settings.KEEP_DAYS`, where 0 keeps it for ever. Versions always stay."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from playground.accounts.models import AuditEntry, Charge, User
from playground.artifacts.blobs import FRESH, drop_blob, list_blobs, put_at
from playground.artifacts.models import Draft
from playground.builds.models import Entry
from playground.checks.models import Check, State
from playground.protocol import (
    BuildFinished,
    ContextCondensed,
    Event,
    ModelAnswered,
    RunFailed,
    RunFinished,
    RunStarted,
    TextDelta,
    Usage,
    VersionSaved,
)
from playground.runs.checkpoints import load_frames, save_checkpoint
from playground.runs.lines import tell
from playground.runs.models import Checkpoint, Run

ADDRESSES = timedelta(days=7)  # the limits a day need them for one

_KEPT = (BuildFinished, RunStarted, ModelAnswered, ContextCondensed, VersionSaved, Usage)
_LAST = (RunFinished, RunFailed)
_BLOB = re.compile(r"[0-9a-f]{64}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WITHOUT_BLOBS = (Checkpoint,)  # by far the largest table: the words of answers

logger = logging.getLogger(__name__)


def clean_up() -> dict[str, int]:
    """How many of each kind were forgotten. What fails does not keep the others from being done."""
    done: dict[str, int] = {}
    for kind, forget in _STEPS.items():
        if not (days := settings.KEEP_DAYS[kind]):
            continue
        try:
            done[kind] = forget(timezone.now() - timedelta(days=days))
        except Exception:
            logger.exception("old %s could not be cleaned up", kind)
    Charge.objects.filter(started_at__lt=timezone.now() - ADDRESSES).exclude(address="").update(address="")
    logger.info("cleaned up: %s", done)
    return done


def forget_guests(before: datetime) -> int:
    """Those that did not come back, with what only they could reach."""
    idle = User.objects.filter(is_guest=True, last_seen__lt=before)
    count = idle.count()
    idle.delete()
    return count


def forget_logs(before: datetime) -> int:
    """Of finished answers: the words, and how they came. What is left says which version came of it."""
    worded = Checkpoint.objects.filter(is_worded=True, run__finished_at__lt=before)
    journals = Entry.objects.filter(build__run__finished_at__lt=before)
    ids = set(worded.order_by().values_list("run_id", flat=True)) | set(
        journals.order_by().values_list("build_id", flat=True)
    )
    for run_id in ids:
        _shorten(run_id)
    return len(ids)


@transaction.atomic
def _shorten(run_id: str) -> None:
    frames = load_frames(run_id, after=0)
    events: list[Event] = [frame.event for frame in frames if isinstance(frame.event, _KEPT)]
    last: list[Event] = [frame.event for frame in frames if isinstance(frame.event, _LAST)]
    prompt = Run.objects.values_list("prompt", flat=True).get(pk=run_id)
    with translation.override("zh-hans" if _CHINESE.search(prompt) else "en"):
        note = TextDelta(text=_("The words of this answer are no longer kept."))
    kept = [*events[:1], note, *events[1:], *last]
    at = frames[-1].at if frames else 0
    Checkpoint.objects.filter(run=run_id).delete()
    Entry.objects.filter(build=run_id).delete()
    save_checkpoint(run_id, [tell(run_id, n, at, event) for n, event in enumerate(kept, 1)], "")


def forget_drafts(before: datetime) -> int:
    return Draft.objects.filter(updated_at__lt=before).delete()[0]


def forget_pictures(before: datetime) -> int:
    """Of checks, all but the thumbnail."""
    count = 0
    old = Check.objects.filter(state=State.DONE, finished_at__lt=before).exclude(pictures={})
    for pk, pictures in old.values_list("pk", "pictures").iterator():
        kept = {name: blob for name, blob in pictures.items() if name == "thumbnail"}
        if kept != pictures:
            count += Check.objects.filter(pk=pk, state=State.DONE, finished_at__lt=before).update(pictures=kept)
    return count


def forget_audit(before: datetime) -> int:
    return AuditEntry.objects.filter(at__lt=before).delete()[0]


def forget_usage(before: datetime) -> int:
    return Charge.objects.filter(started_at__lt=before).delete()[0]


def drop_orphans(before: datetime) -> int:
    """Files that nothing refers to. One that was put again since is kept: a row may be about to refer to it."""
    before = min(before, timezone.now() - FRESH)
    used = find_used()
    count = 0
    for name in list_blobs():
        if bytes.fromhex(name) not in used and _is_older(name, before):
            drop_blob(name)
            count += 1
    return count


def find_used() -> set[bytes]:
    """Whatever looks like a blob's name, in any text of any row: what a new table refers to is found as well."""
    return {bytes.fromhex(name) for text in _texts() for name in _BLOB.findall(text)}


def _is_older(name: str, before: datetime) -> bool:
    try:
        return put_at(name) < before
    except FileNotFoundError:
        return False


def _texts() -> Iterator[str]:
    for model in apps.get_models():
        if not model.__module__.startswith("playground.") or issubclass(model, _WITHOUT_BLOBS):
            continue
        fields = [field for field in model._meta.concrete_fields if isinstance(field, _TEXTS)]
        if not fields:
            continue
        for row in model._base_manager.values_list(*(field.attname for field in fields)).iterator(chunk_size=500):
            yield json.dumps(row, default=str)


_TEXTS = (models.CharField, models.TextField, models.JSONField)
_STEPS: dict[str, Callable[[datetime], int]] = {
    "guests": forget_guests,
    "logs": forget_logs,
    "drafts": forget_drafts,
    "pictures": forget_pictures,
    "audit": forget_audit,
    "usage": forget_usage,
    "orphans": drop_orphans,  # last: the others make some
}
