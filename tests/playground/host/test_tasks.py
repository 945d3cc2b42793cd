"""After a version is saved: pinned once, and made beforehand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.artifacts.services import Origin, add_version, create_artifact, remix_version
from playground.host.models import Rendition
from playground.host.tasks import pin_forgotten, pin_version

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b'<!doctype html><script type="module">import "three"; import "https://esm.sh/lit@3"</script>'


@pytest.fixture
def version(alice: User, shelf: dict[str, str]) -> Version:
    return create_artifact(owner=alice, title="Game", files={"index.html": PAGE})


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the library shelf answers to open ranges."""
    known = {"/esm/three@latest": "/esm/three@0.180.0", "/web/esm.sh/lit@3": "/esm/lit@3.3.1"}

    def resolve(path: str) -> str | None:
        return known.get(path)

    monkeypatch.setattr("playground.host.tasks.resolve", resolve)
    return known


def test_a_version_is_pinned_and_warmed(version: Version) -> None:
    pin_version.apply((version.pk,))
    version.refresh_from_db()
    assert version.pins == {"three@latest": "0.180.0", "lit@3": "3.3.1"}
    assert Rendition.objects.filter(version=version).count() == 1


def test_a_pin_stays(version: Version, shelf: dict[str, str]) -> None:
    del shelf["/web/esm.sh/lit@3"]
    pin_version.apply((version.pk,))
    version.refresh_from_db()
    assert version.pins == {"three@latest": "0.180.0"}
    shelf.update({"/esm/three@latest": "/esm/three@0.190.0", "/web/esm.sh/lit@3": "/esm/lit@3.3.1"})
    pin_version.apply((version.pk,))
    version.refresh_from_db()
    assert version.pins == {"three@latest": "0.180.0", "lit@3": "3.3.1"}


def test_the_next_version_and_a_remix_go_on_with_the_same_libraries(
    version: Version, shelf: dict[str, str], alice: User, bob: User
) -> None:
    pin_version.apply((version.pk,))
    version.refresh_from_db()
    shelf.clear()
    files = {"index.html": PAGE + b"<p>"}
    following = add_version(artifact=version.artifact, author=alice, files=files, origin=Origin(parent=version))
    for later in (following, remix_version(version=version, owner=bob)):
        pin_version.apply((later.pk,))
        later.refresh_from_db()
        assert later.pins == version.pins


def test_what_was_lost_with_a_worker_is_pinned_later(
    version: Version, monkeypatch: pytest.MonkeyPatch, shelf: dict[str, str]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(pin_version, "delay", asked.append)
    pin_forgotten()
    assert asked == []  # so new a one is still on its way
    Version.objects.update(created_at=timezone.now() - timedelta(hours=2))
    pin_forgotten()
    assert asked == [version.pk]
    pin_version.apply((version.pk,))
    pin_forgotten()
    assert asked == [version.pk]
