"""Work for the workers: pulling packages, building modules, filling the shelf."""

import logging

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.utils import timezone

from playground.shelf.cdn.hosts import read_options
from playground.shelf.esbuild import BuildFailed
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Package, Source
from playground.shelf.modules import build_module, recipe
from playground.shelf.outcomes import Outcome, note_build, note_pull
from playground.shelf.pulling import pull_package
from playground.shelf.starter import fill_shelf

logger = logging.getLogger(__name__)
_FILLING = 600  # seconds


@shared_task
def pull(name: str, range_: str, source: str = Source.PULLED) -> None:
    """Fetch a package and leave word of how it went."""
    try:
        package = pull_package(name, range_, Source(source))
    except ShelfFailure as failure:
        logger.info("%s@%s: %s", name, range_, failure)
        note_pull(name, range_, Outcome(failure=failure.code))
    except Exception:
        note_pull(name, range_, Outcome(failure="unreachable"))
        raise
    else:
        note_pull(name, range_, Outcome(version=package.version))


@shared_task
def build(package_id: int, options: str, source: str) -> None:
    """Build a module and leave word of how it went."""
    package = Package.objects.filter(pk=package_id).first()
    if package is None:
        return
    made = recipe(package, read_options(options))
    try:
        build_module(made, source)
    except BuildFailed as failure:
        logger.info("%s %s: %s", package, source, failure)
        note_build(made.key(source), Outcome(failure=failure.message))
    except Exception as error:
        note_build(made.key(source), Outcome(failure=type(error).__name__))
        raise
    else:
        note_build(made.key(source), Outcome(version=package.version))


@shared_task
def touch(package_id: int) -> None:
    """Remember that a package is in use."""
    Package.objects.filter(pk=package_id).update(used_at=timezone.now())


@shared_task
def fill() -> None:
    """Pull what is missing from the starter shelf, in one worker at a time."""
    if cache.add("shelf:filling", True, _FILLING):
        try:
            fill_shelf()
        finally:
            cache.delete("shelf:filling")


@worker_ready.connect
def fill_on_start(**kwargs: object) -> None:
    fill.delay()
