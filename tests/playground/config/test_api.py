"""The HTTP API: its shapes, its errors, and that nobody sees what is another's."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.runs.models import Conversation, Run
from tests.conftest import chunks_of, connect_model
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def run(alice: User) -> Run:
    conversation = Conversation.objects.create(owner=alice, title="wish")
    return Run.objects.create(conversation=conversation, prompt="wish", model_name="m", status="finished")


def test_the_document_is_there() -> None:
    document = Client().get("/api/openapi.json").json()
    paths = ["/api/runs", "/api/runs/{run_id}", "/api/runs/{run_id}/events", "/api/runs/{run_id}/cancel"]
    paths += ["/api/artifacts", "/api/artifacts/{artifact_id}", "/api/artifacts/{artifact_id}/versions"]
    assert set(paths) <= set(document["paths"])
    assert "RunInfo" in document["components"]["schemas"]
    assert [scheme["scheme"] for scheme in document["components"]["securitySchemes"].values()] == ["bearer"]


@pytest.mark.parametrize("path", ["/api/runs/{run}", "/api/runs/{run}/events", "/api/conversations/{conversation}"])
def test_others_see_nothing(run: Run, bob: User, guest: User, path: str) -> None:
    url = path.format(run=run.pk, conversation=run.conversation_id)
    for client in (client_of(bob), client_of(guest), Client()):
        answer = client.get(url)
        assert answer.status_code == 404
        assert set(answer.json()["error"]) == {"code", "message", "retryable", "retry_after"}
    assert client_of(bob).get("/api/conversations").json() == []
    assert Client().get("/api/conversations").json() == []


def test_no_events_before_the_first(run: Run, alice: User) -> None:
    assert client_of(alice).get(f"/api/runs/{run.pk}/events?after=-1").status_code == 422


def test_a_failure_of_ours_has_the_shape_of_all_errors(run: Run, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.runs.api.run_info", lambda run: 1 / 0)
    answer = client_of(alice).get(f"/api/runs/{run.pk}")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"


def test_others_change_nothing(run: Run, bob: User) -> None:
    client = client_of(bob)
    assert client.post(f"/api/runs/{run.pk}/cancel").status_code == 404
    assert client.delete(f"/api/conversations/{run.conversation_id}").status_code == 404
    body = {"title": "mine"}
    answer = client.patch(f"/api/conversations/{run.conversation_id}", body, content_type="application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize(("cookies", "status", "code"), [({"sessionid": "x"}, 403, "csrf"), ({}, 401, "no_token")])
def test_a_browser_proves_that_it_is_our_page_and_a_script_sends_a_token(
    cookies: dict[str, str], status: int, code: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies.load(cookies)
    answer = client.post("/api/artifacts", {"files": {"a.html": ""}}, content_type="application/json")
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/nothing", 404, "not_found"),
        ("get", "/api/runs/%00", 404, "not_found"),
        ("delete", "/api/models", 405, "bad_method"),
    ],
)
def test_what_is_no_call_is_refused_in_the_same_shape(method: str, path: str, status: int, code: str) -> None:
    answer = getattr(Client(), method)(path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"files": {}}, 422),
        ({"files": {"../x.html": "a"}}, 400),
        ({"files": {"x": "a"}}, 400),
        ({"files": {"a.png": "base64:***"}}, 400),
        ({"files": {"a.html": "a"}, "visibility": "secret"}, 422),
        ({"files": {"a.html": "a"}, "unknown": 1}, 422),
        ({"files": {"a.html": "a"}, "title": "\0"}, 422),
        ({"files": {"a.html": "\ud800"}}, 400),
    ],
)
def test_bad_artifacts_are_refused_with_a_sentence(alice: User, body: object, status: int) -> None:
    answer = client_of(alice).post("/api/artifacts", body, content_type="application/json")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_publish_read_and_add_a_version(alice: User, bob: User) -> None:
    client = client_of(alice)
    body = {"title": "Pic", "files": {"index.html": "<p>Hi", "a.png": "base64:iVBORw=="}, "visibility": "private"}
    made = client.post("/api/artifacts", body, content_type="application/json").json()
    assert (made["version"], made["visibility"], made["is_mine"]) == (1, "private", True)
    assert made["url"] == f"http://localhost:8000/a/{made['id']}"
    assert client_of(bob).get(f"/api/artifacts/{made['id']}").status_code == 404
    added = client.post(
        f"/api/artifacts/{made['id']}/versions", {"files": {"index.html": "<p>Ho"}}, content_type="application/json"
    ).json()
    assert added["number"] == 2
    texts = {file["path"]: file["text"] or file["base64"] for file in added["files"]}
    assert texts == {"index.html": "<p>Ho", "a.png": "iVBORw=="}
    assert (
        client_of(bob)
        .post(f"/api/artifacts/{made['id']}/versions", {"files": {"a.html": ""}}, content_type="application/json")
        .status_code
        == 404
    )


def test_a_guest_cannot_publish_without_end(guest: User, settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR = 2
    client, body = client_of(guest), {"files": {"a.html": "a"}}
    made = client.post("/api/artifacts", body, content_type="application/json").json()
    versions = f"/api/artifacts/{made['id']}/versions"
    assert client.post(versions, body, content_type="application/json").status_code == 201
    for path in ("/api/artifacts", versions):
        refused = client.post(path, body, content_type="application/json")
        assert refused.status_code == 429
        assert refused["Retry-After"]


async def test_a_run_over_the_api_and_its_events(alice: User, upstream: Upstream) -> None:
    await sync_to_async(connect_model)(upstream.base_url, "good")
    client = AsyncClient()
    await client.aforce_login(alice)
    body = {"prompt": "a page", "model": "good"}
    answer = await client.post("/api/runs", body, content_type="application/json")
    assert answer.status_code == 202
    run = answer.json()
    assert run["status"] == "running"
    events = await client.get(f"/api/runs/{run['id']}/events")
    assert events["Content-Type"] == "text/event-stream"
    text = b"".join([chunk async for chunk in chunks_of(events)]).decode()
    blocks = [block for block in text.strip().split("\n\n") if not block.startswith(":")]  # comments
    messages = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    assert [int(message["id"]) for message in messages] == list(range(1, len(messages) + 1))
    frames = [json.loads(message["data"]) for message in messages]
    assert frames[0]["event"]["type"] == "run.started"
    assert frames[-1]["event"] == {"type": "run.finished", "reason": "stop"}
    rest = await client.get(f"/api/runs/{run['id']}/events", headers={"Last-Event-ID": str(len(frames) - 2)})
    tail = b"".join([chunk async for chunk in chunks_of(rest)]).decode()
    assert tail.count("data: ") == 2
    finished = (await client.get(f"/api/runs/{run['id']}")).json()
    assert finished["status"] == "finished"
    assert finished["version"]["number"] == 1


def test_an_unknown_model_and_blind_models_are_said(alice: User, upstream: Upstream) -> None:
    connect_model(upstream.base_url, "good")
    client = client_of(alice)
    image = "data:image/png;base64,iVBORw0KGgo="
    for body, code in [
        ({"prompt": "a", "model": "nothing"}, "model_missing"),
        ({"prompt": "a", "images": [image]}, "no_vision"),
        ({"prompt": "a", "images": ["data:image/png;base64,AAAA"]}, "bad_image"),
        ({"prompt": "a", "images": ["http://example.com/a.png"]}, "bad_image"),
        ({"prompt": ""}, "bad_input"),
        ({"prompt": " \n"}, "bad_input"),
        ({"prompt": "a\0"}, "bad_input"),
        ({"prompt": "a", "sampling": {"system_prompt": "\0"}}, "bad_input"),
        ({"prompt": "a", "sampling": {"temperature": float("nan")}}, "bad_request"),
        ({"prompt": "a", "parent": "\0"}, "bad_input"),
        ({"prompt": "a", "parent": "nowhere"}, "run_not_found"),
        ({"prompt": "a", "artifact": "nowhere"}, "artifact_not_found"),
    ]:
        answer = client.post("/api/runs", body, content_type="application/json")
        assert answer.json()["error"]["code"] == code


def test_healthz_names_what_does_not_answer() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    parts = answer.json()
    assert (parts["database"], parts["redis"]) == ("ok", "ok")
    assert "no sign of life" in parts["worker"]
