"""Nightly checks of what the gallery shows: the entry's latest version, by the check that every version gets.

At night each entry becomes due; then, one after the other, its check is ordered and what came of it is read. One broken
verdict may be chance: it is asked once more in the same night, and two in a row count. What could not be verified
counts neither way, and one that works again is shown again by itself.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from playground.accounts.audit import record
from playground.artifacts.addresses import public_url
from playground.checks.models import Check, State, VerdictWords
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker
from playground.curation.models import Health, OnBreak, Policy
from playground.curation.roles import list_curators
from playground.gallery import services
from playground.gallery.models import Entry
from playground.gallery.models import State as Standing

MOST = 2_000  # entries of a night
ENOUGH = 2  # broken verdicts in a row
PATIENCE = timedelta(minutes=30)  # for one check; then it is left for the next night


def begin_round() -> int:
    """Make what is shown, and what was hidden for being broken, due: those first that wait longest for it."""
    looked_after = Q(pk__in=Entry.objects.shown().values("pk")) | Q(health__has_hidden=True, state=Standing.HIDDEN)
    entries = Entry.objects.filter(looked_after).order_by("health__checked_at", "pk")[:MOST]
    for entry in entries:
        Health.objects.update_or_create(entry=entry, defaults={"is_due": True})
    return len(entries)


def tend() -> None:
    """One step: read the check that was ordered, if it is there; else order the next one that is due."""
    asked = _known().filter(asked_at__isnull=False).first()
    if asked and not _is_read(asked):
        return
    due = _known().filter(is_due=True, asked_at=None).order_by("checked_at", "pk").first()
    if due:
        _ask(due)


def find_broken() -> QuerySet[Health]:
    return _known().filter(broken_since__isnull=False)


def recover(health: Health) -> None:
    """It works: shown again, if it was hidden for this. By nobody's decision."""
    if health.has_hidden and health.entry.state == Standing.HIDDEN:
        services.accept(health.entry, None)
        record(None, f"nightly check: works again, shown again: {health.entry_id} {health.entry}")
    health.broken, health.broken_since, health.has_hidden = 0, None, False
    health.save(update_fields=["broken", "broken_since", "has_hidden"])


def _known() -> QuerySet[Health]:
    return Health.objects.select_related("entry__artifact__owner", "version__artifact")


def _ask(health: Health) -> None:
    latest = health.entry.artifact.latest
    now = timezone.now()
    again = {} if latest.pk == health.version_id else {"broken": 0, "version": latest}
    if Health.objects.filter(pk=health.pk, asked_at=None).update(asked_at=now, **again):
        order_check(latest)
        wake_worker()


def _is_read(health: Health) -> bool:
    """False while the check is still to be waited for."""
    asked_at = health.asked_at or timezone.now()
    check = Check.objects.filter(version=health.version_id, state=State.DONE, finished_at__gte=asked_at).first()
    if check is None and timezone.now() - asked_at < PATIENCE:
        return False
    health.asked_at, health.checked_at, health.is_due = None, timezone.now(), False
    if check:
        _judge(health, check)
    health.save(update_fields=["asked_at", "checked_at", "is_due", "broken"])
    return True


def _judge(health: Health, check: Check) -> None:
    if check.verdict == VerdictWords.NOT_VERIFIED:
        return
    if check.verdict != VerdictWords.BROKEN:
        recover(health)
        return
    health.broken += 1
    health.is_due = health.broken < ENOUGH
    if health.broken >= ENOUGH and health.broken_since is None:
        _act(health)


def _act(health: Health) -> None:
    """As the policy has it; and the curators are told, once."""
    entry = health.entry
    health.broken_since = timezone.now()
    hides = Policy.objects.current().on_break == OnBreak.HIDE and entry.state == Standing.ACCEPTED
    with transaction.atomic():
        if hides:
            services.hide(entry, None, "\n".join(_in_each_language(_why_hidden)))
            health.has_hidden = True
        health.save(update_fields=["broken_since", "has_hidden"])
        record(None, f"nightly check: broken, {'hidden' if hides else 'flagged'}: {entry.pk} {entry}")
        transaction.on_commit(lambda: _tell_curators(entry), robust=True)


def _why_hidden() -> str:
    return _("It no longer works in our browser. It comes back as soon as it does.")


def _tell_curators(entry: Entry) -> None:
    if not settings.SENDS_MAIL:
        return
    subject = _in_each_language(lambda: _("Broken in the gallery: %(title)s") % {"title": str(entry)})[0]
    for curator in list_curators():
        if curator.email:
            send_mail(subject, _mail(entry), None, [curator.email])


def _mail(entry: Entry) -> str:
    def text() -> str:
        told = _("“%(title)s” was found broken twice in a row. See what the check says, and order a repair:")
        return told % {"title": str(entry)}

    return "\n\n".join([*_in_each_language(text), public_url("/curate/health")])


def _in_each_language(text: Callable[[], str]) -> list[str]:
    """Nobody knows which one the reader prefers."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(text())
    return found
