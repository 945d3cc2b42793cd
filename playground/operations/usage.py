"""What answers have used, summed up for the person's page and for the admin's.

Lanes of a blind race are left out until its vote: their tokens would tell which model ran where.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any, Literal

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from playground.accounts.charges import Limits, limits_of, today
from playground.accounts.models import Charge, User
from playground.runs.board import plain_cell
from playground.runs.models import Run

type Group = Literal["user", "model", "day"]
GROUPS: tuple[Group, ...] = ("user", "model", "day")
COLUMNS = ["answers", "failed", "input_tokens", "output_tokens", "estimated_answers", "cost", "answers_without_price"]
BAR = 64
MOST = 500  # rows of the admin's page; the file has all

_SUMS = {
    "answers": Count("pk"),
    "failed": Count("pk", filter=Q(status="failed")),
    "input": Sum("input_tokens", default=0),
    "output": Sum("output_tokens", default=0),
    "estimated": Count("pk", filter=Q(is_estimated=True)),
    "spent": Sum("cost"),
    "unpriced": Count("pk", filter=Q(cost=None, input_tokens__gt=0)),
}


@dataclass(frozen=True, slots=True)
class Use:
    """Tokens in and out. `spent`: of the answers whose price is known; None where none is. `unpriced`: how many are not
    in it.
    """

    name: str
    answers: int
    failed: int
    input: int
    output: int
    estimated: int
    spent: Decimal | None
    unpriced: int

    @property
    def tokens(self) -> int:
        return self.input + self.output


@dataclass(frozen=True, slots=True)
class Day:
    """`height`: of its bar, from 0 to `BAR`."""

    at: date
    tokens: int
    height: int

    @property
    def top(self) -> int:
        return BAR - self.height


@dataclass(frozen=True, slots=True)
class Overview:
    today: Use
    limits: Limits | None  # None: staff
    again_at: datetime
    month: Use
    models: list[Use]
    days: list[Day]


def overview(user: User) -> Overview:
    """Of one person, and of nobody else. Today is as the limits count it."""
    since = today()
    own = Charge.objects.filter(user=user)
    month = unveiled(own.filter(started_at__gte=since.replace(day=1)))
    return Overview(
        today=total(own.filter(started_at__gte=since)),
        limits=None if user.is_staff else limits_of(user),
        again_at=since + timedelta(days=1),
        month=total(month),
        models=group(month, "model"),
        days=_days(month, since),
    )


def unveiled(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    return charges.exclude(run__in=Run.objects.veiled().values("pk"))


def between(first: date, last: date) -> QuerySet[Charge]:
    """Of everybody, from the first day to the last, in UTC."""
    begin = datetime.combine(first, datetime.min.time(), timezone.get_default_timezone())
    end = datetime.combine(last, datetime.min.time(), timezone.get_default_timezone()) + timedelta(days=1)
    return unveiled(Charge.objects.filter(started_at__gte=begin, started_at__lt=end))


def total(charges: QuerySet[Charge]) -> Use:
    return Use(name="", **charges.order_by().aggregate(**_SUMS))


def group(charges: QuerySet[Charge], by: Group) -> list[Use]:
    """What used most comes first; days in their order, the latest first."""
    keys = {
        "user": Coalesce(F("user__email"), Value("")),
        "model": F("model"),
        "day": TruncDate("started_at"),
    }
    rows: Iterable[Any] = charges.order_by().values(name=keys[by]).annotate(**_SUMS)
    uses = [Use(**(row | {"name": str(row["name"])})) for row in rows]
    return sorted(uses, key=lambda use: use.name if by == "day" else use.tokens, reverse=True)


def write_csv(uses: Iterable[Use], by: Group) -> str:
    out = StringIO()
    table = csv.writer(out)
    table.writerow([by, *COLUMNS])
    for use in uses:
        name = plain_cell(use.name) or "guests"
        cost = "" if use.spent is None else f"{use.spent.normalize():f}"
        numbers = [use.answers, use.failed, use.input, use.output, use.estimated]
        table.writerow([name, *numbers, cost, use.unpriced])
    return out.getvalue()


def _days(charges: QuerySet[Charge], until: datetime) -> list[Day]:
    """Every day of the month so far."""
    used = {use.name: use.tokens for use in group(charges, "day")}
    days = [until.date().replace(day=number) for number in range(1, until.day + 1)]
    most = max(used.values(), default=0)
    counted = [(day, used.get(day.isoformat(), 0)) for day in days]
    return [Day(day, tokens, -(-BAR * tokens // most) if most else 0) for day, tokens in counted]
