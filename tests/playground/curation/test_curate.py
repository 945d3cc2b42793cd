"""The curate page: who may do what, and what each decision does."""

import pytest
from django.utils import timezone

from playground.accounts.models import AuditEntry, User
from playground.artifacts.models import Artifact
from playground.curation.models import BlockedTerm, Policy, Report
from playground.curation.moderation import Curator, take_down
from playground.gallery.models import Collection, Entry, State, Tag
from tests.playground.curation.conftest import accepted, client_of, submitted

pytestmark = pytest.mark.django_db

PAGES = ["", "entries", "featured", "collections", "reports", "health", "takedowns"]
WORK = [  # of curators
    ("act", {"do": "accept", "entry": "{entry}"}),
    ("act", {"do": "take_down", "entry": "{entry}", "reason": "no"}),
    ("featured/order", {"entry": "{entry}"}),
    ("collections/new", {"title": "Toys"}),
    ("reports/{artifact}", {"do": "take_down", "reason": "no"}),
    ("takedowns/{artifact}/back", {}),
    ("health/{entry}/repair", {}),
]
ADMIN_WORK = [
    ("takedowns/new", {"artifact": "/a/{artifact}", "reason": "no"}),
    ("bans/new", {"who": "alice@example.com", "reason": "no"}),
    ("health/policy", {"on_break": "hide"}),
]


def act(user: User, do: str, *entries: Entry, **given: object) -> str:
    """What the page says afterwards."""
    body = {"do": do, "entry": [entry.pk for entry in entries], **given}
    return client_of(user).post("/curate/act", body, follow=True).text


def audit() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("path", PAGES)
def test_its_pages_are_for_curators_and_admins(path: str, alice: User, guest: User, curator: User, admin: User) -> None:
    submitted(alice)
    accepted(alice, "Other")
    address = f"/curate/{path}"
    assert client_of(None).get(address).status_code == 302
    assert client_of(guest).get(address).status_code == 302
    assert client_of(alice).get(address).status_code == 403
    for user in (curator, admin):
        answer = client_of(user).get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("path", "body"), [*WORK, *ADMIN_WORK])
def test_nobody_does_a_curators_work(path: str, body: dict[str, str], alice: User, bob: User, guest: User) -> None:
    entry = submitted(alice)
    Report.objects.create(artifact=entry.artifact, reason="other")
    before = audit()
    names = {"entry": entry.pk, "artifact": entry.artifact_id}
    body = {name: value.format(**names) for name, value in body.items()}
    for user, status in ((None, 302), (guest, 302), (bob, 403), (alice, 403)):
        assert client_of(user).post(f"/curate/{path.format(**names)}", body).status_code == status
    entry.refresh_from_db()
    assert entry.state == State.SUBMITTED
    assert not Artifact.objects.exclude(taken_down_at=None).exists()
    assert audit() == before


@pytest.mark.parametrize(("path", "body"), ADMIN_WORK)
def test_a_curator_does_not_do_an_admins_work(path: str, body: dict[str, str], alice: User, curator: User) -> None:
    entry = accepted(alice)
    body = {name: value.format(artifact=entry.artifact_id) for name, value in body.items()}
    assert client_of(curator).post(f"/curate/{path}", body).status_code == 403
    assert client_of(curator).get("/admin/").status_code == 302
    alice.refresh_from_db()
    assert alice.is_active
    assert not Artifact.objects.exclude(taken_down_at=None).exists()
    assert not Policy.objects.exists()


def test_an_admins_takedown_is_not_a_curators_to_take_back(alice: User, curator: User, admin: User) -> None:
    artifact = accepted(alice).artifact
    take_down(artifact, Curator(admin), "no")
    client_of(curator).post(f"/curate/takedowns/{artifact.pk}/back")
    artifact.refresh_from_db()
    assert artifact.taken_down_at
    client_of(admin).post(f"/curate/takedowns/{artifact.pk}/back")
    artifact.refresh_from_db()
    assert not artifact.taken_down_at


def test_a_submission_is_accepted_with_title_tags_and_collection(alice: User, curator: User) -> None:
    entry, tag = submitted(alice), Tag.objects.create(slug="toys", name="Toys")
    collection = Collection.objects.create(slug="wind", title="Wind")
    queue = client_of(curator).get("/curate/").text
    assert "a kite that flies" in queue
    assert 'sandbox="allow-scripts allow-forms allow-pointer-lock"' in queue
    said = act(
        curator,
        "accept",
        entry,
        title="The kite",
        title_zh="风筝",
        tags=[tag.pk],
        collection=collection.pk,
        next="/curate/",
    )
    assert "Nothing waits" in said
    entry.refresh_from_db()
    assert (entry.state, entry.title, entry.title_zh, entry.decided_by) == (State.ACCEPTED, "The kite", "风筝", curator)
    assert (list(entry.tags.all()), list(collection.entries.all())) == ([tag], [entry])
    assert Entry.objects.shown().get() == entry
    assert audit() == ["accepted"]


def test_the_author_reads_why_it_was_declined(alice: User, curator: User) -> None:
    entry = submitted(alice)
    assert "Say why" in act(curator, "decline", entry, reason=" ")
    act(curator, "decline", entry, reason="It is empty.")
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == (State.DECLINED, "It is empty.")
    assert not Entry.objects.shown().exists()
    assert audit() == ["declined"]


def test_many_at_once_and_one_that_is_refused_does_not_keep_the_others(alice: User, curator: User) -> None:
    BlockedTerm.objects.create(kind="word", text="Casino")
    fine, held = submitted(alice), submitted(alice, "casino royale")
    said = act(curator, "accept", fine, held, tags="", reason="")
    assert "held by the blocklist (Casino)" in said
    states = dict(Entry.objects.values_list("artifact__title", "state"))
    assert states == {"Kite": State.ACCEPTED, "casino royale": State.SUBMITTED}
    act(curator, "accept", held, despite="on")
    held.refresh_from_db()
    assert held.state == State.ACCEPTED
    assert "Casino" in str(AuditEntry.objects.order_by("pk").last().changes)  # type: ignore[union-attr]


def test_featuring_has_a_range_and_an_order(alice: User, curator: User) -> None:
    one, two, three = (accepted(alice, title) for title in ("One", "Two", "Three"))
    act(curator, "feature", one, two, three)
    assert list(Entry.objects.featured()) == [one, two, three]
    client = client_of(curator)
    order = [three.pk, one.pk, two.pk]
    assert (
        client.post("/curate/featured/order", {"entry": order}, headers={"Accept": "application/json"}).status_code
        == 204
    )
    assert list(Entry.objects.featured()) == [three, one, two]
    client.post("/curate/featured/order", {"entry": order, "move": f"{two.pk} up"})
    assert list(Entry.objects.featured()) == [three, two, one]
    act(curator, "feature", two, featured_from="2020-01-01T00:00", featured_until="2020-02-01T00:00")
    assert list(Entry.objects.featured()) == [three, one]
    assert "after it begins" in act(curator, "feature", one, featured_until="2020-02-01T00:00")
    act(curator, "unfeature", three)
    assert list(Entry.objects.featured()) == [one]
    assert one.featured_from is None or one.featured_from <= timezone.now()


def test_a_collection_is_made_filled_put_in_order_and_covered(alice: User, curator: User) -> None:
    one, two = accepted(alice, "One"), accepted(alice, "Two")
    client = client_of(curator)
    assert client.post("/curate/collections/new", {"title": "Wind toys"}).url == "/curate/collections/wind-toys"  # type: ignore[attr-defined]
    collection = Collection.objects.get()
    act(curator, "collect", one, two, collection=collection.pk)
    client.post("/curate/collections/wind-toys/order", {"entry": [two.pk, one.pk]})
    assert list(collection.entries.order_by("memberships__position")) == [two, one]
    stranger = accepted(alice, "Three")
    client.post("/curate/collections/wind-toys/change", {"title": "Wind", "cover": stranger.pk})
    assert Collection.objects.get().cover is None
    client.post("/curate/collections/wind-toys/change", {"title": "Wind", "title_zh": "风", "cover": one.pk})
    collection.refresh_from_db()
    assert (collection.title, collection.title_zh, collection.cover) == ("Wind", "风", one)
    act(curator, "leave", two, collection=collection.pk)
    assert list(collection.entries.all()) == [one]
    client.post("/curate/collections/wind-toys/change", {"do": "delete"})
    assert not Collection.objects.exists()
    assert Entry.objects.count() == 3


def test_hiding_taking_down_and_the_way_back(alice: User, curator: User) -> None:
    entry = accepted(alice)
    act(curator, "hide", entry, reason="For now.")
    assert not Entry.objects.shown().exists()
    assert client_of(None).get(entry.get_absolute_url()).status_code == 200
    act(curator, "accept", entry)
    act(curator, "take_down", entry, reason="It is stolen.")
    assert client_of(None).get(entry.get_absolute_url()).status_code == 410
    client_of(curator).post(f"/curate/takedowns/{entry.artifact_id}/back")
    assert client_of(None).get(entry.get_absolute_url()).status_code == 200
    assert Entry.objects.shown().get() == entry


def test_forms_lead_back_to_our_pages_only(alice: User, curator: User) -> None:
    entry = submitted(alice)
    client = client_of(curator)
    for address in ("https://evil.example/curate/", "//evil.example", "/admin/"):
        answer = client.post("/curate/act", {"do": "check", "entry": entry.pk, "next": address})
        assert answer.url == "/curate/"  # type: ignore[attr-defined]


def test_admins_ban_by_address_or_by_page(alice: User, bob: User, admin: User) -> None:
    entry = accepted(bob)
    client = client_of(admin)
    client.post("/curate/bans/new", {"who": "ALICE@example.com", "reason": "Spam"})
    client.post("/curate/bans/new", {"who": f"http://localhost:8000{entry.get_absolute_url()}/v/1", "reason": "Spam"})
    assert not User.objects.filter(pk__in=[alice.pk, bob.pk], is_active=True).exists()
    client.post(f"/curate/bans/{bob.pk}/lift")
    assert Entry.objects.shown().get() == entry
    assert audit()[-3:] == ["banned", "banned", "lifted the ban of"]
