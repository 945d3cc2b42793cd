"""Who may write a run: the holder of its lease. By the database's time alone; a fencing number tells holders apart.

Whoever claims a run counts its fence up. What an earlier holder then still tries to write, because it was stopped or
cut off and does not know, fits neither the row nor the log.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from itertools import groupby
from operator import attrgetter, or_

from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from playground.runs.models import Run, RunQuerySet

LEASE = timedelta(seconds=12)
UNWATCHED = timedelta(seconds=10)  # beyond its lease, until a worker takes a run that nobody follows
MOST = 5  # holders of one run: what ends each of its processes must not end them all

_FENCE = attrgetter("fence")


def lease() -> CombinedExpression:
    return Now() + LEASE


def held(run: Run) -> RunQuerySet:
    """The run's row, as long as `run` is the holder's."""
    return Run.objects.open().filter(pk=run.pk, fence=run.fence)


def renew_all(runs: Sequence[Run]) -> set[str]:
    """Returns those that are no longer ours, or no longer open."""
    by_fence = groupby(sorted(runs, key=_FENCE), _FENCE)  # nearly all are 0, and each Q costs
    ours = reduce(or_, (Q(fence=fence, pk__in=[run.pk for run in group]) for fence, group in by_fence))
    held_ones = Run.objects.open().filter(ours)
    if held_ones.update(lease_until=lease()) == len(runs):
        return set()
    return {run.pk for run in runs} - set(held_ones.values_list("pk", flat=True))


def release(run: Run) -> None:
    """Let somebody else go on with it at once."""
    held(run).update(lease_until=Now() - timedelta(seconds=1))


def claim(run_id: str) -> Run | None:
    """The run, now ours, if its holder is gone."""
    orphan = Run.objects.open().chats().filter(pk=run_id, lease_until__lt=Now())
    if not orphan.exists() or not orphan.update(fence=F("fence") + 1, lease_until=lease()):
        return None
    return Run.objects.select_related("conversation__base", "model__endpoint", "parent").get(pk=run_id)


def find_orphans() -> list[str]:
    """Runs whose lease ended a while ago: nobody follows them, or somebody would have claimed them."""
    forgotten = Run.objects.open().chats().filter(lease_until__lt=Now() - UNWATCHED)
    return list(forgotten.values_list("pk", flat=True))
