"""Passwords and expiry: each door, as a stranger, as somebody who was let in, and as the owner."""

from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import timezone

from playground.accounts.models import ApiToken, User
from playground.accounts.quotas import GUESSES_PER_HOUR
from playground.accounts.services import adopt_guest
from playground.artifacts.access import set_password, unlock
from playground.artifacts.addresses import frame_url
from playground.artifacts.blobs import put_blob
from playground.artifacts.models import Artifact, Unlock, Version, Visibility
from playground.artifacts.services import create_artifact, remix_version
from playground.checks.models import Check, State
from playground.runs.models import Conversation
from tests.conftest import HostClient

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "open sesame"
TITLE = "Lantern festival"
# Every address that shows, hands out or copies something of an artifact.
READS = [
    "/a/{id}",
    "/a/{id}?full=1",
    "/a/{id}/v/1",
    "/api/artifacts/{id}",
    "/api/artifacts/{id}/versions",
    "/api/artifacts/{id}/versions/1",
    "/api/artifacts/{id}/versions/1/check",
    "/api/artifacts/{id}/versions/1/picture",
    "/api/artifacts/{id}/versions/1/takeout",
    "/api/artifacts/{id}/versions/1/export.html",
    "/api/artifacts/{id}/versions/1/export.zip",
]
WRITES = ["/a/{id}/remix", "/a/{id}/v/1/verify", "/api/artifacts/{id}/versions/1/check"]


@pytest.fixture
def version(alice: User) -> Version:
    version = create_artifact(owner=alice, title=TITLE, files={"index.html": b"<h1>Lanterns</h1>"})
    Check.objects.create(version=version, state=State.DONE, pictures={"thumbnail": put_blob(b"RIFFxxxxWEBP")})
    return version


@pytest.fixture
def locked(version: Version) -> Version:
    set_password(version.artifact, SECRET)
    return version


@pytest.fixture
def expired(version: Version) -> Version:
    version.artifact.expires_at = timezone.now() - timedelta(minutes=1)
    version.artifact.save()
    return version


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def statuses(client: Client, version: Version) -> set[int]:
    urls = [path.format(id=version.artifact_id) for path in READS]
    found = set()
    for url in urls:
        answer = client.get(url)
        found.add(answer.status_code)
        if answer.status_code != 200:
            assert TITLE not in answer.content.decode(), url
        answer.close()
    return found


def write_statuses(client: Client, version: Version) -> set[int]:
    found = {client.post(path.format(id=version.artifact_id)).status_code for path in WRITES}
    body = {"artifact": version.artifact_id}
    return found | {client.post("/api/conversations", body, content_type="application/json").status_code}


def frame_status(url: str) -> int:
    """Of the artifact host."""
    host, _slash, path = url.removeprefix("http://").partition("/")
    answer = async_to_sync(HostClient(host).get)(f"/{path}", headers={"sec-fetch-dest": "iframe"})
    return int(answer.status_code)


def test_open_is_open(version: Version) -> None:
    assert statuses(Client(), version) == {200}


@pytest.mark.parametrize("who", ["nobody", "bob", "guest"])
def test_a_stranger_needs_the_password_at_every_door(locked: Version, bob: User, guest: User, who: str) -> None:
    client = client_of({"nobody": None, "bob": bob, "guest": guest}[who])
    assert statuses(client, locked) == {403}
    assert write_statuses(client, locked) == {403}
    assert Artifact.objects.count() == 1  # nothing was remixed
    assert not Conversation.objects.exists()


def test_a_token_opens_no_lock(locked: Version, bob: User) -> None:
    _token, plain = ApiToken.objects.issue(bob, "script")
    answer = Client().get(f"/api/artifacts/{locked.artifact_id}", headers={"authorization": f"Bearer {plain}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "artifact_locked")


@pytest.mark.parametrize("who", ["nobody", "bob"])
def test_expired_is_gone_at_every_door(expired: Version, bob: User, who: str) -> None:
    client = client_of({"nobody": None, "bob": bob}[who])
    assert statuses(client, expired) == {410}
    assert write_statuses(client, expired) == {410}
    page = client.get(f"/a/{expired.artifact_id}")
    assert "This link has expired" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"


def test_the_password_does_not_outlast_the_expiry(locked: Version, bob: User) -> None:
    unlock(locked.artifact, bob)
    assert statuses(client_of(bob), locked) == {200}
    Artifact.objects.update(expires_at=timezone.now())
    assert statuses(client_of(bob), locked) == {410}


def test_the_owner_sees_it_in_any_case(locked: Version, alice: User) -> None:
    Artifact.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert statuses(client_of(alice), locked) == {200}


def test_private_stays_a_secret(locked: Version, bob: User) -> None:
    """Whether it has a password or an end is nobody's business."""
    unlock(locked.artifact, bob)
    Artifact.objects.update(visibility=Visibility.PRIVATE, expires_at=timezone.now() - timedelta(days=1))
    assert statuses(client_of(bob), locked) == {404}
    assert statuses(Client(), locked) == {404}


def test_a_visitor_is_let_in_once(locked: Version) -> None:
    client = Client()
    page = f"/a/{locked.artifact_id}"
    wrong = client.post(f"{page}/unlock", {"password": "open barley", "back": f"{page}/v/1"})
    assert wrong.status_code == 403
    assert "This is not the password" in wrong.content.decode()
    assert not User.objects.filter(is_guest=True).exists()
    right = client.post(f"{page}/unlock", {"password": SECRET, "back": f"{page}/v/1"})
    assert (right.status_code, right["Location"]) == (302, f"{page}/v/1")
    assert statuses(client, locked) == {200}
    assert statuses(Client(), locked) == {403}


def test_another_password_has_to_be_given_again(locked: Version, bob: User) -> None:
    unlock(locked.artifact, bob)
    set_password(locked.artifact, "another one")
    assert statuses(client_of(bob), locked) == {403}
    set_password(locked.artifact, "")
    assert statuses(Client(), locked) == {200}


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/a/", "/accounts/logout/", "/a/{id}@evil\\"])
def test_the_way_back_leads_to_the_artifact_alone(locked: Version, back: str) -> None:
    page = f"/a/{locked.artifact_id}"
    sent = {"password": SECRET, "back": back.format(id=locked.artifact_id)}
    assert Client().post(f"{page}/unlock", sent)["Location"].startswith(page)


def test_passwords_cannot_be_tried_for_ever(locked: Version) -> None:
    page = f"/a/{locked.artifact_id}"
    for _guess in range(GUESSES_PER_HOUR):
        assert "not the password" in Client().post(f"{page}/unlock", {"password": "x"}).content.decode()
    late = Client().post(f"{page}/unlock", {"password": SECRET})
    assert "A password may be tried" in late.content.decode()
    assert not Unlock.objects.exists()


def test_who_signs_in_stays_let_in(locked: Version, bob: User, guest: User) -> None:
    unlock(locked.artifact, guest)
    adopt_guest(guest, bob)
    assert statuses(client_of(bob), locked) == {200}


def test_the_frame_does_not_open_by_its_address(locked: Version) -> None:
    plain = f"http://{locked.artifact_id}.localhost:8000/v/1/"
    assert frame_status(plain) == 404
    signed = frame_url(locked)
    assert "/s/" in signed
    assert frame_status(signed) == 200


def test_a_signed_address_ends_with_the_decision_that_it_came_of(locked: Version) -> None:
    signed = frame_url(locked)
    set_password(locked.artifact, "another one")
    assert frame_status(signed) == 404
    signed = frame_url(locked)
    locked.artifact.expires_at = timezone.now()
    locked.artifact.save()
    assert frame_status(signed) == 404  # a stranger's, from before
    assert frame_status(frame_url(locked)) == 200  # the owner's
    locked.artifact.expires_at = None
    set_password(locked.artifact, "")
    locked.artifact.save()
    assert frame_status(f"http://{locked.artifact_id}.localhost:8000/v/1/") == 200


def test_a_remix_of_what_is_not_for_everybody_is_private(locked: Version, bob: User) -> None:
    assert remix_version(version=locked, owner=bob).artifact.visibility == Visibility.PRIVATE
    set_password(locked.artifact, "")
    assert remix_version(version=locked, owner=bob).artifact.visibility == Visibility.LINK


def test_only_the_public_is_found_by_search_engines(version: Version) -> None:
    artifact = version.artifact
    page = Client().get(artifact.get_absolute_url())
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    Artifact.objects.update(visibility=Visibility.PUBLIC)
    page = Client().get(artifact.get_absolute_url())
    assert "X-Robots-Tag" not in page
    assert "noindex" not in page.content.decode()
    assert Artifact.objects.listed().get() == artifact
    set_password(artifact, SECRET)
    assert not Artifact.objects.listed().exists()


def change(client: Client, version: Version, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.patch(f"/api/artifacts/{version.artifact_id}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_the_owner_decides_through_the_api(version: Version, alice: User, bob: User) -> None:
    owner = client_of(alice)
    status, artifact = change(owner, version, password=SECRET)
    assert (status, artifact["has_password"], artifact["expires_at"]) == (200, True, None)
    assert SECRET not in str(artifact)
    soon = (timezone.now() + timedelta(days=1)).isoformat(timespec="milliseconds")
    status, artifact = change(owner, version, expires_at=soon)
    assert datetime.fromisoformat(str(artifact["expires_at"])) == datetime.fromisoformat(soon)
    assert artifact["has_password"]
    assert change(owner, version, title="Lamps")[1]["expires_at"] == artifact["expires_at"]
    status, artifact = change(owner, version, password="", expires_at=None)
    assert (artifact["has_password"], artifact["expires_at"]) == (False, None)
    assert change(owner, version, password="abc")[0] == 400
    assert change(owner, version, expires_at="2020-01-01T00:00:00Z")[0] == 400
    assert change(owner, version, expires_at="2099-01-01T00:00:00")[0] == 422  # of which time zone?
    assert change(client_of(bob), version, password=SECRET)[0] == 404


def test_the_owner_decides_on_the_page(version: Version, alice: User, bob: User) -> None:
    url = f"/a/{version.artifact_id}/access"
    sent = {"visibility": "public", "password": SECRET, "expires_at": "2099-05-01T12:30"}
    assert client_of(bob).post(url, sent).status_code == 404
    owner = client_of(alice)
    assert owner.post(url, sent)["Location"].endswith("#access")
    artifact = Artifact.objects.get()
    assert (artifact.visibility, bool(artifact.password)) == ("public", True)
    assert artifact.expires_at == datetime.fromisoformat("2099-05-01T12:30+00:00")
    owner.post(url, {"visibility": "link", "no_password": "1", "expires_at": ""})
    artifact.refresh_from_db()
    assert (artifact.visibility, artifact.password) == ("link", "")
    assert artifact.is_open
    refused = owner.post(url, {"visibility": "link", "expires_at": "2020-01-01T00:00"}, follow=True)
    assert "still to come" in refused.content.decode()
    refused = owner.post(url, {"visibility": "nonsense"}, follow=True)
    assert "Nothing was changed" in refused.content.decode()


def test_what_has_expired_can_be_extended(expired: Version, alice: User) -> None:
    owner = client_of(alice)
    assert "expired on" in owner.get(f"/a/{expired.artifact_id}").content.decode()
    owner.post(f"/a/{expired.artifact_id}/access", {"visibility": "link", "expires_at": "2099-01-01T00:00"})
    assert statuses(Client(), expired) == {200}
