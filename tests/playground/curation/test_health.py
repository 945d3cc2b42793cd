"""Nightly checks: spread out, one at a time; two broken verdicts in a row count, and repairs wait for a word."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from playground.accounts.models import AuditEntry, User
from playground.artifacts.models import Artifact, Visibility
from playground.artifacts.services import add_version
from playground.builds.models import Build
from playground.checks.models import Check, State
from playground.curation.health import PATIENCE, begin_round, tend
from playground.curation.models import Health, OnBreak, Policy, Repair, RepairState
from playground.gallery.models import Entry
from playground.gallery.models import State as Standing
from playground.protocol import RunStatus
from playground.runs.models import Run
from tests.conftest import connect_model
from tests.playground.curation.conftest import accepted, client_of, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def answer(verdict: str) -> None:
    """What waits is checked, as a worker would."""
    waiting = Check.objects.filter(state=State.QUEUED)
    assert waiting.count() == 1
    gates = [{"name": "runs", "outcome": "failed", "code": "hung"}] if verdict == "broken" else []
    waiting.update(state=State.DONE, verdict=verdict, finished_at=timezone.now(), gates=gates)


def night(*verdicts: str) -> None:
    """A round in which the one entry gets these verdicts."""
    begin_round()
    for verdict in verdicts:
        tend()
        answer(verdict)
    tend()


def health() -> Health:
    return Health.objects.get()


@pytest.fixture
def entry(alice: User) -> Entry:
    entry = accepted(alice)
    Check.objects.all().delete()
    return entry


def test_what_is_shown_is_checked_one_after_the_other(alice: User, curator: User) -> None:
    shown = [accepted(alice, title) for title in ("One", "Two")]
    submitted(alice, "Three")
    private = accepted(alice, "Four")
    Artifact.objects.filter(pk=private.artifact_id).update(visibility=Visibility.PRIVATE)
    Check.objects.all().delete()
    begin_round()
    assert {each.entry for each in Health.objects.filter(is_due=True)} == set(shown)
    for _ in range(3):
        tend()
        assert Check.objects.count() == 1  # the others wait
    answer("works_well")
    tend()
    answer("works_well")
    tend()
    assert Check.objects.count() == 2
    assert not Health.objects.filter(is_due=True).exists()
    tend()
    assert not Check.objects.filter(state=State.QUEUED).exists()


def test_a_single_broken_verdict_changes_nothing(entry: Entry) -> None:
    Policy.objects.create(on_break=OnBreak.HIDE)
    night("broken", "works_well")
    assert (health().broken, health().broken_since) == (0, None)
    night("not_verified")
    night("broken", "not_verified")
    night("usable")
    assert Entry.objects.shown().get() == entry
    assert health().broken_since is None


def test_two_in_a_row_flag_it_or_hide_it_as_the_policy_has_it(entry: Entry) -> None:
    night("broken", "broken")
    assert health().broken_since
    assert Entry.objects.shown().get() == entry
    night("works_well")
    assert health().broken_since is None
    Policy.objects.create(on_break=OnBreak.HIDE)
    night("broken", "broken")
    entry.refresh_from_db()
    assert entry.state == Standing.HIDDEN
    assert "comes back" in entry.reason
    assert "恢复" in entry.reason
    night("broken")
    assert not Entry.objects.shown().exists()
    night("works_well")
    assert Entry.objects.shown().get() == entry
    assert not health().has_hidden
    assert AuditEntry.objects.filter(actor=None, action__contains="hidden").count() == 1


def test_another_version_begins_anew(entry: Entry, alice: User) -> None:
    begin_round()
    tend()
    answer("broken")
    add_version(artifact=entry.artifact, author=alice, files={"index.html": b"new"})
    Check.objects.filter(state=State.QUEUED).delete()
    tend()
    answer("broken")
    tend()
    assert (health().broken, health().broken_since) == (1, None)


def test_a_check_that_never_comes_is_left_for_the_next_night(entry: Entry) -> None:
    begin_round()
    tend()
    Health.objects.update(asked_at=timezone.now() - PATIENCE - timedelta(seconds=1))
    tend()
    assert (health().asked_at, health().is_due, health().broken) == (None, False, 0)


@override_settings(SENDS_MAIL=True)
def test_curators_are_told_once(entry: Entry, curator: User, admin: User, alice: User) -> None:
    night("broken", "broken")
    night("broken")
    assert sorted(message.to[0] for message in mail.outbox) == ["admin@example.com", "curator@example.com"]
    assert "/curate/health" in mail.outbox[0].body
    assert "1 entry is broken" in client_of(curator).get("/curate/").text


def test_without_mail_the_page_tells_it(entry: Entry, curator: User) -> None:
    night("broken", "broken")
    assert mail.outbox == []
    assert "Order a repair" in client_of(curator).get("/curate/health").text


def order(curator: User, entry: Entry) -> Repair:
    connect_model("http://localhost:9")
    client_of(curator).post(f"/curate/health/{entry.pk}/repair")
    return Repair.objects.select_related("run__base__artifact").get()


def finish(repair: Repair, page: bytes = b"<p>mended</p>") -> None:
    """As a build ends."""
    assert repair.run
    assert repair.run.base
    artifact, owner = repair.run.base.artifact, repair.run.author
    assert owner
    version = add_version(artifact=artifact, author=owner, files={"index.html": page})
    Run.objects.filter(pk=repair.run.pk).update(status=RunStatus.FINISHED, version=version)


def test_a_repair_is_a_build_in_a_private_copy_with_what_failed_in_its_wish(entry: Entry, curator: User) -> None:
    night("broken", "broken")
    repair = order(curator, entry)
    assert repair.run
    copy = repair.run.base.artifact if repair.run.base else None
    assert copy
    assert (copy.owner, copy.visibility, copy.remixed_from, copy.latest.files) == (
        curator,
        Visibility.PRIVATE,
        None,
        entry.artifact.latest.files,
    )
    assert "Repair it" in repair.run.prompt
    assert "What a check in a browser found:\n- " in repair.run.prompt
    assert Build.objects.get().run == repair.run
    assert entry.artifact.versions.count() == 1
    client_of(curator).post(f"/curate/health/{entry.pk}/repair")
    assert Repair.objects.count() == 1


def test_publishing_a_repair_is_the_next_version_and_shows_it_again(entry: Entry, curator: User, alice: User) -> None:
    Policy.objects.create(on_break=OnBreak.HIDE)
    night("broken", "broken")
    repair = order(curator, entry)
    address = f"/curate/repairs/{repair.pk}"
    client_of(curator).post(address, {"do": "approve"})  # nothing has come of it yet
    assert entry.artifact.versions.count() == 1
    finish(repair)
    assert "1 repair waits for your word" in client_of(curator).get("/curate/").text
    assert client_of(alice).post(address, {"do": "approve"}).status_code == 403
    for _ in range(2):
        client_of(curator).post(address, {"do": "approve"})
    version = entry.artifact.latest
    assert (version.number, version.label, version.author) == (2, "Repaired", curator)
    assert version.files["index.html"]["size"] == len(b"<p>mended</p>")
    assert Entry.objects.shown().get() == entry
    assert Repair.objects.get().published == version
    assert health().broken_since is None


def test_declining_leaves_all_as_it_is(entry: Entry, curator: User) -> None:
    night("broken", "broken")
    repair = order(curator, entry)
    finish(repair)
    client_of(curator).post(f"/curate/repairs/{repair.pk}", {"do": "decline"})
    assert entry.artifact.versions.count() == 1
    assert Repair.objects.get().state == RepairState.DECLINED
    assert health().broken_since
    client_of(curator).post(f"/curate/health/{entry.pk}/repair")
    assert Repair.objects.filter(state=RepairState.OPEN).count() == 1


def test_a_repair_does_not_overwrite_what_the_owner_has_made(entry: Entry, curator: User, alice: User) -> None:
    night("broken", "broken")
    repair = order(curator, entry)
    finish(repair)
    add_version(artifact=entry.artifact, author=alice, files={"index.html": b"by hand"})
    said = client_of(curator).post(f"/curate/repairs/{repair.pk}", {"do": "approve"}, follow=True).text
    assert "another version in the meantime" in said
    assert entry.artifact.versions.count() == 2
    assert Repair.objects.get().state == RepairState.OPEN


def test_without_a_model_that_builds_nothing_is_begun(entry: Entry, curator: User) -> None:
    night("broken", "broken")
    artifacts = Artifact.objects.count()
    answer = client_of(curator).post(f"/curate/health/{entry.pk}/repair", follow=True)
    assert "errors" in answer.text or "error" in answer.text
    assert (Repair.objects.count(), Artifact.objects.count()) == (0, artifacts)
