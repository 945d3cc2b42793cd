"""Who may do what in a shared conversation, on every address: the owner, a writer, a viewer, a stranger, a visitor."""

import json
from typing import Any

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.accounts.services import adopt_guest
from playground.artifacts.models import Visibility
from playground.artifacts.services import create_artifact
from playground.protocol import Event, RunFinished, TextDelta
from playground.runs.checkpoints import save_checkpoint
from playground.runs.lines import tell
from playground.runs.models import Conversation, Membership, Race, Run
from tests.conftest import connect_model

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "application/json"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def conversation(alice: User) -> Conversation:
    """With a private page that one run has made, a race, and a wish that waits behind nothing."""
    connect_model("http://127.0.0.1:9/v1", "gone")
    version = create_artifact(owner=alice, title="Clock", files={"index.html": b"<p>"}, visibility=Visibility.PRIVATE)
    conversation = Conversation.objects.create(owner=alice, title="a clock", artifact=version.artifact)
    fields = {"conversation": conversation, "author": alice, "model_name": "m"}
    run = Run.objects.create(**fields, id="run", prompt="a clock", status="finished", version=version)
    told: list[Event] = [TextDelta(text="secret"), RunFinished(reason="stop")]
    save_checkpoint(run.pk, [tell("run", seq, 0, event) for seq, event in enumerate(told, 1)], "")
    race = Race.objects.create(id="race", conversation=conversation, is_blind=True)
    Run.objects.create(**fields, id="lane", prompt="w", status="finished", race=race, lane=0)
    Run.objects.create(**fields, id="open", prompt="w", status="running", parent=run)
    Run.objects.create(**fields, id="waits", prompt="w", status="queued", parent=run)
    return conversation


def link(client: Client, conversation: Conversation, role: str) -> str:
    """Turns it on; the token."""
    answer = client.put(f"/api/conversations/{conversation.pk}/links/{role}")
    assert answer.status_code == 200, answer.content
    return str(answer.json()[role]).rpartition("/join/")[2]


@pytest.fixture
def people(conversation: Conversation, alice: User, bob: User, guest: User) -> dict[str, Client]:
    """Bob has joined to write, a guest to watch."""
    owner, writer, viewer = client_of(alice), client_of(bob), client_of(guest)
    for client, role in ((writer, "writer"), (viewer, "viewer")):
        joined = client.post(f"/api/shared/{link(owner, conversation, role)}")
        assert (joined.status_code, joined.json()["id"], joined.json()["role"]) == (200, conversation.pk, role)
    stranger = client_of(User.objects.create_user("eve@example.com", "correct horse"))
    return {"owner": owner, "writer": writer, "viewer": viewer, "stranger": stranger, "visitor": Client()}


ALL = ("owner", "writer", "viewer")
WRITERS = ("owner", "writer")
OWNER = ("owner",)


# Who may, and what; the last takes it away.
ADDRESSES: list[tuple[tuple[str, ...], str, str, object]] = [
    (ALL, "get", "/api/conversations/{c}", None),
    (ALL, "get", "/c/{c}", None),
    (ALL, "get", "/api/runs/run", None),
    (ALL, "get", "/api/runs/run/events", None),
    (ALL, "get", "/api/runs/run/context", None),
    (ALL, "get", "/api/races/race", None),
    (ALL, "get", "/api/artifacts/{a}", None),
    (ALL, "get", "/api/artifacts/{a}/versions", None),
    (ALL, "get", "/api/artifacts/{a}/versions/1", None),
    (WRITERS, "post", "/api/runs", {"prompt": "more", "parent": "run"}),
    (WRITERS, "post", "/api/runs", {"prompt": "more", "conversation": "{c}"}),
    (WRITERS, "post", "/api/runs/open/cancel", None),
    (WRITERS, "delete", "/api/runs/run/condensation", None),
    (WRITERS, "post", "/api/races/race/cancel", None),
    (WRITERS, "post", "/api/races/race/vote", {"verdict": "bad"}),
    (OWNER, "post", "/api/runs/waits/cancel", None),
    (OWNER, "patch", "/api/conversations/{c}", {"title": "mine"}),
    (OWNER, "get", "/api/conversations/{c}/links", None),
    (OWNER, "put", "/api/conversations/{c}/links/writer", None),
    (OWNER, "delete", "/api/conversations/{c}/links/viewer", None),
    (OWNER, "get", "/api/artifacts/{a}/draft", None),
    (OWNER, "put", "/api/artifacts/{a}/draft", {"base": 1, "revision": 0, "files": {"index.html": "x"}}),
    (OWNER, "post", "/api/artifacts/{a}/versions", {"files": {"index.html": "x"}}),
    (OWNER, "post", "/api/artifacts/{a}/versions/1/restore", None),
    (OWNER, "patch", "/api/artifacts/{a}", {"visibility": "public"}),
    (OWNER, "patch", "/api/artifacts/{a}/versions/1", {"label": "x"}),
    (OWNER, "delete", "/api/conversations/{c}", None),
]


def test_every_address_knows_the_roles(people: dict[str, Client], conversation: Conversation) -> None:
    for allowed, method, address, body in ADDRESSES:
        path = address.format(c=conversation.pk, a=conversation.artifact_id)
        sent = json.dumps(body).replace("{c}", conversation.pk) if body else None
        ask = {"data": sent, "content_type": JSON} if sent else {}
        for name in (
            "stranger",
            "visitor",
            *(other for other in ("viewer", "writer", "owner") if other not in allowed),
        ):
            answer = getattr(people[name], method)(path, **ask)
            is_known = name in ALL and path.startswith(("/api/runs", "/api/races"))
            assert answer.status_code == (403 if is_known else 404), (method, path, name, answer.content)
        for name in reversed(allowed):
            answer = getattr(people[name], method)(path, **ask)
            if method == "get" or allowed == OWNER:
                assert answer.status_code in (200, 201, 202, 204), (method, path, name, answer.content)
            else:  # whether it can be done is another matter
                assert answer.status_code not in (403, 404), (method, path, name, answer.content)


def test_a_conversation_is_listed_only_by_who_has_joined_it(
    people: dict[str, Client], conversation: Conversation
) -> None:
    def listed(name: str, where: str) -> list[tuple[str, str]]:
        return [(item["id"], item["role"]) for item in people[name].get(f"/api/{where}").json()]

    assert listed("owner", "conversations") == [(conversation.pk, "owner")]
    assert listed("owner", "shared") == []
    assert listed("writer", "conversations") == []
    assert listed("writer", "shared") == [(conversation.pk, "writer")]
    assert listed("viewer", "shared") == [(conversation.pk, "viewer")]
    assert listed("stranger", "shared") == []
    assert listed("visitor", "shared") == []


def test_a_link_that_is_off_lets_nobody_in_and_another_stays(
    people: dict[str, Client], conversation: Conversation
) -> None:
    owner, path = people["owner"], f"/api/conversations/{conversation.pk}"
    token = link(owner, conversation, "viewer")
    assert link(owner, conversation, "viewer") == token  # on already
    assert people["visitor"].get(f"/join/{token}").status_code == 200
    assert not people["visitor"].cookies.get("sessionid")  # merely looking makes no guest
    assert owner.delete(f"{path}/links/viewer").json()["viewer"] is None
    assert people["viewer"].get(path).status_code == 404
    assert people["viewer"].get("/api/shared").json() == []
    assert people["viewer"].get("/api/runs/run/events").status_code == 404
    assert people["visitor"].get(f"/join/{token}").status_code == 404
    assert people["visitor"].post(f"/api/shared/{token}").status_code == 404
    assert people["writer"].get(path).status_code == 200
    again = link(owner, conversation, "viewer")
    assert again != token
    assert people["viewer"].get(path).status_code == 404  # has to open the new one


def test_who_has_both_links_writes_and_who_leaves_is_out(people: dict[str, Client], conversation: Conversation) -> None:
    path = f"/api/conversations/{conversation.pk}"
    people["writer"].post(f"/api/shared/{link(people['owner'], conversation, 'viewer')}")
    assert people["writer"].get(path).json()["role"] == "writer"
    assert people["writer"].delete(f"{path}/membership").status_code == 204
    assert people["writer"].get(path).status_code == 404
    assert people["owner"].delete(f"{path}/membership").status_code == 400
    assert people["stranger"].delete(f"{path}/membership").status_code == 404


def test_a_visitor_becomes_a_guest_and_the_owner_no_member(
    people: dict[str, Client], conversation: Conversation
) -> None:
    token = link(people["owner"], conversation, "writer")
    joined: dict[str, Any] = people["visitor"].post(f"/api/shared/{token}").json()
    assert (joined["role"], joined["owner"]) == ("writer", "alice")
    assert people["owner"].post(f"/api/shared/{token}").json()["role"] == "owner"
    assert not Membership.objects.filter(user=conversation.owner).exists()
    runs = {run["id"]: run for run in joined["runs"]}
    assert runs["run"]["author"]["name"] == "alice"
    assert runs["run"]["author"]["key"] != joined["me"]


def test_a_guest_who_signs_in_stays_in_the_conversation(
    people: dict[str, Client], conversation: Conversation, guest: User, bob: User
) -> None:
    people["writer"].post(f"/api/shared/{link(people['owner'], conversation, 'viewer')}")
    Run.objects.filter(pk="waits").update(author=guest)
    adopt_guest(guest, bob)  # who has joined by the same link
    assert Run.objects.get(pk="waits").author == bob
    assert Membership.objects.filter(user=bob).count() == 2
