"""Settings and entry points: what is started (ASGI, Celery), what is served where (URLs, hosts).

The Celery application is made with the package, so that every process that has settings enqueues at the same broker.
"""

import atexit
import gc

from playground.config.celery import app as celery_app

__all__ = ["celery_app"]

atexit.register(gc.freeze)  # else ending takes most of a second: all that is loaded is looked through once more
