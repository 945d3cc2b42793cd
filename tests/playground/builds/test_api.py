"""What may be asked of builds, by whom, and what is answered where it cannot be."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.builds.models import Build
from playground.gateway.models import Endpoint, Model, Source
from playground.protocol import Role
from playground.runs.models import Conversation, Run
from playground.runs.sharing import join, open_link
from tests.playground.builds.scripts import FINISH, GOOD, PAGE, PLAN, WRITE, any_model, call, play, work

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(alice: User) -> Client:
    any_model()
    return client_of(alice)


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api{path}", body, content_type="application/json")


def order(client: Client, **body: Any) -> str:
    answer = post(client, "/runs", kind="build", prompt="a counter", **body)
    assert answer.status_code == 202, answer.content
    return str(answer.json()["id"])


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_build_waits_at_its_place_and_is_then_over(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    play(monkeypatch, *GOOD)
    run, second = order(client), order(client)
    assert client.get(f"/api/runs/{run}/build").json()["place"] == 1
    info = client.get(f"/api/runs/{second}").json()
    assert (info["kind"], info["status"], info["build"]["state"], info["build"]["place"]) == (
        "build",
        "running",
        "waiting",
        2,
    )
    async_to_sync(work)()
    detail = client.get(f"/api/runs/{run}/build").json()
    assert (detail["state"], detail["outcome"], detail["title"]) == ("over", "done", "Counter")
    assert [file["path"] for file in detail["files"]] == ["index.html"]
    assert detail["frame_url"]


def test_the_journal_is_read_in_pages_and_files_as_they_were(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    changed = call("write_file", path="index.html", content=PAGE * 2)
    play(monkeypatch, [PLAN], [WRITE], [changed], [FINISH])
    run = order(client)
    async_to_sync(work)()
    entries: list[Any] = []
    after = -1
    while True:
        page = client.get(f"/api/runs/{run}/build/steps?after={after}&limit=3").json()
        entries += page["entries"]
        if page["after"] is None:
            break
        after = page["after"]
    whole = client.get(f"/api/runs/{run}/build/steps?limit=200").json()["entries"]
    assert entries == whole
    assert [entry["event"]["type"] for entry in whole][-1] == "build.finished"
    assert client.get(f"/api/runs/{run}/build/files?step=1").json()["files"] == []
    assert client.get(f"/api/runs/{run}/build/file?path=index.html&step=2").json()["text"] == PAGE
    assert client.get(f"/api/runs/{run}/build/file?path=index.html").json()["text"] == PAGE * 2
    assert code_of(client.get(f"/api/runs/{run}/build/file?path=index.html&step=99")) == (404, "step_not_found")
    sha = client.get(f"/api/runs/{run}/build/files").json()["files"][0]["sha"]
    assert code_of(client.get(f"/api/runs/{run}/build/pictures/{sha}")) == (404, "no_picture")


def test_a_stranger_sees_and_changes_nothing(monkeypatch: pytest.MonkeyPatch, client: Client, bob: User) -> None:
    play(monkeypatch, *GOOD)
    run = order(client)
    stranger = client_of(bob)
    for path in ("", "/steps", "/files", "/file?path=index.html", f"/pictures/{'a' * 64}"):
        assert stranger.get(f"/api/runs/{run}/build{path}").status_code == 404
    bodies: dict[str, Any] = {
        "stop": {"mode": "now"},
        "messages": {"text": "x"},
        "fork": {"step": 0},
        "rewind": {"step": 0},
    }
    for verb, body in bodies.items():
        assert post(stranger, f"/runs/{run}/build/{verb}", **body).status_code == 404
    build = Build.objects.get()
    assert (build.stop, build.messages.count()) == ("", 0)


def test_who_may_only_watch_steers_nothing(monkeypatch: pytest.MonkeyPatch, client: Client, bob: User) -> None:
    play(monkeypatch, *GOOD)
    run = order(client)
    conversation = Conversation.objects.get()
    open_link(conversation, Role.VIEWER)
    join(bob, conversation.links.get().token)
    viewer = client_of(bob)
    assert viewer.get(f"/api/runs/{run}/build").status_code == 200
    assert code_of(post(viewer, f"/runs/{run}/build/messages", text="x")) == (403, "view_only")
    assert code_of(post(viewer, f"/runs/{run}/build/stop", mode="now")) == (403, "view_only")
    assert code_of(post(viewer, f"/runs/{run}/build/fork", step=0)) == (403, "view_only")


def test_a_build_cannot_be_continued_as_an_answer(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    play(monkeypatch, *GOOD)
    run = order(client)
    async_to_sync(work)()
    assert code_of(post(client, "/runs", prompt="x", continues=run)) == (400, "nothing_to_continue")


def test_the_demo_reel_cannot_build(alice: User) -> None:
    endpoint = Endpoint.objects.create(name="Demo reel", base_url="http://127.0.0.1:1/v1", source=Source.DEMO_REEL)
    Model.objects.create(endpoint=endpoint, name="Demo", model_id="demo", is_default=True)
    client = client_of(alice)
    answer = post(client, "/runs", kind="build", prompt="a counter")
    assert code_of(answer) == (400, "demo_cannot_build")
    assert "OPENAI_API_KEY" in answer.json()["error"]["message"]
    any_model("coder")
    assert "coder" in post(client, "/runs", kind="build", prompt="x", model="demo").json()["error"]["message"]
    run = order(client)
    assert Run.objects.get(pk=run).model_name == "coder"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"images": ["data:image/png;base64,iVBORw0KGgo="]}, "no_images"),
        ({"engine": "nobody"}, "bad_input"),
        ({"checklist": ["x" * 501]}, "bad_input"),
        ({"limits": {"model_calls": 0}}, "bad_input"),
        ({"unknown": 1}, "bad_input"),
        ({"continues": "x"}, "bad_input"),
    ],
)
def test_what_cannot_be_built_is_refused(client: Client, body: dict[str, Any], code: str) -> None:
    answer = post(client, "/runs", **{"kind": "build", "prompt": "a counter", **body})
    assert answer.json()["error"]["code"] == code
    assert not Run.objects.exists()


def test_limits_are_cut_to_what_the_settings_allow(client: Client) -> None:
    run = order(client, limits={"model_calls": 5, "tool_calls": 100_000, "cost": 0.5})
    limits = client.get(f"/api/runs/{run}/build").json()["limits"]
    assert (limits["model_calls"], limits["tool_calls"], limits["cost"]) == (5, 150, 0.5)


def test_steering_reaches_the_model_once(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    provider = play(monkeypatch, *GOOD)
    run = order(client)
    answer = post(client, f"/runs/{run}/build/messages", text="make it blue")
    assert (answer.status_code, answer.json()["told"]) == (201, False)
    async_to_sync(work)()
    told = [message.text for message in provider.requests[-1].messages if "make it blue" in message.text]
    assert len(told) == 1
    assert client.get(f"/api/runs/{run}/build").json()["messages"][0]["told"]
    assert code_of(post(client, f"/runs/{run}/build/messages", text="too late")) == (409, "build_over")


def test_a_fork_goes_on_from_the_files_and_the_plan_of_a_step(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    changed = call("write_file", path="index.html", content=PAGE * 2)
    provider = play(monkeypatch, [PLAN], [WRITE], [changed], [FINISH])
    run = order(client)
    async_to_sync(work)()
    forked = post(client, f"/runs/{run}/build/fork", step=2, prompt="make it red").json()
    assert forked["build"]["origin"] == {"run": run, "step": 2}
    play(monkeypatch, [call("write_file", path="red.css", content="h1 { color: red }")], [FINISH])
    assert async_to_sync(work)()
    files = {file["path"]: file for file in client.get(f"/api/runs/{forked['id']}/build").json()["files"]}
    assert set(files) == {"index.html", "red.css"}
    assert client.get(f"/api/runs/{forked['id']}/build/file?path=index.html").json()["text"] == PAGE
    runs = client.get(f"/api/conversations/{forked['conversation']}").json()["runs"]
    assert [each["version"]["number"] for each in runs] == [1, 2]
    assert runs[0]["parent"] == runs[1]["parent"]
    assert provider.requests


def test_a_rewind_stops_what_goes_and_takes_its_place(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    play(monkeypatch, *GOOD)
    run = order(client)
    again = post(client, f"/runs/{run}/build/rewind", step=0).json()
    build = Build.objects.get(pk=run)
    assert build.stop == "now"
    assert again["status"] == "queued"  # until the other one is over


def test_a_checklist_is_proposed_by_a_model(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    from playground.builds import checklist  # noqa: PLC0415

    said = "Here you are:\n- A number\n2. **A button**\n* [ ] It counts\n\nThat is all."
    monkeypatch.setattr(checklist, "provider_for", lambda model: play(monkeypatch, [said]))
    assert post(client, "/builds/checklist", prompt="a counter").json() == {
        "items": ["A number", "A button", "It counts"]
    }
    monkeypatch.setattr(checklist, "provider_for", lambda model: play(monkeypatch, ["I would rather not."]))
    assert code_of(post(client, "/builds/checklist", prompt="a counter")) == (400, "no_checklist")


def test_a_chat_with_the_same_address_is_still_a_chat(client: Client) -> None:
    assert post(client, "/runs", prompt="x", kind="chat").json()["kind"] == "chat"
    assert code_of(post(client, "/runs", prompt=""))[0] == 422


def test_mail_is_offered_where_it_arrives(client: Client, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert client.get("/api/builds").json()["can_mail"] is False
    settings.SENDS_MAIL = True
    assert client.get("/api/builds").json()["can_mail"] is True
    assert Client().get("/api/builds").json().get("can_mail") is not True  # a visitor has no address
