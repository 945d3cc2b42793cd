"""The Celery application: `celery -A playground.config worker`."""

import os

from celery import Celery
from celery.signals import worker_process_init

from playground.config.telemetry import begin_telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.config.settings")
app = Celery("playground")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect(weak=False)
def trace(**kwargs: object) -> None:
    begin_telemetry()
