"""Handles and pages, where one is signed in, the export, and both ends of an account."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from playground.accounts.models import ApiToken, AuditEntry, Charge, SignIn, User
from playground.artifacts.models import Artifact, Version, Visibility
from playground.artifacts.services import create_artifact
from playground.people.deletion import PATIENCE
from playground.people.models import Deletion, Export, State
from playground.people.tasks import sweep_people
from playground.protocol import Frame, RunStarted, RunStatus, TextDelta
from playground.runs.checkpoints import save_checkpoint
from playground.runs.lines import lines_of
from playground.runs.models import Conversation, Run, ShareLink
from playground.webhooks.models import Event, Webhook
from playground.webhooks.services import add_webhook
from tests.conftest import chunks_of

pytestmark = pytest.mark.django_db(transaction=True)

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


def sign_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.force_login(user)
    return client


def publish(owner: User, title: str, visibility: str = Visibility.PUBLIC) -> Version:
    return create_artifact(owner=owner, title=title, files={"index.html": b"<p>Hello"}, visibility=visibility)


def choose(client: Client, handle: str) -> str:
    return client.post("/settings/profile", {"name": "", "handle": handle}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("wanted", "kept"), [("Ada", "ada"), ("@ada-1815", "ada-1815"), (" x7y ", "x7y"), ("a" * 30, "a" * 30)]
)
def test_a_handle_is_chosen_and_changed(alice: User, wanted: str, kept: str) -> None:
    client = sign_in(alice)
    choose(client, "first")
    assert "Saved." in choose(client, wanted)
    assert client.get(f"/u/{kept}").status_code == 200
    assert client.get("/u/first").status_code == 404
    choose(client, "")
    assert client.get(f"/u/{kept}").status_code == 404


@pytest.mark.parametrize(
    "wanted",
    ["ab", "a" * 31, "-ada", "ada-", "a--b", "a b", "ada/", "ädä", "admin", "Settings", "deleted-user", "a\0bc"],
)
def test_an_impossible_or_reserved_handle_is_refused(alice: User, wanted: str) -> None:
    assert "Saved." not in choose(sign_in(alice), wanted)
    alice.refresh_from_db()
    assert alice.handle is None


def test_a_handle_is_somebodys_whatever_its_case(alice: User, bob: User) -> None:
    choose(sign_in(alice), "ada")
    assert "is taken" in choose(sign_in(bob), "ADA")
    assert Client().get("/u/ADA")["Location"] == "/u/ada"


def test_a_page_shows_public_work_to_everybody_and_the_rest_to_nobody(alice: User, guest: User) -> None:
    choose(sign_in(alice), "ada")
    for visibility in Visibility:
        publish(alice, f"{visibility.value} work", visibility)
    for visitor in (Client(), sign_in(alice), sign_in(guest)):
        page = visitor.get("/u/ada").content.decode()
        assert "public work" in page
        assert "link work" not in page
        assert "private work" not in page
        assert "alice@example.com" not in page
    User.objects.update(is_active=False)
    assert Client().get("/u/ada").status_code == 404


def test_one_sees_where_one_is_signed_in_and_ends_it_elsewhere(alice: User, bob: User) -> None:
    laptop, phone, stranger = sign_in(alice), sign_in(alice, SAFARI), sign_in(bob)
    for client in (laptop, phone, stranger):
        client.get("/settings/")
    page = laptop.get("/settings/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert SignIn.objects.filter(user=alice).count() == 2
    other = SignIn.objects.get(user=alice, agent=SAFARI)
    assert stranger.post(f"/settings/sign-ins/{other.pk}/end").status_code == 404
    assert phone.get("/settings/").status_code == 200
    laptop.post("/settings/sign-ins/end")
    assert phone.get("/settings/").status_code == 302
    assert laptop.get("/settings/").status_code == 200
    assert stranger.get("/settings/").status_code == 200


def test_a_new_password_keeps_the_sign_in_and_signing_out_forgets_it(alice: User) -> None:
    client = sign_in(alice)
    client.get("/settings/")
    before = SignIn.objects.get()
    passwords = {"oldpassword": "correct horse", "password1": "battery staple 7", "password2": "battery staple 7"}
    client.post("/accounts/password/change/", passwords)
    client.get("/settings/")
    after = SignIn.objects.get()
    assert after.pk == before.pk
    assert after.session_key == client.session.session_key != before.session_key
    client.post("/accounts/logout/")
    assert not SignIn.objects.exists()


def make_conversation(owner: User, answer: str, status: RunStatus = RunStatus.FINISHED) -> Run:
    conversation = Conversation.objects.create(owner=owner, title="A wish")
    run = Run.objects.create(conversation=conversation, author=owner, prompt="a wish", model_name="m", status=status)
    events = [RunStarted(model="m"), TextDelta(text=answer)]
    frames = [Frame(run=run.pk, seq=seq, at=seq, event=event) for seq, event in enumerate(events, 1)]
    save_checkpoint(run.pk, lines_of(frames), answer)
    return run


async def collect(answer: object) -> bytes:
    return b"".join([chunk async for chunk in chunks_of(answer)])


def test_the_export_holds_everything_and_nothing_secret(alice: User, bob: User) -> None:
    client = sign_in(alice)
    _token, plain = ApiToken.objects.issue(alice, "laptop")
    _webhook, secret = add_webhook(user=alice, url="https://example.com/", events=Event.values)
    run = make_conversation(alice, "the whole answer")
    make_conversation(bob, "bob's answer")
    version = publish(alice, "Mine", Visibility.PRIVATE)
    publish(bob, "His")
    client.post("/settings/export")
    client.post("/settings/export")  # the one that is being made is as good
    sweep_people()
    export = Export.objects.get()
    assert export.is_ready
    answer = client.get(f"/settings/export/{export.pk}")
    content = asyncio.run(collect(answer))
    assert len(content) == export.size
    archive = zipfile.ZipFile(io.BytesIO(content))
    everything = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert archive.read(f"artifacts/{version.artifact_id}/v1/index.html") == b"<p>Hello"
    told = json.loads(archive.read(f"conversations/{run.conversation_id}.json"))
    assert told["runs"][0]["answer"] == "the whole answer"
    assert archive.read(f"runs/{run.pk}.jsonl").count(b"\n") > 0
    assert json.loads(archive.read("profile.json"))["email"] == "alice@example.com"
    for hidden in (plain, secret, alice.password, "bob", "His"):
        assert hidden not in everything
    assert sign_in(bob).get(f"/settings/export/{export.pk}").status_code == 404
    assert Client().get(f"/settings/export/{export.pk}").status_code == 302
    Export.objects.update(expires_at=timezone.now())
    assert client.get(f"/settings/export/{export.pk}").status_code == 404
    sweep_people()
    assert not storages["artifacts"].exists(export.path)


def test_an_export_that_lost_its_worker_is_made_again_but_not_for_ever(alice: User) -> None:
    export = Export.objects.create(user=alice, state=State.WORKING, attempt=1)
    sweep_people()
    export.refresh_from_db()
    assert export.state == State.WORKING  # its worker may still live
    Export.objects.update(alive_at=timezone.now() - timedelta(minutes=2))
    sweep_people()
    export.refresh_from_db()
    assert export.is_ready
    Export.objects.update(state=State.WORKING, attempt=3, alive_at=timezone.now() - timedelta(minutes=2))
    sweep_people()
    export.refresh_from_db()
    assert export.state == State.FAILED


def furnish(user: User) -> tuple[Version, Version]:
    """One public and one other artifact, and all that a person can have."""
    ApiToken.objects.issue(user, "laptop")
    add_webhook(user=user, url="https://example.com/", events=Event.values)
    run = make_conversation(user, "an answer")
    ShareLink.objects.create(conversation=run.conversation, role="viewer")
    Charge.objects.create(user=user, was_guest=False, run=run.pk, kind="chat", model="m")
    choose(sign_in(user), "ada")
    return publish(user, "Public", Visibility.PUBLIC), publish(user, "Linked", Visibility.LINK)


@pytest.mark.parametrize("keep", ["nothing", "public"])
def test_an_account_is_deleted(alice: User, bob: User, keep: str) -> None:
    public, linked = furnish(alice)
    his = publish(bob, "His")
    Artifact.objects.filter(pk=his.artifact_id).update(remixed_from=public)
    client, phone = sign_in(alice), sign_in(alice, SAFARI)
    phone.get("/settings/")
    plain = ApiToken.objects.issue(alice, "other")[1]
    refused = client.post("/settings/delete", {"confirmation": "wrong", "keep": keep})
    assert "Nothing was deleted" in refused.content.decode()
    assert client.get("/settings/").status_code == 200
    done = client.post("/settings/delete", {"confirmation": "correct horse", "keep": keep})
    assert "Your account is deleted" in done.content.decode()
    # At once, before any task has run:
    for each in (client, phone):
        assert each.get("/settings/").status_code == 302
    assert Client().get("/api/conversations", headers={"Authorization": f"Bearer {plain}"}).status_code == 401
    assert not Client().login(username="alice@example.com", password="correct horse")
    assert not Webhook.objects.exists()
    assert not ShareLink.objects.exists()
    assert Client().get(f"/a/{linked.artifact_id}").status_code == 404
    assert Client().get("/u/ada").status_code == 404
    sweep_people()
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Deletion.objects.exists()
    assert not Conversation.objects.exists()
    assert Artifact.objects.filter(pk=his.artifact_id).exists()
    assert Charge.objects.get().user is None
    page = Client().get(f"/a/{public.artifact_id}")
    if keep == "public":
        assert "Deleted user" in page.content.decode()
        assert Version.objects.get(pk=public.pk).author == User.objects.deleted_user()
        assert Artifact.objects.count() == 2
    else:
        assert page.status_code == 404
        assert Artifact.objects.count() == 1
    kept = json.dumps(list(AuditEntry.objects.filter(action__startswith="deleted their").values()), default=str)
    assert "deleted their account" in kept
    assert "alice" not in kept
    assert "ada" not in kept
    assert not AuditEntry.objects.filter(action="/settings/delete").exists()


def test_what_is_being_written_is_stopped_first(alice: User) -> None:
    run = make_conversation(alice, "half", RunStatus.RUNNING)
    sign_in(alice).post("/settings/delete", {"confirmation": "correct horse"})
    sweep_people()
    run.refresh_from_db()
    assert run.cancel_requested_at
    assert User.objects.filter(pk=alice.pk).exists()  # it comes to its end
    Deletion.objects.update(ordered_at=timezone.now() - PATIENCE)
    sweep_people()
    assert not User.objects.filter(pk=alice.pk).exists()


def test_somebody_without_a_password_types_the_handle(alice: User) -> None:
    alice.password, alice.handle = make_password(None), "ada"
    alice.save()
    client = sign_in(alice)
    assert "Type “ada” to confirm" in client.get("/settings/delete").content.decode()
    assert client.post("/settings/delete", {"confirmation": "bob"}).status_code == 400
    assert client.post("/settings/delete", {"confirmation": "Ada"}).status_code == 200
    assert Deletion.objects.filter(user=alice).exists()


def test_passwords_are_not_tried_for_ever(alice: User) -> None:
    client = sign_in(alice)
    for _each in range(10):
        client.post("/settings/delete", {"confirmation": "wrong"})
    answer = client.post("/settings/delete", {"confirmation": "correct horse"})
    assert "Come back in" in answer.content.decode()
    assert not Deletion.objects.exists()


def test_the_last_admin_stays(admin: User) -> None:
    answer = sign_in(admin).post("/settings/delete", {"confirmation": "correct horse"})
    assert "only admin" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_guests_and_visitors_have_no_such_pages(guest: User) -> None:
    for client in (Client(), sign_in(guest)):
        for path in ("/settings/", "/settings/delete"):
            assert client.get(path).status_code == 302
        for path in ("/settings/export", "/settings/webhooks", "/settings/sign-ins/end"):
            assert client.post(path).status_code == 302
    assert not Export.objects.exists()
