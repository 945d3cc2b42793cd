"""What all processes share, read from the stores when `/metrics` is asked for."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from playground.accounts.charges import today
from playground.accounts.models import Charge
from playground.checks.models import Check, State
from playground.runs.models import Run

TIMEOUT = 2.0  # seconds that Redis has to answer in

logger = logging.getLogger(__name__)


class StoresCollector(Collector):
    """Where a store does not answer, `playground_store_up` says so, and what it would have told is missing."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("playground_store_up", "Whether it answers", labels=["store"])
        seconds = GaugeMetricFamily("playground_store_seconds", "Its answer to a ping", labels=["store"])
        for store, ping, read in (("database", _ping_database, _read_database), ("redis", _ping_redis, _read_queues)):
            try:
                seconds.add_metric([store], _time(ping))
                yield from list(read())
            except (DatabaseError, redis.RedisError) as error:
                logger.warning("metrics: %s does not answer: %s", store, error)
                up.add_metric([store], 0)
            else:
                up.add_metric([store], 1)
        yield up
        yield seconds


def _time(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _ping_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)


def _ping_redis() -> None:
    with _client() as client:
        client.ping()


def _read_queues() -> Iterable[Metric]:
    waiting = GaugeMetricFamily("playground_queue_messages", "Messages that no worker has taken", labels=["queue"])
    with _client() as client:
        for queue in settings.CELERY_TASK_QUEUES:
            waiting.add_metric([queue.name], float(client.llen(queue.name)))
    yield waiting


def _read_database() -> Iterable[Metric]:
    yield from _read_charges()
    yield from _read_runs()
    yield from _read_checks()


def _read_charges() -> Iterable[Metric]:
    """Counters of this day: they begin anew at midnight (UTC), so that a scrape never reads the whole past."""
    ended = CounterMetricFamily("playground_runs", "Answers that ended today", labels=["kind", "status"])
    errors = CounterMetricFamily("playground_run_errors", "Failed answers of today", labels=["code"])
    tokens = CounterMetricFamily("playground_tokens", "Tokens of what ended today", labels=["model", "direction"])
    spent = CounterMetricFamily("playground_cost", "In the currency of the prices, today", labels=["model"])
    charges = Charge.objects.filter(ended_at__gte=today()).order_by()
    for row in charges.values("kind", "status").annotate(count=Count("pk")):
        ended.add_metric([row["kind"], row["status"]], row["count"])
    for failed in charges.exclude(error="").values("error").annotate(count=Count("pk")):
        errors.add_metric([failed["error"]], failed["count"])
    used = charges.values("model").annotate(input=Sum("input_tokens"), output=Sum("output_tokens"), spent=Sum("cost"))
    for each in used:
        tokens.add_metric([each["model"], "input"], each["input"])
        tokens.add_metric([each["model"], "output"], each["output"])
        if each["spent"] is not None:
            spent.add_metric([each["model"]], float(each["spent"]))
    return ended, errors, tokens, spent


def _read_runs() -> Iterable[Metric]:
    going = GaugeMetricFamily("playground_runs_open", "Answers that are being written", labels=["kind"])
    for row in Run.objects.running().order_by().values("kind").annotate(count=Count("pk")):
        going.add_metric([row["kind"]], row["count"])
    orphans = Run.objects.running().filter(lease_until__lt=timezone.now())
    yield going
    yield GaugeMetricFamily("playground_runs_orphaned", "Of these, whose process is gone", orphans.count())
    yield GaugeMetricFamily("playground_runs_waiting", "Wishes behind an answer", Run.objects.waiting().count())
    oldest = Run.objects.running().aggregate(at=Min("created_at"))["at"]
    yield GaugeMetricFamily("playground_run_oldest_open_seconds", "Age of the oldest of these", _age(oldest))


def _read_checks() -> Iterable[Metric]:
    states = GaugeMetricFamily("playground_checks", "Checks of versions", labels=["state", "verdict"])
    for row in Check.objects.order_by().values("state", "verdict").annotate(count=Count("pk")):
        states.add_metric([row["state"], row["verdict"]], row["count"])
    oldest = Check.objects.filter(state=State.QUEUED).aggregate(at=Min("ordered_at"))["at"]
    yield states
    yield GaugeMetricFamily("playground_check_oldest_waiting_seconds", "What has waited longest", _age(oldest))


def _age(at: datetime | None) -> float:
    return (timezone.now() - at).total_seconds() if at else 0.0
