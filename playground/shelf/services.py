"""What the shelf does for others: find out which version a page gets, order packages and modules."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone

from playground.shelf.cdn import Kind, parse
from playground.shelf.cdn import is_exact as is_exact
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Derivative, Package
from playground.shelf.modules import Recipe, built_name
from playground.shelf.outcomes import Outcome, build_key, claim, pull_key, read_outcome
from playground.shelf.pulling import pull_package
from playground.shelf.tasks import build as build_task
from playground.shelf.tasks import pull as pull_task
from playground.shelf.tasks import touch as touch_task
from playground.shelf.versions import match_version

PATIENCE = 20.0  # seconds that a request waits for a worker
_CLAIM = 30  # seconds after which the same work may be ordered again
_USED = timedelta(hours=1)  # how exactly the last use is known

__all__ = ["find_package", "order_module", "resolve"]


def resolve(path: str) -> str | None:
    """The address with the exact version for one with an open range; None where nothing answers it.

    Fetches the package, too: whoever asks is about to need it. For workers: it waits for no other.
    """
    reference = parse(path)
    if reference is None or reference.kind not in (Kind.FILE, Kind.MODULE):
        return None
    try:
        package = pull_package(reference.name, reference.range)
    except ShelfFailure:
        return None
    return reference.at(package.version).canonical


async def find_package(name: str, range_: str) -> Package:
    """The package for a range, from the shelf or by a worker. Raises ShelfFailure."""
    package = await _find_here(name, range_)
    if package is None:
        key = pull_key(name, range_)
        outcome = await _order(key, lambda: sync_to_async(pull_task.delay)(name, range_))
        if outcome is None or outcome.failure:
            raise ShelfFailure(outcome.failure if outcome else "slow", name)
        package = await Package.objects.filter(name=name, version=outcome.version).afirst()
    if package is None:  # dropped in between
        raise ShelfFailure("slow", name)
    if timezone.now() - package.used_at > _USED:
        await sync_to_async(touch_task.delay)(package.pk)
    return package


async def order_module(made: Recipe, source: str) -> Derivative:
    """The built module of a source, made by a worker where it is not there yet. Raises ShelfFailure."""
    key = made.key(built_name(source))
    derivative = await Derivative.objects.filter(key=key).afirst()
    if derivative is None:
        package, options = made.package.pk, made.options.query
        outcome = await _order(
            build_key(made.key(source)), lambda: sync_to_async(build_task.delay)(package, options, source)
        )
        if outcome is None or outcome.failure:
            raise ShelfFailure("no_build" if outcome else "slow", outcome.failure if outcome else "")
        derivative = await Derivative.objects.filter(key=key).afirst()
    if derivative is None:
        raise ShelfFailure("no_build", source)
    return derivative


async def _find_here(name: str, range_: str) -> Package | None:
    """Exact versions from whatever is on the shelf, open ranges from what was chosen for it."""
    packages = Package.objects.filter(name=name)
    if is_exact(range_):
        return await packages.filter(version=range_).afirst()
    chosen = [version async for version in packages.kept().values_list("version", flat=True)]
    version = match_version(chosen, {}, range_)
    return await packages.filter(version=version).afirst() if version else None


async def _order(key: str, enqueue: Callable[[], Awaitable[object]]) -> Outcome | None:
    """What has come of the work under `key`, which is ordered if nobody has yet. None: it takes too long."""
    deadline, pause = time.monotonic() + PATIENCE, 0.02
    while (outcome := await read_outcome(key)) is None:
        if time.monotonic() > deadline:
            return None
        if await claim(key, _CLAIM):
            await enqueue()
        else:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)
    return outcome
