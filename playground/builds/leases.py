"""Which build is worked at next, and by whom. By the database's time alone; the fencing number is the run's.

A lease that has ended is an invitation: whoever claims the build counts its fence up, and what the holder before still
tries to write fits neither the journal nor the log.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from playground.builds.models import Build
from playground.protocol import RunStatus
from playground.runs.leases import held
from playground.runs.models import Run

LEASE = timedelta(seconds=20)
BEAT = 5.0  # seconds between two renewals

_FREE = Q(run__lease_until=None) | Q(run__lease_until__lt=Now())
_HELD = Q(run__lease_until__gte=Now())


def lease() -> CombinedExpression:
    return Now() + LEASE


def find_waiting() -> QuerySet[Build]:
    """Those that nobody works at and that need not wait for anything, in the order of their turns.

    First whose person has the fewest builds worked at, then whose person was served longest ago.
    """
    of_author = Build.objects.filter(run__author=OuterRef("run__author")).order_by().values("run__author")
    working = of_author.filter(_HELD, run__status=RunStatus.RUNNING).annotate(count=Count("pk")).values("count")
    served = of_author.annotate(last=Max("served_at")).values("last")
    waiting = Build.objects.filter(_FREE, run__status=RunStatus.RUNNING)
    due = waiting.filter(Q(resumes_at=None) | Q(resumes_at__lte=Now()) | ~Q(stop=""))
    ordered = due.annotate(working=Coalesce(Subquery(working), 0), served=Subquery(served))
    return ordered.order_by("working", F("served").asc(nulls_first=True), "queued_at")


def claim_next(owner: str) -> Build | None:
    """The build whose turn it is, now ours."""
    for pk, fence in find_waiting().values_list("pk", "run__fence")[:10]:
        if build := _claim(pk, fence, owner):
            return build
    return None


def claim(run_id: str, owner: str) -> Build | None:
    """This one, if nobody works at it."""
    found = Build.objects.filter(_FREE, pk=run_id, run__status=RunStatus.RUNNING)
    fence = found.values_list("run__fence", flat=True).first()
    return None if fence is None else _claim(run_id, fence, owner)


def _claim(pk: str, fence: int, owner: str) -> Build | None:
    same = Run.objects.running().filter(Q(lease_until=None) | Q(lease_until__lt=Now()), pk=pk, fence=fence)
    if not same.update(fence=fence + 1, lease_until=lease()):
        return None
    Build.objects.filter(pk=pk).update(owner=owner, served_at=Now(), claims=F("claims") + 1, resumes_at=None)
    related = ("run__conversation", "run__model__endpoint", "run__base", "run__author")
    return Build.objects.select_related(*related).get(pk=pk)


def renew(run: Run) -> bool:
    """False where it is no longer ours, or no longer open."""
    return bool(held(run).update(lease_until=lease()))


def release(run: Run) -> None:
    if held(run).update(lease_until=None):
        Build.objects.filter(pk=run.pk).update(served_at=Now(), owner="")


def release_lost(owner: str) -> None:
    """What a worker's process has left that is known to be dead."""
    lost = Run.objects.running().filter(build__owner=owner, lease_until__gte=Now())
    lost.update(lease_until=None)


def is_wanted(build: Build) -> bool:
    """Whether somebody else's build waits for its turn."""
    return find_waiting().exclude(run__author=build.run.author_id).exists()


def place_of(build: Build) -> int:
    """How many turns it is until this one's, from 1: people take turns, and of one person the oldest comes first."""
    waiting = find_waiting().values_list("pk", "run__author", "working", "served", "queued_at")  # type: ignore[misc]
    return next((n for n, pk in enumerate(_take_turns(waiting), 1) if pk == build.pk), 1)


def _take_turns(waiting: Iterable[tuple[str, int, int, datetime | None, datetime]]) -> list[str]:
    ranked: list[tuple[int, datetime, datetime, str]] = []
    ahead: defaultdict[int, int] = defaultdict(int)
    never = timezone.now() - timedelta(days=36_500)
    for pk, author, working, served, queued_at in sorted(waiting, key=lambda row: row[4]):
        ranked.append((working + ahead[author], served or never, queued_at, pk))
        ahead[author] += 1
    return [pk for *_rest, pk in sorted(ranked)]
