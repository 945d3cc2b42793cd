"""`follow` against a real Valkey: each frame once, in order, from anywhere, whatever happens to the stream."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.models import User
from playground.protocol import Frame, RunFinished, RunStarted, TextDelta
from playground.runs import following, log
from playground.runs.checkpoints import save_checkpoint
from playground.runs.following import follow
from playground.runs.lines import lines_of
from playground.runs.models import Conversation, Run
from tests.playground.runs.messages import append

pytestmark = pytest.mark.django_db(transaction=True)


async def make_run() -> Run:
    user = await sync_to_async(User.objects.create_guest)()
    conversation = await Conversation.objects.acreate(owner=user, title="wish")
    return await Run.objects.acreate(conversation=conversation, prompt="wish", model_name="m", status="running")


def frames_of(run: Run, count: int = 12) -> list[Frame]:
    events = [RunStarted(model="m"), *(TextDelta(text=f"{n} ") for n in range(count - 2)), RunFinished(reason="stop")]
    return [Frame(run=run.pk, seq=seq, at=seq, event=event) for seq, event in enumerate(events, start=1)]


async def collect(run: Run, after: int = 0) -> list[Frame]:
    async with asyncio.timeout(20):
        return [frame async for frame in follow(run.pk, after)]


@pytest.mark.parametrize("after", [0, 1, 5, 11])
async def test_live_from_anywhere(after: int) -> None:
    run = await make_run()
    frames = frames_of(run)
    await append(run.pk, frames[:4])
    async with asyncio.TaskGroup() as group:
        followers = [group.create_task(collect(run, after)) for _ in range(3)]
        for frame in frames[4:]:
            await append(run.pk, [frame])
            await asyncio.sleep(0.01)
    assert [follower.result() for follower in followers] == [frames[after:]] * 3


async def test_replay_from_the_database_when_the_stream_is_gone() -> None:
    run = await make_run()
    frames = frames_of(run)
    await sync_to_async(save_checkpoint)(run.pk, lines_of(frames[:5]), "")
    await sync_to_async(save_checkpoint)(run.pk, lines_of(frames[5:]), "")
    assert await collect(run) == frames
    assert await collect(run, 7) == frames[7:]


@pytest.mark.parametrize("after", [12, 13, 2**40])
async def test_nothing_follows_the_last_frame(after: int) -> None:
    run = await make_run()
    await append(run.pk, frames_of(run))
    await sync_to_async(save_checkpoint)(run.pk, lines_of(frames_of(run)), "")
    await Run.objects.filter(pk=run.pk).aupdate(status="finished")
    async with asyncio.timeout(2):
        assert await collect(run, after) == []


async def test_a_follower_that_is_ahead_ends_with_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "WAIT", 0.1)
    run = await make_run()
    await append(run.pk, frames_of(run))
    async with asyncio.TaskGroup() as group:
        follower = group.create_task(collect(run, 99))
        await asyncio.sleep(0.3)
        assert not follower.done()
        await Run.objects.filter(pk=run.pk).aupdate(status="finished")
    assert follower.result() == []


async def test_a_flushed_stream_is_filled_from_the_checkpoints() -> None:
    run = await make_run()
    frames = frames_of(run)
    await append(run.pk, frames[:6])
    async with asyncio.TaskGroup() as group:
        follower = group.create_task(collect(run))
        await asyncio.sleep(0.2)
        await log.connect().flushall()
        await sync_to_async(save_checkpoint)(run.pk, lines_of(frames[:9]), "")
        await append(run.pk, frames[9:])
    assert follower.result() == frames


@pytest.mark.parametrize("after", [0, 3, 6, 7])
async def test_what_was_saved_but_never_published_is_not_skipped(after: int) -> None:
    run = await make_run()
    frames = frames_of(run)
    await append(run.pk, frames[:6])
    await sync_to_async(save_checkpoint)(run.pk, lines_of(frames[:8]), "")
    await append(run.pk, frames[8:])  # by whoever has taken the run over
    assert await collect(run, after) == frames[after:]


async def test_a_stale_producer_cannot_write_behind() -> None:
    run = await make_run()
    frames = frames_of(run)
    await append(run.pk, frames[:6])
    with pytest.raises(log.RedisError):
        await append(run.pk, frames[3:6])
    await append(run.pk, frames[6:])
    assert await collect(run) == frames


async def test_a_deleted_run_ends_the_following() -> None:
    run = await make_run()
    pk = run.pk
    await run.adelete()
    with pytest.raises(Run.DoesNotExist):
        await collect(Run(pk=pk))


async def test_a_silent_stream_is_no_failure() -> None:
    run = await make_run()
    await append(run.pk, frames_of(run)[:1])
    assert await log.read(run.pk, 1, wait=following.WAIT) == []
