"""Reports by anybody, in small numbers, decided by curators; and the blocklist, which holds what it names."""

import pytest
from django.test import Client

from playground.accounts.models import AuditEntry, User
from playground.accounts.quotas import REPORTS_PER_HOUR
from playground.artifacts.access import set_password
from playground.artifacts.models import Artifact, Visibility
from playground.artifacts.services import add_version
from playground.checks.models import Check, State
from playground.curation.blocklist import find_blocked
from playground.curation.models import BlockedTerm, Report, ReportState
from playground.gallery.models import State as Standing
from tests.playground.curation.conftest import accepted, client_of, publish, submitted

pytestmark = pytest.mark.django_db


def report(artifact: Artifact, client: Client | None = None, **body: str) -> int:
    given = {"reason": "harm", "text": "It shouts.", **body}
    return (client or Client()).post(f"/a/{artifact.pk}/report", given).status_code


def test_a_visitor_reports_without_signing_in_and_no_account_is_made(alice: User) -> None:
    artifact = publish(alice).artifact
    page = Client().get(artifact.get_absolute_url()).text
    assert f'href="/a/{artifact.pk}/report"' in page
    assert "/report" not in client_of(alice).get(artifact.get_absolute_url()).text
    assert Client().get(f"/a/{artifact.pk}/report").status_code == 200
    users = User.objects.count()
    assert report(artifact) == 200
    found = Report.objects.get()
    assert (found.artifact, found.reason, found.text, found.reporter) == (artifact, "harm", "It shouts.", None)
    assert (found.state, User.objects.count()) == (ReportState.OPEN, users)


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": "nonsense"}, {"text": "x" * 2_001}])
def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(alice: User, body: dict[str, str]) -> None:
    artifact = publish(alice).artifact
    given = {"reason": "harm", "text": "It shouts.", **body}
    answer = Client().post(f"/a/{artifact.pk}/report", given)
    assert answer.status_code == 400
    assert given["text"] in answer.text
    assert not Report.objects.exists()


def test_reports_are_few_by_address_and_by_person(alice: User, bob: User) -> None:
    artifact = publish(alice).artifact
    assert [report(artifact) for _ in range(REPORTS_PER_HOUR + 1)] == [200] * REPORTS_PER_HOUR + [429]
    assert report(artifact, client_of(bob)) == 429  # from the same address
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert report(artifact, elsewhere) == 200


def test_one_reports_only_what_one_may_open(alice: User) -> None:
    private, locked = publish(alice).artifact, publish(alice).artifact
    Artifact.objects.filter(pk=private.pk).update(visibility=Visibility.PRIVATE)
    set_password(locked, "open sesame")
    assert (report(private), report(locked)) == (404, 403)
    assert not Report.objects.exists()


def test_all_reports_of_an_artifact_are_dismissed_together(alice: User, curator: User) -> None:
    artifact, other = publish(alice).artifact, publish(alice, "Boat").artifact
    for text in ("It shouts.", "It shouts again."):
        report(artifact, text=text)
    report(other)
    client = client_of(curator)
    page = client.get("/curate/reports").text
    assert page.count("It shouts") == 3
    client.post(f"/curate/reports/{artifact.pk}", {"do": "dismiss"})
    assert list(Report.objects.order_by("pk").values_list("state", flat=True)) == ["dismissed", "dismissed", "open"]
    assert Report.objects.first().decided_by == curator  # type: ignore[union-attr]
    assert "It shouts again" in client.get("/curate/reports?state=dismissed").text
    assert AuditEntry.objects.get().action == "dismissed reports of"


def test_acting_takes_down_or_hides_and_needs_a_reason(alice: User, curator: User) -> None:
    entry, other = accepted(alice), accepted(alice, "Boat")
    report(entry.artifact)
    report(other.artifact)
    client = client_of(curator)
    client.post(f"/curate/reports/{entry.artifact_id}", {"do": "take_down", "reason": " "})
    assert Report.objects.filter(state=ReportState.OPEN).count() == 2
    client.post(f"/curate/reports/{entry.artifact_id}", {"do": "take_down", "reason": "It harasses."})
    client.post(f"/curate/reports/{other.artifact_id}", {"do": "hide", "reason": "Too loud."})
    other.refresh_from_db()
    assert (other.state, other.reason) == (Standing.HIDDEN, "Too loud.")
    assert "It harasses." in Client().get(entry.get_absolute_url()).text
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.ACTED}


def test_a_curator_does_not_look_into_what_became_private(alice: User, curator: User) -> None:
    artifact = publish(alice).artifact
    report(artifact)
    Artifact.objects.update(visibility=Visibility.PRIVATE)
    assert "<iframe" not in client_of(curator).get("/curate/reports").text


@pytest.mark.parametrize(
    ("kind", "text", "page", "is_held"),
    [
        ("word", "Casino", "<p>the CASINO opens</p>", True),
        ("word", "casino", "<p>casinos</p>", False),
        ("word", "free money", "<p>free\n  money</p>", True),
        ("word", "赌场", "<p>最大的赌场开业</p>", True),
        ("word", "kite", "<p>-</p>", True),  # of the title
        ("word", "flies", "<p>-</p>", True),  # of the wish
        ("host", "ads.example.com", "<script src=https://ads.example.com/x.js></script>", True),
        ("host", "example.com", "<img src='//deep.ads.EXAMPLE.com/x'>", True),
        ("host", "example.com", "<a href='https://notexample.com/'>", False),
        ("host", "example.com", "<p>example.com in words</p>", False),
    ],
)
def test_the_blocklist_finds_words_and_hosts(alice: User, kind: str, text: str, page: str, is_held: bool) -> None:
    BlockedTerm.objects.create(kind=kind, text=text)
    version = publish(alice, page=page)
    assert bool(find_blocked(version)) == is_held


def test_hosts_that_the_check_saw_or_the_owner_allowed_count(alice: User) -> None:
    BlockedTerm.objects.create(kind="host", text="tracker.example")
    version = publish(alice)
    measured = {"browser": "156", "seed": 1, "blocked": ["cdn.tracker.example"]}
    check = Check.objects.create(version=version, state=State.DONE, measured=measured)
    assert find_blocked(version)[0].place == "what it asks for"
    check.delete()
    Artifact.objects.update(allowed_hosts=["tracker.example"])
    assert [finding.place for finding in find_blocked(Artifact.objects.get().latest)] == ["allowed hosts"]


def test_the_description_counts(alice: User) -> None:
    BlockedTerm.objects.create(kind="word", text="casino")
    publish(alice)
    Artifact.objects.update(description="My casino")
    assert [finding.place for finding in find_blocked(Artifact.objects.get().latest)] == ["description"]


def test_what_is_held_says_why_and_is_accepted_only_on_purpose(alice: User, curator: User) -> None:
    BlockedTerm.objects.create(kind="word", text="casino", note="Spam wave")
    entry = submitted(alice)
    add_version(artifact=entry.artifact, author=alice, files={"index.html": b"<p>casino</p>"})
    assert Client().get(entry.get_absolute_url()).status_code == 200  # publishing is free
    client = client_of(curator)
    queue = client.get("/curate/").text
    assert "“casino” in index.html" in queue
    assert "Spam wave" in queue
    client.post("/curate/act", {"do": "accept", "entry": entry.pk})
    entry.refresh_from_db()
    assert entry.state == Standing.SUBMITTED
    client.post("/curate/act", {"do": "accept", "entry": entry.pk, "despite": "on"})
    entry.refresh_from_db()
    assert entry.state == Standing.ACCEPTED
