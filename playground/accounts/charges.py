"""What a person, and all guests of one IP address, may use within a day, and what they have used.

The database counts, so that neither a restart nor a deleted conversation gives anything back. An answer counts from its
beginning, its tokens and cost from its end, however it ends: who has several answers written at once may get beyond a
limit by what these use.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.models import Charge, User
from playground.errors import QuotaExceeded


@dataclass(frozen=True, slots=True)
class Limits:
    """0: any."""

    runs: int
    tokens: int
    cost: Decimal


def limits_of(user: User) -> Limits:
    usual = _limits("guest" if user.is_guest else "user")
    return Limits(
        runs=usual.runs if user.runs_per_day is None else user.runs_per_day,
        tokens=usual.tokens if user.tokens_per_day is None else user.tokens_per_day,
        cost=usual.cost if user.cost_per_day is None else user.cost_per_day,
    )


def check_day(user: User, address: str, runs: int) -> None:
    """Raises QuotaExceeded. Within a transaction, a person's own starts wait for each other."""
    since = today()
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=user.pk).first()
        _check(Charge.objects.filter(user=user, started_at__gte=since), limits_of(user), runs, user.is_guest)
        if user.is_guest:
            guests = Charge.objects.filter(address=address, was_guest=True, started_at__gte=since)
            _check(guests, _limits("address"), runs, is_guest=True)


def today() -> datetime:
    """When the day began, in UTC."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def open_charge(*, user: User, address: str, run: str, kind: str, model: str) -> Charge:
    return Charge.objects.create(
        user=user, was_guest=user.is_guest, address=address[:64], run=run, kind=kind, model=model
    )


def settle(
    charges: QuerySet[Charge],
    *,
    status: str,
    input_tokens: int,
    output_tokens: int,
    is_estimated: bool = False,
    cost: Decimal | None = None,
    error: str = "",
) -> None:
    """Once: one that is settled stays as it is."""
    charges.filter(ended_at=None).update(
        status=status,
        error=error[:60],
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        is_estimated=is_estimated,
        cost=cost,
        ended_at=timezone.now(),
    )


def _limits(who: str) -> Limits:
    return Limits(settings.RUNS_PER_DAY[who], settings.TOKENS_PER_DAY[who], settings.COST_PER_DAY[who])


def _check(charges: QuerySet[Charge], limits: Limits, runs: int, is_guest: bool) -> None:
    used = charges.aggregate(
        runs=Count("pk"), input=Sum("input_tokens", default=0), output=Sum("output_tokens", default=0), cost=Sum("cost")
    )
    if limits.runs and used["runs"] + runs > limits.runs:
        _refuse(_("%(limit)s answers a day are possible.") % {"limit": limits.runs}, is_guest)
    if limits.tokens and used["input"] + used["output"] >= limits.tokens:
        _refuse(_("The %(limit)s tokens of today are used up.") % {"limit": f"{limits.tokens:,}"}, is_guest)
    if limits.cost and (used["cost"] or 0) >= limits.cost:
        _refuse(_("Today's budget of %(limit)s is spent.") % {"limit": f"{limits.cost.normalize():f}"}, is_guest)


def _refuse(reason: str, is_guest: bool) -> None:
    wait = today() + timedelta(days=1) - timezone.now()
    minutes = -(-int(wait.total_seconds()) // 60)
    details = {"hours": minutes // 60, "minutes": minutes % 60}
    again = _("You can go on in %(hours)d h %(minutes)d min.") % details
    if is_guest:
        again = _("Sign up to go on, or come back in %(hours)d h %(minutes)d min.") % details
    raise QuotaExceeded("quota_exceeded", f"{reason} {again}", retry_after=wait.total_seconds())
