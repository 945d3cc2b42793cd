from collections.abc import Awaitable, Callable, Iterator

import pytest
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory
from pytest_django.fixtures import Settings

from playground.config.celery import app
from playground.shelf.views import shelved
from tests.playground.shelf.registry import Registry

type Ask = Callable[..., Awaitable[HttpResponseBase]]


@pytest.fixture
def npm(settings: Settings) -> Iterator[Registry]:
    """A registry of our own, and tasks that are done at once."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    with Registry.running() as registry:
        settings.NPM_REGISTRY = registry.url
        yield registry
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


@pytest.fixture
def ask() -> Ask:
    """Asks the shelf for a path with its query; header names with underscores."""

    async def get(path: str, **headers: str) -> HttpResponseBase:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = AsyncRequestFactory().get(path, headers=named)
        return await shelved(request, path.partition("?")[0].removeprefix("/"))

    return get
