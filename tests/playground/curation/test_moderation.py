"""Takedown and ban: at once at every door, told to the owner, and taken back without a trace but in the audit log."""

from urllib.parse import urlencode

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from playground.accounts.models import ApiToken, AuditEntry, User
from playground.artifacts.addresses import embedded_url, frame_url, signed_url
from playground.artifacts.drafts import write_draft
from playground.artifacts.models import Artifact, Version, Visibility
from playground.artifacts.services import create_artifact, remix_version
from playground.curation.moderation import Curator, ban, lift_ban, put_back, take_down
from playground.curation.pages.exhibits import review_url
from playground.errors import BadInput, PlaygroundError
from playground.gallery.models import Entry
from playground.gallery.services import accept, submit
from playground.protocol import RunStatus
from playground.runs.models import Conversation, Run
from tests.conftest import connect_model

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "It pretends to be a bank."
FILES = {"index.html": b"<!doctype html><p>kite</p><script src='kite.js'></script>", "kite.js": b"let kite"}


@pytest.fixture
def version(alice: User) -> Version:
    version = create_artifact(owner=alice, title="A very special kite", files=FILES)
    accept(submit(version.artifact, alice), None)
    version.artifact.refresh_from_db()
    return version


def doors(artifact: Artifact) -> list[str]:
    page, api = f"/a/{artifact.pk}", f"/api/artifacts/{artifact.pk}"
    return [
        page,
        f"{page}/v/1",
        f"{page}/v/1?full=1",
        f"/embed/{artifact.pk}",
        f"/embed/{artifact.pk}/v/1?run=1",
        api,
        f"{api}/versions",
        f"{api}/versions/1",
        f"{api}/versions/1/check",
        f"{api}/versions/1/picture",
        f"{api}/versions/1/export.html",
        f"{api}/versions/1/export.zip",
    ]


def fetch(url: str, **headers: str) -> tuple[int, str]:
    """What an address on an artifact host answers: by its path, under its host."""
    host, _slash, path = url.removeprefix("http://").partition("/")
    answer = Client().get(f"/{path}", headers={"Host": host, **headers})
    return answer.status_code, answer.getvalue().decode()


def ask(url: str, etag: str = "") -> HttpResponseBase:
    """As a cache does that has kept an answer with that `etag`."""
    host, _slash, path = url.removeprefix("http://").partition("/")
    return Client().get(f"/{path}", headers={"Host": host} | ({"If-None-Match": etag} if etag else {}))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_what_caches_keep_they_ask_for_each_time(version: Version, admin: User) -> None:
    """So none of it outlives a takedown, and the same is sent but once."""
    artifact, app = version.artifact, "localhost:8000"
    listed = [f"{app}/{path}" for path in ("", "feed.atom", "sitemap.xml")]
    named = urlencode({"url": f"http://{app}/a/{artifact.pk}"})
    own = [
        frame_url(version),
        f"{frame_url(version)}kite.js",
        f"{app}/a/{artifact.pk}/v/1/card.jpg",
        f"{app}/oembed?{named}",
        f"{app}/oembed?{named}&format=xml",
    ]
    kept = {url: ask(url) for url in (*listed, *own)}
    for url, answer in kept.items():
        assert answer["Cache-Control"] == "public, no-cache", url
        assert ask(url, answer["ETag"]).status_code == 304, url
    take_down(artifact, Curator(admin), REASON)
    assert [ask(url, kept[url]["ETag"]).status_code for url in own] == [410, 410, 404, 404, 404]
    for url in listed:
        answer = ask(url, kept[url]["ETag"])
        assert answer.status_code == 200
        assert artifact.pk not in answer.getvalue().decode()


def test_what_was_taken_down_does_not_wait_in_the_queue(alice: User, admin: User) -> None:
    entry = submit(create_artifact(owner=alice, title="Kite", files=FILES).artifact, alice)
    take_down(entry.artifact, Curator(admin), REASON)
    assert not Entry.objects.waiting().exists()
    put_back(entry.artifact, Curator(admin))
    assert list(Entry.objects.waiting()) == [entry]
    ban(alice, Curator(admin), REASON)
    assert not Entry.objects.waiting().exists()


def test_a_takedown_closes_every_door_at_once_for_everybody(version: Version, alice: User, admin: User) -> None:
    artifact = version.artifact
    write_draft(artifact=artifact, base=1, revision=0, changes={"index.html": b"<p>kite draft</p>"}, moves={})
    frames = [frame_url(version), f"{frame_url(version)}kite.js", signed_url(artifact.pk, "draft/1")]
    assert [fetch(url)[0] for url in frames] == [200, 200, 200]
    etag = Client().get("/v/1/", headers={"Host": f"{artifact.pk}.localhost:8000"})["ETag"]
    take_down(artifact, Curator(admin), REASON)
    for client in (Client(), client_of(alice), client_of(admin)):
        for door in doors(artifact):
            answer = client.get(door)
            assert answer.status_code == 410, door
            assert "let kite" not in answer.getvalue().decode()
            assert "immutable" not in answer.get("Cache-Control", "")
    signed_anew = signed_url(artifact.pk, f"v/1@{artifact.seal}")
    for url in [*frames, frame_url(version), signed_anew]:
        status, text = fetch(url)
        assert status == 410, url
        assert "kite draft" not in text
        assert "let kite" not in text
    assert fetch(frame_url(version), **{"If-None-Match": etag})[0] == 410
    assert fetch(embedded_url(version))[0] == 410
    assert REASON in Client().get(f"/embed/{artifact.pk}").text
    for strangers in (f"/oembed?url=http://localhost:8000/a/{artifact.pk}", f"/a/{artifact.pk}/v/1/card.jpg"):
        assert Client().get(strangers).status_code == 404
    assert not Entry.objects.shown().exists()


def test_the_page_says_why_and_only_the_owner_reads_what_it_was(version: Version, alice: User, admin: User) -> None:
    take_down(version.artifact, Curator(admin), REASON)
    stranger, owner = (client.get(version.artifact.get_absolute_url()) for client in (Client(), client_of(alice)))
    assert REASON in stranger.text
    assert version.artifact.title not in stranger.text
    assert REASON in owner.text
    assert version.artifact.title in owner.text
    assert REASON in Client().get(f"/api/artifacts/{version.artifact_id}").json()["error"]["message"]
    assert stranger["Cache-Control"] == "private, no-store"
    assert stranger["X-Robots-Tag"] == "noindex"


def test_its_owner_cannot_change_copy_or_open_it_to_get_around(version: Version, alice: User, admin: User) -> None:
    artifact = version.artifact
    take_down(artifact, Curator(admin), REASON)
    client = client_of(alice)
    page, api = f"/a/{artifact.pk}", f"/api/artifacts/{artifact.pk}"
    assert client.post(f"{page}/remix").status_code == 410
    assert client.post(f"{page}/like").status_code == 410
    assert client.post(f"{page}/access", {"visibility": "public"}).status_code == 410
    assert client.patch(api, {"visibility": "public"}, content_type="application/json").status_code == 410
    body = {"files": {"index.html": "<p>again</p>"}}
    assert client.post(f"{api}/versions", body, content_type="application/json").status_code == 410
    assert Artifact.objects.count() == 1


def test_one_that_is_private_stays_unknown_to_strangers(version: Version, alice: User, bob: User, admin: User) -> None:
    Artifact.objects.update(visibility=Visibility.PRIVATE)
    version.artifact.refresh_from_db()
    take_down(version.artifact, Curator(admin), REASON)
    assert client_of(bob).get(version.artifact.get_absolute_url()).status_code == 404
    assert client_of(alice).get(version.artifact.get_absolute_url()).status_code == 410


def test_it_is_put_back_as_it_was(version: Version, admin: User) -> None:
    take_down(version.artifact, Curator(admin, "10.0.0.7"), REASON)
    put_back(version.artifact, Curator(admin))
    assert [Client().get(door).status_code for door in doors(version.artifact)[:9]] == [200] * 9
    assert fetch(frame_url(version))[0] == 200
    assert Entry.objects.shown().exists()
    assert told()[-2:] == ["took down", "put back"]
    entry = AuditEntry.objects.get(action="took down")
    assert (entry.actor, entry.address, entry.changes[0]["id"]) == (admin, "10.0.0.7", version.artifact_id)
    assert REASON in str(entry.changes)


def test_only_a_curators_address_shows_what_was_taken_down(version: Version, admin: User) -> None:
    take_down(version.artifact, Curator(admin), REASON)
    address = review_url(version)
    status, text = fetch(address)
    assert status == 200
    assert "<p>kite</p>" in text
    version.artifact.visibility = Visibility.PRIVATE
    version.artifact.save()
    assert fetch(address)[0] == 404


def test_what_runs_in_its_conversation_is_not_shown_either(version: Version, alice: User, admin: User) -> None:
    conversation = Conversation.objects.create(owner=alice, title="kite", artifact=version.artifact, base=version)
    run = Run.objects.create(conversation=conversation, author=alice, prompt="red", status=RunStatus.FINISHED)
    take_down(version.artifact, Curator(admin), REASON)
    assert fetch(signed_url(run.pk, "run"))[0] == 410
    assert fetch(signed_url(run.pk, "tree/0"))[0] == 410


def test_nothing_is_taken_down_without_a_reason(version: Version, admin: User) -> None:
    with pytest.raises(BadInput):
        take_down(version.artifact, Curator(admin), "  ")
    assert not Artifact.objects.get().taken_down_at


def test_who_is_banned_is_signed_out_and_their_work_is_hidden(version: Version, alice: User, admin: User) -> None:
    _token, plain = ApiToken.objects.issue(alice, "script")
    client = client_of(alice)
    assert client.get("/settings/").status_code == 200
    ban(alice, Curator(admin), "Spam")
    assert client.get("/settings/").status_code == 302
    script = {"Authorization": f"Bearer {plain}"}
    assert Client().post("/api/runs", {"prompt": "x"}, "application/json", headers=script).status_code == 401
    assert Client().post("/api/artifacts", {}, "application/json", headers=script).status_code == 401
    assert [Client().get(door).status_code for door in doors(version.artifact)] == [404] * len(doors(version.artifact))
    assert fetch(f"{frame_url(version)}")[0] == 404
    assert not Entry.objects.shown().exists()
    signing_in = Client().post("/accounts/login/", {"login": "alice@example.com", "password": "correct horse"})
    assert "_auth_user_id" not in signing_in.client.session
    lift_ban(User.objects.get(pk=alice.pk), Curator(admin))
    assert Client().get(version.artifact.get_absolute_url()).status_code == 200
    assert client.get("/settings/").status_code == 200
    assert told()[-2:] == ["banned", "lifted the ban of"]


def test_a_ban_ends_what_is_being_answered(alice: User, admin: User) -> None:
    conversation = Conversation.objects.create(owner=alice, title="kite")
    model = connect_model("http://localhost:9")
    running, waiting = (
        Run.objects.create(conversation=conversation, author=alice, prompt="p", model=model, status=status)
        for status in (RunStatus.RUNNING, RunStatus.QUEUED)
    )
    ban(alice, Curator(admin), "Spam")
    running.refresh_from_db()
    assert running.cancel_requested_at
    assert not Run.objects.filter(pk=waiting.pk).exists()


def test_staff_and_oneself_cannot_be_banned(admin: User) -> None:
    other = User.objects.create_superuser("other@example.com", "correct horse")
    for user in (other, admin):
        with pytest.raises(PlaygroundError):
            ban(user, Curator(admin), "Spam")


def test_a_copy_is_told_no_more_where_it_came_from(version: Version, bob: User, admin: User) -> None:
    copy = remix_version(version=version, owner=bob)
    address = f"/api/artifacts/{copy.artifact_id}/versions"
    assert Client().get(address).json()["versions"][0]["source"]["title"] == version.artifact.title
    take_down(version.artifact, Curator(admin), REASON)
    assert Client().get(address).json()["versions"][0]["source"] is None
    assert version.artifact.get_absolute_url() not in Client().get(copy.artifact.get_absolute_url()).text
