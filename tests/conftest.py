from collections.abc import Iterator

import pytest
from django.core.cache import cache

from playground.accounts.models import User
from playground.gateway.models import Endpoint, Model
from tests.upstream import Upstream


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


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Quotas and heartbeats of one test are not the next one's."""
    yield
    cache.clear()


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """A model server with every bad habit; the model id chooses one."""
    with Upstream.in_thread() as running:
        yield running


def connect_model(base_url: str, model_id: str = "good", **fields: object) -> Model:
    """A model that everybody may use."""
    endpoint = Endpoint(name="Test server", base_url=base_url)
    endpoint.set_api_key("sk-secret-key")
    endpoint.save()
    return Model.objects.create(endpoint=endpoint, name=model_id, model_id=model_id, **fields)
