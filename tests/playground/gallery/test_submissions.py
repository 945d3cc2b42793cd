"""An owner's way into the gallery, by the permalink's forms and by the API; and that it is nobody else's."""

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.artifacts.models import Artifact, Visibility
from playground.artifacts.services import create_artifact
from playground.gallery.models import Entry, State
from playground.gallery.services import decline

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def kite(alice: User) -> Artifact:
    return create_artifact(owner=alice, title="Kite", files={"index.html": b"<h1>kite</h1>"}).artifact


def test_the_owner_submits_reads_the_reason_and_withdraws(kite: Artifact, alice: User, admin: User) -> None:
    client = signed_in(alice)
    assert "Submitting makes it public." in client.get(f"/a/{kite.pk}").content.decode()
    page = client.post(f"/a/{kite.pk}/submit", follow=True).content.decode()
    assert "It is public now, and waits for a curator." in page
    assert "Waiting for a curator" in page
    decline(Entry.objects.get(), admin, "It does not <fly>.")
    page = client.get(f"/a/{kite.pk}").content.decode()
    assert "It does not &lt;fly&gt;." in page
    assert "Submit again" in page
    client.post(f"/a/{kite.pk}/submit")
    assert Entry.objects.get().state == State.SUBMITTED
    assert "It is not in the gallery any more." in client.post(f"/a/{kite.pk}/withdraw", follow=True).content.decode()
    assert not Entry.objects.exists()


def test_nobody_else_sees_or_changes_where_it_stands(kite: Artifact, alice: User, bob: User, guest: User) -> None:
    for client in (signed_in(bob), signed_in(guest), Client()):
        assert client.post(f"/a/{kite.pk}/submit").status_code == 404
        assert client.post(f"/api/artifacts/{kite.pk}/gallery").status_code in (404, 401)
    assert not Entry.objects.exists()
    signed_in(alice).post(f"/a/{kite.pk}/submit")
    for client in (signed_in(bob), Client()):
        assert client.post(f"/a/{kite.pk}/withdraw").status_code == 404
        assert client.get(f"/api/artifacts/{kite.pk}/gallery").status_code == 404
        assert client.delete(f"/api/artifacts/{kite.pk}/gallery").status_code in (404, 401)
        assert "Waiting for a curator" not in client.get(f"/a/{kite.pk}").content.decode()
    assert Entry.objects.exists()


def test_a_guest_is_asked_to_sign_up(guest: User) -> None:
    artifact = create_artifact(owner=guest, title="Kite", files={"index.html": b""}).artifact
    client = signed_in(guest)
    page = client.get(f"/a/{artifact.pk}").content.decode()
    assert "to show it in the gallery. What you made comes along." in page
    assert "Submit to the gallery" not in page
    assert "Sign up to show your work" in client.post(f"/a/{artifact.pk}/submit", follow=True).content.decode()
    answer = client.post(f"/api/artifacts/{artifact.pk}/gallery")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "account_needed")
    artifact.refresh_from_db()
    assert artifact.visibility == Visibility.LINK


def test_by_the_api(kite: Artifact, alice: User, admin: User) -> None:
    client, address = signed_in(alice), f"/api/artifacts/{kite.pk}/gallery"
    none = {"state": "none", "words": "", "reason": "", "needs_account": False}
    assert client.get(address).json() == none
    assert client.post(address).json()["state"] == "submitted"
    kite.refresh_from_db()
    assert kite.visibility == Visibility.PUBLIC
    decline(Entry.objects.get(), admin, "No.")
    assert client.get(address).json() == none | {"state": "declined", "words": "Declined", "reason": "No."}
    assert client.delete(address).json() == none


def test_a_curator_decides_on_the_admin_pages(kite: Artifact, alice: User, admin: User) -> None:
    signed_in(alice).post(f"/a/{kite.pk}/submit")
    entry = Entry.objects.get()
    curator, address = signed_in(admin), "/admin/gallery/entry/"
    assert "Kite" in curator.get(address).content.decode()
    assert curator.get(f"{address}{entry.pk}/change/").status_code == 200
    curator.post(address, {"action": "decline_chosen", "_selected_action": [entry.pk]})
    entry.refresh_from_db()
    assert (entry.state, entry.reason, entry.decided_by) == (State.DECLINED, "Not for the gallery.", admin)
    curator.post(address, {"action": "accept_chosen", "_selected_action": [entry.pk]})
    assert list(Entry.objects.shown()) == [entry]
    for path in ("collection", "tag"):
        assert curator.get(f"/admin/gallery/{path}/add/").status_code == 200
    assert signed_in(alice).get(address).status_code == 302
