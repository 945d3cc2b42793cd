"""Into the gallery and out of it: who may do what, and what then shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone, translation

from playground.accounts.models import User
from playground.artifacts.access import set_password
from playground.artifacts.models import Artifact, Visibility
from playground.artifacts.services import Origin, add_version, create_artifact
from playground.checks.models import Check
from playground.errors import BadInput, NotFound, PlaygroundError
from playground.gallery.management.commands.load_demos import TAGS
from playground.gallery.models import Collection, Demo, Entry, State, Tag
from playground.gallery.services import accept, decline, submit, withdraw
from playground.gallery.tiles import make_tiles
from playground.reel.clips import load_clips

pytestmark = pytest.mark.django_db


def make(owner: User, title: str = "Kite", prompt: str = "a kite that flies") -> Artifact:
    return create_artifact(
        owner=owner, title=title, files={"index.html": b"<h1>kite</h1>"}, origin=Origin(prompt=prompt)
    ).artifact


def shown() -> list[str]:
    return [entry.artifact.title for entry in Entry.objects.shown()]


def test_submitting_makes_it_public_and_shows_it_when_it_is_accepted(alice: User, admin: User) -> None:
    artifact = make(alice)
    add_version(artifact=artifact, author=alice, files={"index.html": b"2"}, origin=Origin(prompt="make it red"))
    entry = submit(artifact, alice)
    artifact.refresh_from_db()
    assert (entry.state, artifact.visibility, shown()) == (State.SUBMITTED, Visibility.PUBLIC, [])
    assert entry.wish == "a kite that flies"
    accept(entry, admin, title="The kite", title_zh="风筝", tags=[Tag.objects.create(slug="toy", name="Toys")])
    assert shown() == ["Kite"]
    assert (entry.shown_title, entry.decided_by) == ("The kite", admin)
    with translation.override("zh-hans"):
        assert entry.shown_title == "风筝"
    assert submit(artifact, alice).state == State.ACCEPTED


def test_submitting_opens_it_to_everybody_for_good(alice: User, admin: User) -> None:
    artifact = make(alice)
    set_password(artifact, "secret")
    Artifact.objects.update(expires_at=timezone.now())
    artifact.refresh_from_db()
    accept(submit(artifact, alice), admin)
    assert shown() == ["Kite"]
    set_password(artifact, "secret")
    assert shown() == []


def test_nobody_submits_or_withdraws_what_is_somebody_elses(alice: User, bob: User) -> None:
    artifact = make(alice)
    with pytest.raises(NotFound):
        submit(artifact, bob)
    entry = submit(artifact, alice)
    with pytest.raises(NotFound):
        withdraw(artifact, bob)
    assert Entry.objects.get() == entry


def test_a_guest_is_asked_to_sign_up_and_nothing_becomes_public(guest: User) -> None:
    artifact = make(guest)
    with pytest.raises(PlaygroundError, match="Sign up"):
        submit(artifact, guest)
    artifact.refresh_from_db()
    assert artifact.visibility == Visibility.LINK


def test_what_was_declined_is_looked_at_again(alice: User, admin: User) -> None:
    artifact = make(alice)
    entry = submit(artifact, alice)
    with pytest.raises(BadInput):
        decline(entry, admin, "  ")
    decline(entry, admin, "It does not fly.")
    entry.refresh_from_db()
    assert (entry.state, entry.reason, shown()) == (State.DECLINED, "It does not fly.", [])
    assert submit(artifact, alice).state == State.SUBMITTED
    assert list(Entry.objects.waiting()) == [entry]
    accept(entry, admin)
    assert (entry.reason, shown()) == ("", ["Kite"])
    withdraw(artifact, alice)
    assert shown() == []


def test_what_is_private_or_of_somebody_shut_out_never_shows(alice: User, admin: User) -> None:
    artifact = make(alice)
    accept(submit(artifact, alice), admin)
    for visibility in (Visibility.PRIVATE, Visibility.LINK):
        Artifact.objects.update(visibility=visibility)
        assert shown() == []
    Artifact.objects.update(visibility=Visibility.PUBLIC)
    assert shown() == ["Kite"]
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert shown() == []


def test_featured_between_two_dates_in_the_curators_order(alice: User, admin: User) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    for title, since, until, position in [
        ("second", now - hour, None, 1),
        ("first", now - hour, now + hour, 0),
        ("over", now - 2 * hour, now - hour, 0),
        ("not yet", now + hour, None, 0),
        ("never", None, None, 0),
    ]:
        entry = submit(make(alice, title), alice)
        entry.featured_from, entry.featured_until, entry.position = since, until, position
        accept(entry, admin)
    assert [str(entry) for entry in Entry.objects.featured()] == ["first", "second"]


@pytest.fixture
def clips(monkeypatch: pytest.MonkeyPatch) -> int:
    few = load_clips()[:4]
    monkeypatch.setattr("playground.gallery.management.commands.load_demos.load_clips", lambda: few)
    return len(few)


def test_the_demos_are_a_collection_and_stay_as_a_curator_leaves_them(clips: int, admin: User) -> None:
    call_command("load_demos")
    first = load_clips()[0]
    collection = Collection.objects.get(slug="demos")
    assert [entry.title for entry in collection.entries.order_by("memberships__position")] == [
        clip.title["en"] for clip in load_clips()[:clips]
    ]
    assert len(Entry.objects.shown().featured()) == 3
    entry = Demo.objects.get(slug=first.slug).artifact.entry
    assert (entry.wish, entry.title_zh) == (first.prompt["en"], first.title["zh"])
    assert {tag.slug for tag in entry.tags.all()} == set(first.tags)
    decline(entry, admin, "Seen too often.")
    collection.memberships.filter(entry=entry).delete()
    call_command("load_demos")
    assert len(Entry.objects.shown()) == clips - 1
    assert collection.entries.count() == clips - 1


@pytest.mark.parametrize(("has_checks", "state"), [(False, "none"), (True, "queued")])
def test_the_demos_have_pictures_from_the_start_and_no_verdict(
    clips: int,
    has_checks: bool,
    state: str,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.CHECKS = has_checks
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demos")
    tiles = make_tiles(Entry.objects.all())
    assert [tile.still is not None for tile in tiles] == [True] * clips
    checks = Check.objects.all()
    assert {(check.state, check.verdict) for check in checks} == {(state, "not_verified")}
    own = Check.objects.update(pictures={"thumbnail": "its own"})
    call_command("load_demos")
    assert [check.pictures for check in Check.objects.all()] == [{"thumbnail": "its own"}] * own


def test_pictures_of_other_files_are_not_given(clips: int, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = [replace(clip, files={"index.html": b"<h1>Another</h1>"}) for clip in load_clips()[:clips]]
    monkeypatch.setattr("playground.gallery.management.commands.load_demos.load_clips", lambda: changed)
    call_command("load_demos")
    assert not Check.objects.exists()


def test_each_tag_of_a_clip_has_its_names() -> None:
    assert {tag for clip in load_clips() for tag in clip.tags} <= TAGS.keys()
