"""When a check runs, and what becomes of it.

The database owns the job: a message only wakes a worker up, which then claims what waits longest. A check whose worker
is gone is claimed again; one that ends its worker every time is given up.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from agents.browser import Level, Measurements, Pictures, judge
from playground.artifacts.blobs import put_blob
from playground.artifacts.models import Artifact, Version
from playground.checks.models import Check, Reason, State, VerdictWords

ALIVE = timedelta(seconds=20)  # without a sign of life a worker counts as gone
BEAT = 5.0  # seconds between two signs
MOST_FAILURES = 3


def check_of(version: Version) -> Check | None:
    return getattr(version, "checked", None)


def find_pictured(artifacts: Sequence[str]) -> dict[str, Check]:
    """Of each artifact, the check of the newest version that has a picture: the very newest may wait for its own."""
    pictured = Check.objects.filter(version__artifact=OuterRef("pk"), pictures__has_key="thumbnail")
    newest = Artifact.objects.filter(pk__in=artifacts).values_list(
        Subquery(pictured.order_by("-version__number").values("pk")[:1])
    )
    checks = Check.objects.filter(pk__in=newest).select_related("version")
    fields = ("pictures", "version__artifact_id", "version__number")
    return {check.version.artifact_id: check for check in checks.only(*fields)}


def order_check(version: Version) -> Check:
    """One that already waits or runs is as good."""
    check, _is_new = Check.objects.get_or_create(version=version)
    Check.objects.filter(pk=check.pk, state__in=(State.NONE, State.DONE)).update(
        state=State.QUEUED, failures=0, slot=None, ordered_at=timezone.now()
    )
    check.refresh_from_db()
    return check


def claim_check() -> Check | None:
    """What waits longest, if there is room for one more at once."""
    for check in Check.objects.filter(state=State.QUEUED).order_by("ordered_at")[:10]:
        for slot in range(settings.CHECKS_AT_ONCE):
            if _take(check, slot):
                check.refresh_from_db()
                return check
    return None


def _take(check: Check, slot: int) -> bool:
    same = Check.objects.filter(pk=check.pk, state=State.QUEUED, attempt=check.attempt)
    try:
        with transaction.atomic():
            taken = same.update(state=State.RUNNING, slot=slot, attempt=check.attempt + 1, alive_at=timezone.now())
    except IntegrityError:  # the slot is taken
        return False
    return taken == 1


def beat(check: Check) -> None:
    Check.objects.filter(pk=check.pk, attempt=check.attempt).update(alive_at=timezone.now())


def finish_check(check: Check, measured: Measurements, pictures: Pictures, level: Level, duration_ms: int) -> None:
    verdict, gates = judge(measured)
    kept = {name: put_blob(content) for name, content in pictures.shots.items()}
    kept |= {
        name: put_blob(content)
        for name, content in (("thumbnail", pictures.thumbnail), ("film", pictures.film))
        if content
    }
    _end(
        check,
        verdict=verdict.value,
        reason="",
        gates=[gate.model_dump(mode="json") for gate in gates],
        measured=measured.model_dump(mode="json"),
        pictures=kept,
        level=level.value,
        duration_ms=duration_ms,
    )


def attach_check(version: Version, measured: Measurements, pictures: Mapping[str, str], level: str) -> Check:
    """One that was made of just these files before they were a version. `pictures`: blobs by name."""
    verdict, gates = judge(measured)
    return Check.objects.create(
        version=version,
        state=State.DONE,
        verdict=verdict.value,
        gates=[gate.model_dump(mode="json") for gate in gates],
        measured=measured.model_dump(mode="json"),
        pictures=dict(pictures),
        level=level,
        finished_at=timezone.now(),
    )


def give_pictures(version: Version, pictures: Mapping[str, bytes]) -> None:
    """Pictures that a check elsewhere took of just these files, to be seen until one here has its own. No verdict."""
    Check.objects.get_or_create(version=version, defaults={"state": State.NONE})
    kept = {name: put_blob(content) for name, content in pictures.items()}
    Check.objects.filter(version=version, pictures={}).update(pictures=kept)


def is_checked(version: Version) -> bool:
    return Check.objects.filter(version=version).exclude(state=State.NONE).exists()


def give_up(check: Check, reason: Reason) -> None:
    """Nothing is known of the version, and it says why. Pictures that there were are still of it."""
    _end(check, verdict=VerdictWords.NOT_VERIFIED, reason=reason, gates=[], measured=None, level="")


def retry_check(check: Check, reason: Reason) -> None:
    """Once more, unless it has failed too often."""
    if check.failures + 1 >= MOST_FAILURES:
        give_up(check, reason)
    else:
        _same(check).update(state=State.QUEUED, slot=None, failures=check.failures + 1)


def reclaim_checks() -> bool:
    """Take back what was lost with its worker. True where something waits."""
    for check in Check.objects.filter(state=State.RUNNING, alive_at__lt=timezone.now() - ALIVE):
        retry_check(check, Reason.LOST)
    return Check.objects.filter(state=State.QUEUED).exists()


def _end(check: Check, **found: object) -> None:
    _same(check).update(state=State.DONE, slot=None, failures=0, finished_at=timezone.now(), **found)


def _same(check: Check) -> QuerySet[Check]:
    """The check, as long as nobody else has claimed it."""
    return Check.objects.filter(pk=check.pk, state=State.RUNNING, attempt=check.attempt)
