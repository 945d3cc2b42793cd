"""The websocket: who may follow what, garbage, and several runs on one connection."""

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from playground.accounts.models import User
from playground.protocol import Frame, RunFinished, RunRequest, TextDelta
from playground.runs import lines, services, window
from playground.runs.consumers import RunConsumer
from tests.conftest import connect_model
from tests.playground.runs.messages import append, frames_in
from tests.playground.runs.test_delivery import make_run
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


async def connect(user: User | AnonymousUser) -> WebsocketCommunicator:
    socket = WebsocketCommunicator(RunConsumer.as_asgi(), "/ws")
    socket.scope["user"] = user  # type: ignore[typeddict-unknown-key]  # as the auth middleware does
    connected, _ = await socket.connect()
    assert connected
    return socket


async def test_two_runs_on_one_socket(alice: User, upstream: Upstream) -> None:
    await sync_to_async(connect_model)(upstream.base_url, "good")
    request = RunRequest(prompt="a page", model="good")
    runs = [await services.start(user=alice, address="", request=request) for _ in range(2)]
    socket = await connect(alice)
    for run in runs:
        await socket.send_json_to({"type": "run.follow", "run": run.pk, "after": 0})
    seqs: dict[str, list[int]] = {run.pk: [] for run in runs}
    ended = 0
    while ended < 2:
        for frame in frames_in(await socket.receive_from(timeout=20)):
            seqs[frame["run"]].append(frame["seq"])
            ended += frame["event"]["type"] == "run.finished"
    for numbers in seqs.values():
        assert numbers == list(range(1, len(numbers) + 1))
    await socket.disconnect()


async def test_others_and_visitors_are_refused(alice: User, bob: User, upstream: Upstream) -> None:
    await sync_to_async(connect_model)(upstream.base_url, "good")
    run = await services.start(user=alice, address="", request=RunRequest(prompt="a page"))
    for stranger in (bob, AnonymousUser()):
        socket = await connect(stranger)
        await socket.send_json_to({"type": "run.follow", "run": run.pk})
        answer = await socket.receive_json_from(timeout=5)
        assert (answer["type"], answer["error"]["code"]) == ("refused", "run_not_found")
        await socket.disconnect()
    socket = await connect(alice)
    await socket.send_json_to({"type": "run.follow", "run": run.pk})
    is_over = False
    while not is_over:
        frames = frames_in(await socket.receive_from(timeout=20))
        is_over = frames[-1]["event"]["type"] == "run.finished"
    await socket.disconnect()


@pytest.mark.parametrize("garbage", ["{", '{"type":"x"}', "[" * 5000])
async def test_garbage_is_answered_and_the_socket_lives(alice: User, garbage: str) -> None:
    socket = await connect(alice)
    for _ in range(2):
        await socket.send_to(text_data=garbage)
        answer = await socket.receive_json_from(timeout=5)
        assert answer["error"]["code"] == "bad_message"
    await socket.disconnect()


async def test_a_ping_is_answered(alice: User) -> None:
    socket = await connect(alice)
    await socket.send_json_to({"type": "ping"})
    assert await socket.receive_json_from(timeout=5) == {"type": "pong"}
    await socket.disconnect()


async def test_a_slow_browser_is_sent_no_more_than_it_can_take(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it gets all that it has missed, in few messages, when it has caught up."""
    monkeypatch.setattr(window, "LIMIT", 20_000)
    monkeypatch.setattr(lines, "LONGEST", 10_000)
    run = await make_run(alice, "running")
    frames = [Frame(run=run.pk, seq=seq, at=0, event=TextDelta(text="x" * 900)) for seq in range(1, 200)]
    frames.append(Frame(run=run.pk, seq=200, at=0, event=RunFinished(reason="stop")))
    await append(run.pk, frames)
    socket = await connect(alice)
    await socket.send_json_to({"type": "run.follow", "run": run.pk, "after": 0, "tells": True})
    seqs: list[int] = []
    sent = 0
    while len(seqs) < 200:
        messages = [str(await socket.receive_from(timeout=20))]
        while not await socket.receive_nothing(timeout=0.1):
            messages.append(str(await socket.receive_from()))
        assert sum(map(len, messages)) < 40_000
        sent += len(messages)
        seqs += [frame["seq"] for message in messages for frame in frames_in(message)]
        await socket.send_json_to({"type": "run.seen", "run": run.pk, "seq": seqs[-1]})
    assert seqs == list(range(1, 201))
    assert sent < 40
    await socket.disconnect()
