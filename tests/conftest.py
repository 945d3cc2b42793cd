from collections.abc import AsyncIterator, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import AsyncClient, override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from playground.accounts.models import User
from playground.gateway.models import Endpoint, Model
from tests.upstream import Upstream

hypothesis_settings.register_profile("shared machine", deadline=None)
hypothesis_settings.load_profile("shared machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak-seconds", type=float, default=600, help="how long the soak of followers takes")


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.com", "correct horse")


@pytest.fixture
def bob() -> User:
    return User.objects.create_user("bob@example.com", "correct horse")


@pytest.fixture
def guest() -> User:
    return User.objects.create_guest()


@pytest.fixture
def admin() -> User:
    return User.objects.create_superuser("admin@example.com", "correct horse")


@pytest.fixture(scope="session", autouse=True)
def _light_settings() -> Iterator[None]:
    """Pages render without a frontend that was built and collected; a password takes no third of a second."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Quotas and heartbeats of one test are not the next one's."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request in Chinese leaves the language of the thread that answered it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """A model server with every bad habit; the model id chooses one."""
    with Upstream.in_thread() as running:
        yield running


class HostClient(AsyncClient):
    """Asks under a host name of its own: the stock client would send two."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host

    def _base_scope(self, **request: object) -> dict[str, object]:
        scope: dict[str, object] = super()._base_scope(**request)  # type: ignore[misc]  # the stubs leave it out
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]  # type: ignore[attr-defined]
        return scope | {"headers": [*others, (b"host", self.host.encode())]}


async def chunks_of(response: object) -> AsyncIterator[bytes]:
    """The pieces of a streaming response, as they come."""
    async for chunk in response.streaming_content:  # type: ignore[attr-defined]  # the stubs leave it out
        yield chunk


def connect_model(base_url: str, model_id: str = "good", **fields: object) -> Model:
    """A model that everybody may use."""
    endpoint = Endpoint(name="Test server", base_url=base_url)
    endpoint.set_api_key("sk-secret-key")
    endpoint.save()
    return Model.objects.create(endpoint=endpoint, name=model_id, model_id=model_id, **fields)
