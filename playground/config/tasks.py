import time

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache

HEARTBEAT = "worker-heartbeat"
ALIVE = 35  # seconds without a beat after which the worker counts as gone


@shared_task
def beat() -> None:
    """Show `/healthz` that tasks are taken from the queue and done."""
    cache.set(HEARTBEAT, time.time(), ALIVE)


@worker_ready.connect
def beat_at_once(**kwargs: object) -> None:
    beat()
