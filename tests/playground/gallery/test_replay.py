"""The film of a version: who sees it, what it shows at which place, and going on from there."""

import json
import time
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import AsyncClient, Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.artifacts.files import read_file
from playground.artifacts.models import Artifact, Maker, Version
from playground.artifacts.services import Origin, create_artifact, remix_version
from playground.operations.retention import forget_logs
from playground.protocol import SegmentStarted
from playground.reel.clips import load_clips
from playground.runs.film import PIECE
from playground.runs.models import Conversation, Run
from tests.behaviours import ANSWER, PAGE
from tests.conftest import HostClient, chunks_of, connect_model
from tests.playground.builds.scripts import FINISH, PLAN, WRITE, any_model, call, play, work
from tests.playground.builds.scripts import PAGE as BUILT
from tests.playground.runs.test_generation import finish, start
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "<head><title>Ball</title><style>canvas { background: #eee }</style></head>"
EDIT = f"""A bull it is.

```html index.html
<<<<<<< SEARCH
{HEAD}
=======
{HEAD.replace("Ball", "Bull")}
>>>>>>> REPLACE
```
"""


def client_of(user: User | None) -> AsyncClient:
    client = AsyncClient()
    if user:
        client.force_login(user)
    return client


async def make_version(upstream: Upstream, user: User, model: str = "good", **request: object) -> Version:
    run = await start(upstream, model, user, **request)
    await finish(run)
    return await Version.objects.select_related("artifact").aget(run=run)


async def film_of(version: Version, reader: User | None = None) -> dict[str, Any]:
    client = await sync_to_async(client_of)(reader)
    answer = await client.get(f"/api/artifacts/{version.artifact_id}/versions/{version.number}/replay")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


async def branch(version: Version, user: User | None, **body: object) -> tuple[int, dict[str, Any]]:
    client = await sync_to_async(client_of)(user)
    path = f"/api/artifacts/{version.artifact_id}/versions/{version.number}/replay/branch"
    answer = await client.post(path, json.dumps(body), content_type="application/json")
    return answer.status_code, dict(answer.json())


async def look(url: str, path: str) -> tuple[int, str]:
    """What the artifact host answers, redirects followed."""
    host, _, address = url.removeprefix("http://").partition("/")
    target = f"/{address}{path}"
    answer = await HostClient(host).get(target)
    if answer.status_code == 307:
        place = target.rsplit("/", 2)[0]
        answer = await HostClient(host).get(f"{place}/{answer['Location'].removeprefix('../')}")
    if not answer.streaming:
        return answer.status_code, answer.content.decode()
    return answer.status_code, b"".join([chunk async for chunk in chunks_of(answer)]).decode()


def seq_of(chapter: dict[str, Any], text: str) -> int:
    """The first frame after which the film has shown `text`."""
    shown = ""
    for frame in chapter["frames"]:
        shown += frame["event"].get("text", "")
        if text in shown:
            return int(frame["seq"])
    raise AssertionError(f"{text} is not in the film")


async def test_the_film_shows_a_version_and_those_before_it(upstream: Upstream, alice: User) -> None:
    first = await make_version(upstream, alice)
    run = await Run.objects.aget(version=first)
    upstream.turns["edits"] = [EDIT]
    second = await make_version(upstream, alice, "edits", parent=run.pk, prompt="A bull")
    film = await film_of(second)
    ball, bull = film["chapters"]
    assert [ball["version"]["number"], bull["version"]["number"], film["earlier"]] == [1, 2, None]
    assert (ball["kind"], ball["prompt"], bull["prompt"]) == ("answer", "a page", "A bull")
    assert "".join(f["event"]["text"] for f in ball["frames"] if f["event"]["type"] == "file.delta") == PAGE
    assert [look["streams"] for look in ball["looks"] + bull["looks"]] == [True, False]
    assert run.pk not in json.dumps(film)
    assert [chapter["version"]["number"] for chapter in (await film_of(first))["chapters"]] == [1]


async def test_the_page_is_as_it_was_then(upstream: Upstream, alice: User) -> None:
    first = await make_version(upstream, alice)
    run = await Run.objects.aget(version=first)
    upstream.turns["edits"] = [EDIT]
    second = await make_version(upstream, alice, "edits", parent=run.pk)
    ball, bull = (await film_of(second))["chapters"]
    middle = seq_of(ball, "<canvas")
    status, page = await look(ball["page_url"], f"{middle}x0/")
    assert status == 200
    assert "<canvas" in page
    assert "requestAnimationFrame" not in page
    assert "<title>Ball" in (await look(bull["page_url"], "0x0/"))[1]
    assert "<title>Bull" in (await look(bull["page_url"], f"{bull['frames'][-1]['seq']}x0/"))[1]
    assert (await look(ball["page_url"], f"{middle}x0/nothing.js"))[0] == 404
    assert (await look(ball["page_url"], "index.html"))[0] == 404
    assert (await look(ball["page_url"], "0x1/"))[0] == 404  # it would take hours


async def test_the_page_goes_on_at_the_pace_of_the_film(upstream: Upstream, alice: User) -> None:
    version = await make_version(upstream, alice)
    (chapter,) = (await film_of(version))["chapters"]
    left = chapter["length"] - chapter["frames"][1]["at"]
    started = time.monotonic()
    status, page = await look(chapter["page_url"], "2x800/")
    took = (time.monotonic() - started) * 1000
    assert status == 200
    assert page.rstrip().endswith("</html>")
    assert took > left / 8 * 0.7


async def test_a_stranger_sees_nothing_of_what_is_private(upstream: Upstream, alice: User, bob: User) -> None:
    version = await make_version(upstream, alice)
    open_film = (await film_of(version))["chapters"][0]
    await Artifact.objects.filter(pk=version.artifact_id).aupdate(visibility="private")
    await sync_to_async((await Artifact.objects.aget(pk=version.artifact_id)).save)()
    mine = (await film_of(version, alice))["chapters"][0]
    for reader in (None, bob):
        client = await sync_to_async(client_of)(reader)
        paths = (f"/a/{version.artifact_id}/replay", f"/a/{version.artifact_id}/v/1/replay")
        api = f"/api/artifacts/{version.artifact_id}/versions/1/replay"
        for path in (*paths, api, f"{api}/steps/1"):
            assert (await client.get(path)).status_code == 404
        assert (await branch(version, reader, seq=3))[0] == 404
    assert (await look(open_film["page_url"], "3x0/"))[0] == 404
    assert (await look(mine["page_url"], "3x0/"))[0] == 200
    assert await Run.objects.acount() == 1


@pytest.mark.parametrize("owner", ["somebody", "vllm"])
async def test_a_branch_asks_the_model_with_the_very_prefix(
    upstream: Upstream, alice: User, bob: User, owner: str
) -> None:
    version = await make_version(upstream, alice)
    await sync_to_async(connect_model)(upstream.base_url, "cut-at-limit")
    (chapter,) = (await film_of(version))["chapters"]
    seq = seq_of(chapter, "<canvas")
    upstream.owner = owner
    before = len(upstream.requests)
    status, found = await branch(version, bob, seq=seq, model="cut-at-limit")
    assert status == 202
    run = await Run.objects.aget(pk=found["run"])
    events = await finish(run)
    upstream.owner = "somebody"
    request = upstream.requests[before]
    messages = request.body["messages"][-1:] if owner == "vllm" else request.body["messages"][-2:]
    prefix = run.beginning
    assert ANSWER.startswith(prefix)
    assert 0 <= len(prefix.rpartition("<canvas")[2]) <= PIECE
    assert "</html>" not in prefix
    assert (messages[0]["role"], messages[0]["content"]) == ("assistant", prefix)
    assert messages[-1]["content"].endswith(prefix[-20:])
    assert next(event.reason for event in events if isinstance(event, SegmentStarted)) == "branch"
    made = await Version.objects.select_related("artifact__owner", "artifact__remixed_from").aget(run=run)
    assert (made.artifact.owner, made.artifact.remixed_from, made.prompt) == (bob, version, "a page")
    assert await sync_to_async(lambda: read_file(made.files["index.html"]).decode())() == PAGE


async def test_a_branch_of_edits_goes_on_from_a_remix_of_what_they_edit(
    upstream: Upstream, alice: User, bob: User
) -> None:
    first = await make_version(upstream, alice)
    upstream.turns["edits"] = [EDIT, "nothing more"]
    second = await make_version(upstream, alice, "edits", parent=(await Run.objects.aget(version=first)).pk)
    chapter = (await film_of(second))["chapters"][1]
    status, found = await branch(second, bob, seq=seq_of(chapter, "A bull it is."), model="edits")
    assert status == 202
    run = await Run.objects.aget(pk=found["run"])
    await finish(run)
    run = await Run.objects.select_related("base__artifact__owner").aget(pk=run.pk)
    assert run.base
    assert (run.base.artifact.owner, run.base.maker, run.base.parent_id) == (bob, Maker.REMIX, first.pk)


async def test_at_its_end_a_branch_is_a_remix(upstream: Upstream, alice: User) -> None:
    version = await make_version(upstream, alice)
    (chapter,) = (await film_of(version))["chapters"]
    status, found = await branch(version, None, seq=chapter["frames"][-1]["seq"])
    assert (status, found["run"]) == (202, None)
    conversation = await Conversation.objects.select_related("owner", "base").aget(pk=found["conversation"])
    assert conversation.owner.is_guest
    assert conversation.base
    assert (conversation.base.maker, conversation.base.parent_id) == (Maker.REMIX, version.pk)


async def test_a_branch_counts_as_any_wish(upstream: Upstream, alice: User, settings: Settings) -> None:
    version = await make_version(upstream, alice)
    settings.CONCURRENT_RUNS = 0
    before = await Conversation.objects.acount()
    status, answer = await branch(version, alice, seq=3, model="good")
    assert (status, answer["error"]["code"]) == (429, "too_many_runs")
    assert await Conversation.objects.acount() == before
    assert (await branch(version, alice, seq=-1))[0] == 422


async def test_what_nobody_recorded_is_shown_as_it_is(upstream: Upstream, alice: User, bob: User) -> None:
    version = await make_version(upstream, alice)
    await sync_to_async(forget_logs)(timezone.now())
    (forgotten,) = (await film_of(version))["chapters"]
    assert (forgotten["kind"], forgotten["is_forgotten"], forgotten["prompt"]) == ("still", True, "a page")
    copy = await sync_to_async(remix_version)(version=version, owner=bob)
    (still,) = (await film_of(copy))["chapters"]
    assert (still["kind"], still["is_forgotten"], still["frames"], still["page_url"]) == ("still", False, [], None)


async def test_a_demo_is_played_as_its_clip(alice: User) -> None:
    clip = load_clips()[0]
    origin = Origin(prompt=clip.prompt["en"], is_demo=True)
    version = await sync_to_async(create_artifact)(owner=alice, title="Demo", files=clip.files, origin=origin)
    (chapter,) = (await film_of(version))["chapters"]
    page = "".join(f["event"]["text"] for f in chapter["frames"] if f["event"]["type"] == "file.delta")
    assert page.encode() == clip.files["index.html"]
    assert (chapter["kind"], chapter["recorded"]) == ("answer", None)
    changed = {**clip.files, "index.html": b"<p>other"}
    version = await sync_to_async(create_artifact)(owner=alice, title="Demo", files=changed, origin=origin)
    assert (await film_of(version))["chapters"][0]["kind"] == "still"


def test_a_build_is_shown_step_by_step(monkeypatch: pytest.MonkeyPatch, alice: User, bob: User) -> None:
    any_model()
    red = call("write_file", path="red.css", content="h1 { color: red }")
    play(monkeypatch, [PLAN], [WRITE], [red], [FINISH])
    client = Client()
    client.force_login(alice)
    body = {"kind": "build", "prompt": "a counter", "checklist": ["secret"]}
    run = client.post("/api/runs", body, content_type="application/json").json()["id"]
    async_to_sync(work)()
    version = Version.objects.get(run=run)
    path = f"/api/artifacts/{version.artifact_id}/versions/{version.number}/replay"
    (chapter,) = Client().get(path).json()["chapters"]
    assert (chapter["kind"], chapter["page_url"]) == ("build", None)
    assert "secret" not in json.dumps(chapter["frames"])
    steps = [look["step"] for look in chapter["looks"]]
    assert steps[-1] == 3
    step = Client().get(f"{path}/steps/3").json()
    assert {file["path"]: file["text"] for file in step["files"]} == {
        "index.html": BUILT,
        "red.css": "h1 { color: red }",
    }
    assert async_to_sync(look)(step["frame_url"], "")[0] == 200
    assert Client().get(f"{path}/steps/99").status_code == 404
    last = chapter["looks"][-1]["seq"]

    def go_on(user: User) -> Run:
        reader = Client()
        reader.force_login(user)
        answer = reader.post(f"{path}/branch", {"seq": last}, content_type="application/json")
        assert answer.status_code == 202, answer.content
        return Run.objects.select_related("build", "conversation").get(pk=answer.json()["run"])

    mine, theirs = go_on(alice), go_on(bob)
    assert (mine.conversation.pk, mine.build.origin_id) == (Run.objects.get(pk=run).conversation_id, run)
    assert (theirs.conversation.owner, theirs.build.origin_id, theirs.build.checklist) == (bob, None, [])
    assert set(theirs.build.seed["files"]) == {"index.html", "red.css"}
    assert theirs.branch_of == version


async def test_the_page_is_there_without_scripts(upstream: Upstream, alice: User) -> None:
    version = await make_version(upstream, alice)
    client = await sync_to_async(client_of)(None)
    for path in ("replay", "v/1/replay"):
        answer = await client.get(f"/a/{version.artifact_id}/{path}")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "a page" in page
        assert "<noscript>" in page
        assert f"{version.artifact_id}" in answer["Content-Security-Policy"]
    assert (await client.get(f"/a/{version.artifact_id}/v/9/replay")).status_code == 404
