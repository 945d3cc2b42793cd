"""Races over the API: the lanes, what is kept, the vote, and that a blind one tells nobody who is who."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import AsyncClient
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.artifacts.files import read_file
from playground.artifacts.models import Version
from playground.gateway.models import Audience
from playground.protocol import RunRequest
from playground.runs import services
from playground.runs.consumers import RunConsumer
from playground.runs.following import follow
from playground.runs.models import Race, Run
from tests.behaviours import PAGE
from tests.conftest import HostClient, chunks_of, connect_model
from tests.playground.runs.messages import frames_in
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "application/json"


async def sign_in(user: User) -> AsyncClient:
    client = AsyncClient()
    await client.aforce_login(user)
    return client


async def connect(upstream: Upstream, *model_ids: str, **fields: object) -> None:
    for model_id in model_ids:
        await sync_to_async(connect_model)(upstream.base_url, model_id, **fields)


async def post(client: AsyncClient, path: str, body: object = None, status: int | None = None) -> Any:
    answer = await client.post(f"/api/races{path}", body or {}, content_type=JSON)
    assert status is None or answer.status_code == status, answer.content
    return answer.json()


async def race(client: AsyncClient, *models: str, **more: object) -> Any:
    return await post(client, "", {"prompt": "a page", "models": models, **more}, 202)


async def finish(raced: Any) -> list[Run]:
    """Wait for all lanes."""
    async with asyncio.timeout(30):
        for run in raced["lanes"]:
            async for _ in follow(run):
                pass
    runs = Run.objects.filter(race=raced["id"]).order_by("lane").select_related("version", "model")
    return [run async for run in runs]


def code_of(answer: Any) -> str:
    return str(answer["error"]["code"])


@pytest.fixture(autouse=True)
async def _no_lane_is_left(db: None) -> AsyncIterator[None]:
    yield
    async for run in Run.objects.open():
        await services.cancel(run)
        async for _ in follow(run.pk):
            pass


async def test_lanes_run_side_by_side_and_one_that_fails_disturbs_none(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "good", "no-usage", "server-error", price_input=1, price_output=2)
    client = await sign_in(alice)
    raced = await race(client, "good", "server-error", "no-usage")
    assert [run["model"] for run in raced["runs"]] == ["good", "server-error", "no-usage"]
    runs = await finish(raced)
    assert [run.status for run in runs] == ["finished", "failed", "finished"]
    assert {run.parent_id for run in runs} == {None}
    assert not await Version.objects.aexists()
    told = (await client.get(f"/api/races/{raced['id']}")).json()
    assert told["runs"][0]["cost"] == pytest.approx((12 + 2 * 34) / 1_000_000)
    assert told["runs"][1]["error"]["code"] == "upstream_error"
    assert (told["is_veiled"], told["kept"], told["runs"][0]["artifact"]) == (False, None, None)
    conversation = (await client.get(f"/api/conversations/{raced['conversation']}")).json()
    assert conversation["races"] == [{name: told[name] for name in told if name != "runs"}]


async def test_a_kept_lane_is_a_version_like_any_and_another_can_be_kept_later(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "good", "no-usage", "cut-middle")
    client = await sign_in(alice)
    raced = await race(client, "good", "no-usage", "cut-middle")
    first, second, third = await finish(raced)
    path = f"/{raced['id']}/keep"
    kept = await post(client, path, {"run": second.pk}, 200)
    assert (kept["kept"], kept["runs"][1]["version"]["number"]) == (second.pk, 1)
    again = await post(client, path, {"run": second.pk}, 200)
    assert again["runs"][1]["version"] == kept["runs"][1]["version"]
    version = await Version.objects.select_related("artifact").aget()
    page = await sync_to_async(read_file)(version.files["index.html"])
    assert (page.decode(), version.model_name, version.artifact.title) == (PAGE, "no-usage", "Ball")
    later = await post(client, path, {"run": first.pk}, 200)
    assert (later["kept"], later["runs"][0]["version"]["number"]) == (first.pk, 2)
    assert later["runs"][1]["version"]["number"] == 1
    for run in (third.pk, "nothing"):
        assert code_of(await post(client, path, {"run": run}, 400)) == "nothing_to_keep"


@pytest.mark.parametrize("model", ["good", "edits", "cut-at-limit", "crlf"])
async def test_what_is_kept_is_what_a_run_alone_would_have_saved(
    alice: User, upstream: Upstream, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = "<<<<<<< SEARCH\n  <p>a</p>\n=======\n  <p>b</p>\n  <p>c</p>\n>>>>>>> REPLACE\n"
    apart = "```html index.html\n<head></head><p>a</p>\n```\n\n```css style.css\np { color: red }\n```\n"
    edited = f"```html index.html\n<div>\n  <p>a</p>\n</div>\n```\n\n{edit}"
    monkeypatch.setattr(upstream, "answers", upstream.answers | {"edits": edited, "crlf": apart})
    await connect(upstream, model, "no-usage")
    alone = await services.start(user=alice, address="", request=RunRequest(prompt="a page", model=model))
    async for _ in follow(alone.pk):
        pass
    client = await sign_in(alice)
    raced = await race(client, model, "no-usage")
    run = (await finish(raced))[0]
    await post(client, f"/{raced['id']}/keep", {"run": run.pk}, 200)
    one, other = [version async for version in Version.objects.order_by("pk")]
    assert one.files == other.files


async def test_the_conversation_goes_on_from_what_is_kept(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "good", "no-usage")
    client = await sign_in(alice)
    raced = await race(client, "good", "no-usage")
    first, second = await finish(raced)
    wish = {"prompt": "blue", "model": "good", "parent": first.pk}
    assert code_of((await client.post("/api/runs", wish, content_type=JSON)).json()) == "not_kept"
    assert code_of(await post(client, "", {"prompt": "x", "models": ["good", "no-usage"], "parent": second.pk})) == (
        "not_kept"
    )
    await post(client, f"/{raced['id']}/keep", {"run": first.pk}, 200)
    follow_up = await race(client, "good", "no-usage", parent=first.pk, prompt="blue")
    runs = await finish(follow_up)
    assert {run.parent_id for run in runs} == {first.pk}
    assert PAGE in upstream.requests[-1].body["messages"][-1]["content"]
    await post(client, f"/{follow_up['id']}/keep", {"run": runs[1].pk}, 200)
    version = await Version.objects.select_related("parent").aget(run=runs[1].pk)
    assert (version.number, version.parent and version.parent.number) == (2, 1)


async def test_all_or_nothing(alice: User, upstream: Upstream, settings: Settings) -> None:
    await connect(upstream, "good", "no-usage", "no-done")
    await connect(upstream, "staff-only", audience=Audience.STAFF)
    client = await sign_in(alice)
    for models, code in [
        (["good", "staff-only"], "model_missing"),
        (["good", "nothing"], "model_missing"),
        (["good", "good"], "same_model"),
        (["good"], "bad_input"),
        (["good", "no-usage", "no-done", "no-ids", "crlf"], "bad_input"),
    ]:
        assert code_of(await post(client, "", {"prompt": "a", "models": models})) == code
    settings.CONCURRENT_RUNS = 2
    refused = await post(client, "", {"prompt": "a", "models": ["good", "no-usage", "no-done"]}, 429)
    assert code_of(refused) == "too_many_runs"
    settings.USER_RUNS_PER_HOUR = 3
    await finish(await race(client, "good", "no-usage"))
    assert code_of(await post(client, "", {"prompt": "a", "models": ["good", "no-done"]}, 429)) == "quota_exceeded"
    assert await Run.objects.acount() == 2
    run = await client.post("/api/runs", {"prompt": "a", "model": "good"}, content_type=JSON)
    assert run.status_code == 202  # the refused race did not use up the third


async def test_lanes_are_stopped_alone_or_together(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "stall-first", "endless", "stall-middle")
    client = await sign_in(alice)
    raced = await race(client, "stall-first", "endless", "stall-middle")
    assert (await client.post(f"/api/runs/{raced['lanes'][1]}/cancel")).status_code == 202
    async with asyncio.timeout(5):
        async for _ in follow(raced["lanes"][1]):
            pass
    assert await Run.objects.open().acount() == 2
    await post(client, f"/{raced['id']}/cancel", status=202)
    assert {run.status for run in await finish(raced)} == {"cancelled"}


async def test_a_race_is_its_owners_alone(alice: User, bob: User, guest: User, upstream: Upstream) -> None:
    await connect(upstream, "good", "no-usage")
    raced = await race(await sign_in(alice), "good", "no-usage", blind=True)
    runs = await finish(raced)
    for client in (await sign_in(bob), await sign_in(guest), AsyncClient()):
        assert (await client.get(f"/api/races/{raced['id']}")).status_code == 404
        for verb, body in {"cancel": {}, "vote": {"verdict": "tie"}, "keep": {"run": runs[0].pk}}.items():
            assert code_of(await post(client, f"/{raced['id']}/{verb}", body, 404)) == "race_not_found"
    other = await race(await sign_in(bob), "good", "no-usage")
    await finish(other)
    refused = await post(await sign_in(bob), f"/{other['id']}/keep", {"run": runs[0].pk}, 400)
    assert code_of(refused) == "nothing_to_keep"
    assert not await Version.objects.aexists()


async def test_a_vote_counts_once_and_only_where_it_was_blind(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "good", "no-usage", "server-error", "endless")
    client = await sign_in(alice)
    seen = await race(client, "good", "no-usage")
    await finish(seen)
    assert code_of(await post(client, f"/{seen['id']}/vote", {"verdict": "tie"}, 400)) == "not_blind"
    blind = await race(client, "good", "server-error", "endless", blind=True)
    path = f"/{blind['id']}/vote"
    assert code_of(await post(client, path, {"verdict": "tie"}, 400)) == "race_runs"
    good = await Run.objects.aget(race=blind["id"], model__name="good")
    async for _ in follow(good.pk):  # this one ends well, in whatever lane it is
        pass
    await post(client, f"/{blind['id']}/cancel", status=202)
    runs = await finish(blind)
    best = next(run for run in runs if run.model_name == "good")
    failed = next(run for run in runs if run.model_name == "server-error")
    for body in ({"verdict": "best"}, {"verdict": "tie", "run": best.pk}, {"verdict": "best", "run": failed.pk}):
        assert code_of(await post(client, path, body, 400)) == "bad_vote"
    assert code_of(await post(client, f"/{blind['id']}/keep", {"run": best.pk}, 400)) == "vote_first"
    told = await post(client, path, {"verdict": "best", "run": best.pk}, 200)
    assert (told["verdict"], told["best"], told["is_veiled"]) == ("best", best.pk, False)
    assert {run["model"] for run in told["runs"]} == {"good", "server-error", "endless"}
    assert code_of(await post(client, path, {"verdict": "bad"}, 409)) == "voted"
    await post(client, f"/{blind['id']}/keep", {"run": best.pk}, 200)


async def test_the_lanes_of_a_blind_race_are_in_random_order(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "good", "no-usage", "server-error")
    client = await sign_in(alice)
    orders = set()
    for _ in range(12):  # all of them in one order: once in ten million tries or so
        raced = await race(client, "good", "no-usage", "server-error", blind=True)
        orders.add(tuple(run.model_name for run in await finish(raced)))
    assert len(orders) > 1


class Witness:
    """Everything that leaves the server about a race while it is blind."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def fetch(self, client: AsyncClient, path: str, **headers: str) -> None:
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 200
        self.heard.append(str(answer.headers))
        if answer.streaming:
            self.heard.append(b"".join([chunk async for chunk in chunks_of(answer)]).decode())
        else:
            self.heard.append(answer.content.decode())

    async def follow(self, user: User, run: str) -> None:
        socket = WebsocketCommunicator(RunConsumer.as_asgi(), "/ws")
        socket.scope["user"] = user  # type: ignore[typeddict-unknown-key]  # as the auth middleware does
        await socket.connect()
        await socket.send_json_to({"type": "run.follow", "run": run, "after": 0})
        is_over = False
        while not is_over:
            text = str(await socket.receive_from(timeout=20))
            self.heard.append(text)
            is_over = frames_in(text)[-1]["event"]["type"] in ("run.finished", "run.failed")
        await socket.disconnect()

    async def preview(self, url: str) -> None:
        host, _, path = url.removeprefix("http://").partition("/")
        await self.fetch(HostClient(host), f"/{path}")

    async def visit(self, client: AsyncClient, raced: Any) -> None:
        """Every address that tells of the race or its lanes."""
        for run in raced["runs"]:
            await self.fetch(client, f"/api/runs/{run['id']}")
            for events in (f"/api/runs/{run['id']}/events", f"/api/events?follow={run['id']}:0"):
                await self.fetch(client, events)
                await self.fetch(client, events, Accept="application/json")
            stopped = await client.post(f"/api/runs/{run['id']}/cancel")
            self.heard.append(stopped.content.decode())
        for path in (f"/api/races/{raced['id']}", "/api/conversations", f"/api/conversations/{raced['conversation']}"):
            await self.fetch(client, path)
        await self.fetch(client, f"/c/{raced['conversation']}")
        page = self.heard.pop()  # it lists all models that may be chosen, for the next wish
        boot = json.loads(re.findall(r'<script id="\w+" type="application/json">(.*?)</script>', page)[0])
        self.heard.append(json.dumps(boot["conversation"]))

    @property
    def text(self) -> str:
        return "\n".join(self.heard)

    @property
    def frames(self) -> list[Any]:
        messages = [text for text in self.heard if text.startswith(('{"run"', '{"frames"'))]
        return [frame for text in messages for frame in frames_in(text)]


async def test_nothing_tells_who_is_who_before_the_vote(alice: User, upstream: Upstream) -> None:
    names = ("good", "other-model", "no-such-model", "error-in-stream")
    await connect(upstream, *names, price_input=1, price_output=2)
    client = await sign_in(alice)
    witness = Witness()
    raced = await race(client, *names, blind=True)
    witness.heard.append(json.dumps(raced))
    for run in raced["lanes"] * 2:  # live, and then as it is kept
        await witness.follow(alice, run)
    whole = [run for run in await finish(raced) if run.status == "finished"]
    for run in raced["runs"]:
        if run["id"] in {one.pk for one in whole}:
            await witness.preview(run["preview_url"])
    await witness.visit(client, raced)
    for name in (*names, "something-else-7b", "127.0.0.1", "CUDA", "Test server"):
        assert name not in witness.text
    assert {frame["at"] for frame in witness.frames} == {0}
    types = {frame["event"]["type"] for frame in witness.frames}
    assert "withheld" in types
    assert "usage" not in types
    told = (await client.get(f"/api/races/{raced['id']}")).json()
    for run in told["runs"]:
        assert (run["model"], run["usage"], run["cost"], run["finished_at"]) == ("", None, None, None)
    continued = {"prompt": "x", "continues": whole[0].pk}
    refused = await client.post("/api/runs", continued, content_type=JSON)
    assert code_of(refused.json()) == "vote_first"


async def test_after_the_vote_everything_is_told(alice: User, upstream: Upstream) -> None:
    await connect(upstream, "other-model", "error-in-stream")
    client = await sign_in(alice)
    raced = await race(client, "other-model", "error-in-stream", blind=True)
    await finish(raced)
    await post(client, f"/{raced['id']}/vote", {"verdict": "bad"}, 200)
    witness = Witness()
    for run in raced["lanes"]:
        await witness.follow(alice, run)
    for name in ("other-model", "something-else-7b", "error-in-stream", "CUDA", '"usage"'):
        assert name in witness.text
    assert await Race.objects.filter(verdict="bad", best=None).aexists()
