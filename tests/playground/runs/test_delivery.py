"""Following runs over plain HTTP, as a person with several runs and a difficult network does."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from playground.accounts.models import User
from playground.protocol import Frame, RunFinished, RunRequest, TextDelta
from playground.runs import delivery, services
from playground.runs.checkpoints import save_checkpoint
from playground.runs.lines import lines_of
from playground.runs.models import Conversation, Run
from tests.conftest import chunks_of, connect_model
from tests.playground.runs.messages import append
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"Accept": "application/json"}


async def client_of(user: User) -> AsyncClient:
    client = AsyncClient()
    await client.aforce_login(user)
    return client


@sync_to_async
def make_run(user: User, status: str = "finished") -> Run:
    conversation = Conversation.objects.create(owner=user, title="wish")
    return Run.objects.create(conversation=conversation, prompt="wish", model_name="m", status=status)


def frames_of(run: Run, texts: list[str]) -> list[Frame]:
    told = [Frame(run=run.pk, seq=seq, at=0, event=TextDelta(text=text)) for seq, text in enumerate(texts, 1)]
    return [*told, Frame(run=run.pk, seq=len(told) + 1, at=0, event=RunFinished(reason="stop"))]


async def keep(run: Run, frames: list[Frame]) -> None:
    await sync_to_async(save_checkpoint)(run.pk, lines_of(frames), "")


async def poll(client: AsyncClient, *follow: str, wait: float = 5) -> dict[str, Any]:
    query = urlencode({"follow": follow, "wait": wait}, doseq=True)
    answer = await client.get(f"/api/events?{query}", headers=JSON)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store, no-transform"
    batch: dict[str, Any] = json.loads(answer.content)
    assert set(batch) == {"frames", "news", "refused"}
    return batch


async def test_polls_tell_two_runs_to_their_end_without_gaps(alice: User, upstream: Upstream) -> None:
    await sync_to_async(connect_model)(upstream.base_url, "good")
    request = RunRequest(prompt="a page", model="good")
    runs = [await services.start(user=alice, address="", request=request) for _ in range(2)]
    client = await client_of(alice)
    seqs: dict[str, list[int]] = {run.pk: [] for run in runs}
    going = set(seqs)
    while going:
        follow = [f"{run}:{len(seqs[run])}" for run in going]
        for frame in (await poll(client, *follow))["frames"]:
            seqs[frame["run"]].append(frame["seq"])
            if frame["event"]["type"] == "run.finished":
                going.discard(frame["run"])
    for numbers in seqs.values():
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_poll_waits_for_what_comes_and_not_for_longer(alice: User) -> None:
    run = await make_run(alice, "running")
    await append(run.pk, frames_of(run, ["a"])[:1])
    client = await client_of(alice)
    began = time.monotonic()
    assert await poll(client, f"{run.pk}:1", wait=1) == {"frames": [], "news": [], "refused": []}
    assert 0.9 < time.monotonic() - began < 4

    async def append_later() -> None:
        await asyncio.sleep(0.3)
        await append(run.pk, [Frame(run=run.pk, seq=2, at=0, event=TextDelta(text="b"))])

    began = time.monotonic()
    batch, _ = await asyncio.gather(poll(client, f"{run.pk}:1", wait=30), append_later())
    assert [frame["seq"] for frame in batch["frames"]] == [2]
    assert time.monotonic() - began < 5


async def test_a_long_replay_comes_in_pieces(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "LARGEST", 20_000)
    run = await make_run(alice)
    frames = frames_of(run, ["x" * 1000] * 100)
    await keep(run, frames)
    client, after, pieces = await client_of(alice), 0, 0
    while after < len(frames):
        answer = await client.get(f"/api/runs/{run.pk}/events", {"after": after}, headers=JSON)
        assert len(answer.content) < 25_000
        seqs = [frame["seq"] for frame in json.loads(answer.content)["frames"]]
        assert seqs == list(range(after + 1, after + 1 + len(seqs)))
        after, pieces = seqs[-1], pieces + 1
    assert pieces >= 5


async def test_what_is_not_ones_own_is_refused_and_the_rest_comes(alice: User, bob: User) -> None:
    theirs, own = await make_run(alice), await make_run(bob)
    for run in (theirs, own):
        await keep(run, frames_of(run, ["secret of " + run.pk]))
    batch = await poll(await client_of(bob), f"{theirs.pk}:0", f"{own.pk}:0", "nothing:0")
    assert {frame["run"] for frame in batch["frames"]} == {own.pk}
    assert {(refused["run"], refused["error"]["code"]) for refused in batch["refused"]} == {
        (theirs.pk, "run_not_found"),
        ("nothing", "run_not_found"),
    }
    for client in (AsyncClient(), await client_of(bob)):
        batch = await poll(client, f"{theirs.pk}:0", wait=20)
        assert (batch["frames"], len(batch["refused"])) == ([], 1)
        stream = await client.get("/api/events", {"follow": f"{theirs.pk}:0"})
        text = b"".join([chunk async for chunk in chunks_of(stream)]).decode()
        assert "secret" not in text
        assert '"code":"run_not_found"' in text
        assert (await client.get(f"/api/runs/{theirs.pk}/events", headers=JSON)).status_code == 404


async def test_a_stream_opens_with_a_comment_and_tells_all_runs(alice: User) -> None:
    runs = [await make_run(alice) for _ in range(2)]
    for run in runs:
        await keep(run, frames_of(run, ["a", "b"]))
    client = await client_of(alice)
    stream = await client.get("/api/events", {"follow": [f"{runs[0].pk}:0", f"{runs[1].pk}:2"]})
    assert stream["X-Accel-Buffering"] == "no"
    assert stream["Cache-Control"] == "no-store, no-transform"
    chunks = [chunk.decode() async for chunk in chunks_of(stream)]
    assert chunks[0] == ": open\n\n"
    told = [json.loads(line[6:]) for line in "".join(chunks).split("\n") if line.startswith("data: ")]
    assert sorted((frame["run"], frame["seq"]) for frame in told) == sorted(
        [(runs[0].pk, 1), (runs[0].pk, 2), (runs[0].pk, 3), (runs[1].pk, 3)]
    )


async def test_a_silent_run_is_commented(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.runs.following.WAIT", 0.1)
    run = await make_run(alice, "running")
    await append(run.pk, frames_of(run, ["a"])[:1])
    stream = chunks_of(await (await client_of(alice)).get("/api/events", {"follow": f"{run.pk}:1"}))
    assert [await anext(stream) for _ in range(3)] == [b": open\n\n", b": waiting\n\n", b": waiting\n\n"]
    await stream.aclose()  # type: ignore[attr-defined]  # a generator


@pytest.mark.parametrize(
    "query",
    ["", "follow=", "follow=a", "follow=a:b", "follow=a:-1", "follow=a%00:1", "follow=a:99999999999"]
    + [f"follow=a:1&wait={wait}" for wait in ("x", "-1", "nan")]
    + ["&".join(["follow=a:1"] * 65)],
)
async def test_garbage_is_answered(alice: User, query: str) -> None:
    answer = await (await client_of(alice)).get(f"/api/events?{query}", headers=JSON)
    assert answer.status_code == 422
    assert json.loads(answer.content)["error"]["code"] == "bad_input"


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "99999999999999999999", "%00"])
async def test_garbage_instead_of_a_seq_is_answered(alice: User, after: str) -> None:
    run = await make_run(alice)
    answer = await (await client_of(alice)).get(f"/api/runs/{run.pk}/events?after={after}", headers=JSON)
    assert answer.status_code == 422
    last = await (await client_of(alice)).get(f"/api/runs/{run.pk}/events", headers=JSON | {"Last-Event-ID": "9" * 40})
    assert (last.status_code, json.loads(last.content)["error"]["code"]) == (400, "bad_event_id")
