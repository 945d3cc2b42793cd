"""The view count counts people, not reloads."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from playground.accounts.models import User
from playground.artifacts.models import Artifact
from playground.artifacts.services import create_artifact

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15"

pytestmark = pytest.mark.django_db


@pytest.fixture
def artifact(alice: User) -> Artifact:
    return create_artifact(owner=alice, title="Clock", files={"index.html": b"<h1>Clock</h1>"}).artifact


@pytest.fixture
def kept() -> Iterator[list[tuple[object, ...]]]:
    """What the cache is told."""
    told: list[tuple[object, ...]] = []
    add = cache.add

    def listen(*arguments: object) -> bool:
        told.append(arguments)
        return add(*arguments)  # type: ignore[arg-type]

    with patch.object(cache, "add", listen):
        yield told


def open_page(
    artifact: Artifact, agent: str = FIREFOX, user: User | None = None, address: str = "192.0.2.1", purpose: str = ""
) -> int:
    """The count after one visit, in a browser that was just opened."""
    client = Client()
    if user:
        client.force_login(user)
    headers = {"user-agent": agent, "sec-purpose": purpose}
    answer = client.get(artifact.get_absolute_url(), headers=headers, REMOTE_ADDR=address)
    assert answer.status_code == 200
    artifact.refresh_from_db()
    return artifact.views


def test_a_person_counts_once(artifact: Artifact) -> None:
    assert [open_page(artifact), open_page(artifact), open_page(artifact, SAFARI)] == [1, 1, 2]
    assert open_page(artifact, address="192.0.2.2") == 3


def test_an_account_counts_once_wherever_it_is(artifact: Artifact, bob: User) -> None:
    assert open_page(artifact, user=bob) == 1
    assert open_page(artifact, SAFARI, bob, address="192.0.2.9") == 1


def test_all_versions_are_one(artifact: Artifact) -> None:
    open_page(artifact)
    Client().get(f"{artifact.get_absolute_url()}/v/1", headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.1")
    artifact.refresh_from_db()
    assert artifact.views == 1


def test_the_owner_and_programs_do_not_count(artifact: Artifact, alice: User) -> None:
    assert open_page(artifact, user=alice) == 0
    for agent in ("", "Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/8.14.1", "Slackbot-LinkExpanding 1.0"):
        assert open_page(artifact, agent) == 0
    assert open_page(artifact, purpose="prefetch") == 0


def test_the_address_is_kept_nowhere_and_tomorrow_is_another_day(
    artifact: Artifact, kept: list[tuple[object, ...]]
) -> None:
    assert open_page(artifact) == 1
    tomorrow = timezone.now() + timedelta(days=1)
    with patch("playground.gallery.visits.timezone.now", return_value=tomorrow):
        assert open_page(artifact) == 2
    keys = [str(key) for key, *_rest in kept if str(key).startswith("visit:")]
    assert len(set(keys)) == 2
    assert not any("192.0.2.1" in key or "Firefox" in key for key in keys)
    assert all(seconds == 86_400 for key, _value, seconds in kept if str(key).startswith("visit:"))


def test_without_the_cache_the_page_still_opens(artifact: Artifact) -> None:
    with patch.object(cache, "add", side_effect=ConnectionError("away")):
        assert open_page(artifact) == 0
