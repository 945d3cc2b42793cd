from celery import shared_task

from playground.curation import health


@shared_task
def begin_round() -> None:
    health.begin_round()


@shared_task
def tend() -> None:
    health.tend()
