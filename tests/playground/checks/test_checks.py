"""When checks run, what becomes of them, and who may see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from agents.browser import INSTALL, Level, Measurements, Pictures
from playground.accounts.models import ApiToken, User
from playground.artifacts.models import Version, Visibility
from playground.artifacts.services import create_artifact
from playground.checks.models import Check, Reason, State
from playground.checks.running import run_check
from playground.checks.services import (
    MOST_FAILURES,
    claim_check,
    finish_check,
    give_pictures,
    is_checked,
    order_check,
    reclaim_checks,
    retry_check,
)

pytestmark = pytest.mark.django_db

GOOD = Measurements(browser="156", seed=1, status=200, ready_ms=90, ink=(0.2, 0.2, 0.2), text_length=40)
PICTURES = Pictures(shots={"0.5": b"one", "phone": b"tall"}, thumbnail=b"thumbnail", film=b"film")


@pytest.fixture
def version(alice: User) -> Version:
    return create_artifact(owner=alice, title="A page", files={"index.html": b"<p>Hi</p>"})


def claim(version: Version) -> Check:
    order_check(version)
    claimed = claim_check()
    assert claimed
    return claimed


def path(version: Version, what: str = "check") -> str:
    return f"/api/artifacts/{version.artifact_id}/versions/{version.number}/{what}"


def lose(check: Check) -> None:
    Check.objects.filter(pk=check.pk).update(alive_at=timezone.now() - timedelta(minutes=1))


def test_no_more_run_at_once_than_may(alice: User, version: Version, settings: LazySettings) -> None:
    settings.CHECKS_AT_ONCE = 2
    for _ in range(3):
        order_check(create_artifact(owner=alice, title="Another", files={"index.html": b"<p>Hi</p>"}))
    first, second = claim_check(), claim_check()
    assert first
    assert second
    assert claim_check() is None
    finish_check(first, GOOD, PICTURES, Level.BUBBLEWRAP, 9000)
    assert claim_check() is not None


def test_a_version_is_checked_once_at_a_time(version: Version) -> None:
    assert order_check(version) == order_check(version)
    claimed = claim_check()
    assert claimed
    assert order_check(version).state == State.RUNNING


def test_what_is_lost_with_its_worker_is_done_again_and_the_late_one_writes_nothing(version: Version) -> None:
    lost = claim(version)
    assert not reclaim_checks(), "it is alive"
    lose(lost)
    assert reclaim_checks()
    taken = claim_check()
    assert taken
    assert taken.attempt == lost.attempt + 1
    finish_check(lost, GOOD, PICTURES, Level.PROXY, 1)
    taken.refresh_from_db()
    assert taken.state == State.RUNNING
    finish_check(taken, GOOD, PICTURES, Level.BUBBLEWRAP, 9000)
    taken.refresh_from_db()
    assert (taken.state, taken.verdict, taken.level, taken.slot) == (State.DONE, "works_well", "bubblewrap", None)


def test_what_ends_its_worker_every_time_is_given_up(version: Version) -> None:
    order_check(version)
    for _ in range(MOST_FAILURES):
        claimed = claim_check()
        assert claimed
        lose(claimed)
        reclaim_checks()
    check = Check.objects.get()
    assert (check.state, check.verdict, check.reason) == (State.DONE, "not_verified", Reason.LOST)
    order_check(version)
    again = claim_check()
    assert again
    assert again.failures == 0


def test_a_browser_that_fails_is_tried_again(version: Version) -> None:
    retry_check(claim(version), Reason.NO_START)
    assert Check.objects.get().state == State.QUEUED


def test_without_a_browser_it_says_how_to_install_one(client: Client, version: Version, settings: Any) -> None:
    settings.CHROMIUM = "/nowhere/chromium"
    run_check(claim(version))
    told = client.get(path(version)).json()
    assert (told["state"], told["verdict"], told["install"]) == ("done", "not_verified", INSTALL)
    assert "operator" in told["why"]
    shown = client.get(version.get_absolute_url()).content.decode()
    assert INSTALL in shown
    assert "Not verified" in shown


def test_the_answer_has_verdict_gates_numbers_and_pictures(client: Client, version: Version) -> None:
    assert client.get(path(version)).json()["state"] == "none"
    finish_check(claim(version), GOOD, PICTURES, Level.BUBBLEWRAP, 9000)
    told = client.get(path(version)).json()
    assert (told["verdict"], told["words"], told["level"]) == ("works_well", "Works well", "no network (bubblewrap)")
    assert [gate["name"] for gate in told["gates"]][:3] == ["loads", "runs", "shows"]
    assert told["numbers"]["ready_ms"] == 90
    pictures = told["pictures"]
    for url, content in (
        (pictures["thumbnail"], b"thumbnail"),
        (pictures["film"], b"film"),
        (pictures["shots"]["0.5"], b"one"),
        (path(version, "picture"), b"thumbnail"),
        (path(version, "picture?animated=1"), b"film"),
    ):
        answer = client.get(url)
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, content, "image/webp")
        assert ("immutable" in answer["Cache-Control"]) == ("v=" in url)
        assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(path(version, "picture?shot=5")).status_code == 404


def test_while_it_is_checked_again_what_was_found_stays(client: Client, version: Version) -> None:
    finish_check(claim(version), GOOD, PICTURES, Level.BUBBLEWRAP, 9000)
    order_check(version)
    told = client.get(path(version)).json()
    assert (told["state"], told["verdict"]) == ("queued", "works_well")


def test_pictures_from_elsewhere_are_no_check(client: Client, version: Version, settings: Any) -> None:
    give_pictures(version, {"thumbnail": b"shipped", "film": b"moving"})
    assert not is_checked(version)
    told = client.get(path(version)).json()
    assert (told["state"], told["words"], told["gates"], told["checked_at"]) == ("none", "Not verified", [], None)
    assert client.get(told["pictures"]["thumbnail"]).content == b"shipped"
    assert "has not been checked" in client.get(version.get_absolute_url()).content.decode()
    settings.CHROMIUM = "/nowhere/chromium"
    run_check(claim(version))
    told = client.get(path(version)).json()
    assert (told["state"], told["words"]) == ("done", "Not verified")
    assert client.get(told["pictures"]["film"]).content == b"moving"
    finish_check(claim(version), GOOD, PICTURES, Level.BUBBLEWRAP, 9000)
    give_pictures(version, {"thumbnail": b"shipped"})
    assert client.get(path(version, "picture")).content == b"thumbnail"


def test_a_private_version_shows_its_check_to_its_owner_alone(client: Client, alice: User, bob: User) -> None:
    files = {"index.html": b"<p>Hi</p>"}
    version = create_artifact(owner=alice, title="Mine", files=files, visibility=Visibility.PRIVATE)
    finish_check(claim(version), GOOD, PICTURES, Level.BUBBLEWRAP, 9000)
    verify = f"{version.get_absolute_url()}/verify"
    for who in (None, bob):
        if who:
            client.force_login(who)
        assert client.get(path(version)).status_code == 404
        assert client.get(path(version, "picture")).status_code == 404
        assert client.post(path(version)).status_code == 404
        assert client.post(verify).status_code == 404
    assert Check.objects.get().state == State.DONE
    client.force_login(alice)
    assert client.get(path(version, "picture")).status_code == 200


def test_whoever_may_open_it_may_verify_it_again_but_not_without_end(
    client: Client, version: Version, bob: User, settings: LazySettings
) -> None:
    settings.CHECKS_PER_HOUR = 2
    _token, plain = ApiToken.objects.issue(bob, "test")
    headers = {"Authorization": f"Bearer {plain}"}
    answer = client.post(path(version), headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert client.post(path(version), headers=headers).status_code == 202
    refused = client.post(path(version), headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "quota_exceeded")


def test_a_permalink_orders_a_check_without_scripts(client: Client, version: Version) -> None:
    assert "has not been checked" in client.get(version.get_absolute_url()).content.decode()
    client.post(f"{version.get_absolute_url()}/verify")
    assert Check.objects.get().state == State.QUEUED


@pytest.mark.parametrize("is_on", [True, False])
def test_a_new_version_orders_its_check_where_that_is_wanted(
    alice: User, settings: LazySettings, is_on: bool, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CHECKS = is_on
    with django_capture_on_commit_callbacks(execute=True):
        create_artifact(owner=alice, title="A page", files={"index.html": b"<p>Hi</p>"})
    assert Check.objects.exists() == is_on
