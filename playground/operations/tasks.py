from celery import shared_task

from playground.operations.retention import clean_up


@shared_task
def clean_up_daily() -> None:
    clean_up()
