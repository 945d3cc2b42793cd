"""A producer that is gone: its run goes on from the last frame, once, and nothing is lost or shown twice."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from playground.accounts.models import User
from playground.artifacts.edits.reading import FileReader
from playground.protocol import FileDelta, Frame, RunFailed, RunFinished, RunStatus, SegmentStarted, TextDelta
from playground.runs import conclusion, log, patience, rounds, takeover
from playground.runs.checkpoints import load_frames
from playground.runs.following import follow
from playground.runs.leases import MOST, claim, find_orphans, held, release
from playground.runs.lines import line_of, lines_of
from playground.runs.models import Checkpoint, Run
from playground.runs.takeover import resume, take_over
from playground.runs.tasks import _resume_all
from tests.behaviours import PAGE
from tests.playground.runs.messages import append
from tests.playground.runs.test_generation import start
from tests.playground.runs.test_segments import saved_page
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
async def slow(upstream: Upstream) -> AsyncIterator[Upstream]:
    upstream.delay = 0.004
    yield upstream
    upstream.delay = 0.0


@pytest.fixture
def nothing_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    """No checkpoint comes before the end, however slow the machine is."""
    monkeypatch.setattr(rounds, "CHECKPOINT", 600.0)
    monkeypatch.setattr(random, "uniform", lambda _least, most: most)


def producers_of(run: Run) -> set[asyncio.Task[None]]:
    return {task for task in asyncio.all_tasks() if task.get_name() == f"run {run.pk}"}


async def kill_producer(run: Run) -> None:
    """As a killed process leaves it: nothing is concluded, nothing released."""
    (producer,) = producers_of(run)
    producer.cancel()
    await asyncio.wait({producer})


async def expire(run: Run) -> None:
    await Run.objects.filter(pk=run.pk).aupdate(lease_until=LONG_AGO)


async def follow_to_the_end(run: Run, after: int = 0) -> list[Frame]:
    async with asyncio.timeout(60):
        return [frame async for frame in follow(run.pk, after)]


async def until_file(run: Run) -> None:
    async with asyncio.timeout(60), aclosing(follow(run.pk)) as frames:
        async for frame in frames:
            if isinstance(frame.event, FileDelta):
                return


def page_of(frames: list[Frame]) -> str:
    reader = FileReader("index.html")
    for frame in frames:
        reader.take(frame.event)
    return reader.text


async def test_it_goes_on_from_its_last_frame_however_often_it_is_killed(slow: Upstream, alice: User) -> None:
    run = await start(slow, "cut-at-limit", alice)
    async with asyncio.TaskGroup() as group:
        following = group.create_task(follow_to_the_end(run))
        await until_file(run)  # the first time while it surely writes, then whenever it falls
        for _ in range(MOST):
            if not producers_of(run):
                break
            await kill_producer(run)
            await expire(run)
            await take_over(run.pk)
            await asyncio.sleep(random.uniform(0.1, 0.8))
    frames = following.result()
    assert [frame.seq for frame in frames] == list(range(1, len(frames) + 1))
    assert frames[-1].event == RunFinished(reason="stop")
    assert page_of(frames) == PAGE
    await run.arefresh_from_db()
    assert await saved_page(run) == PAGE
    assert run.fence >= 1
    stored = [frame async for frame in follow(run.pk)]
    assert stored == frames
    seams = [frame.event for frame in frames if isinstance(frame.event, SegmentStarted)]
    assert SegmentStarted(reason="resume") in seams


async def test_one_follower_is_enough_to_notice(slow: Upstream, alice: User) -> None:
    run = await start(slow, "cut-at-limit", alice)
    await asyncio.sleep(0.3)
    await kill_producer(run)
    await expire(run)
    assert page_of(await follow_to_the_end(run)) == PAGE


async def test_a_run_that_nobody_follows_is_taken_by_a_worker(slow: Upstream, alice: User) -> None:
    run = await start(slow, "cut-at-limit", alice)
    await asyncio.sleep(0.3)
    await kill_producer(run)
    assert await sync_to_async(find_orphans)() == []
    await expire(run)
    assert await sync_to_async(find_orphans)() == [run.pk]
    claimed = await sync_to_async(claim)(run.pk)
    assert claimed
    assert await sync_to_async(claim)(run.pk) is None  # once
    await _resume_all([claimed])
    assert await saved_page(await Run.objects.aget(pk=run.pk)) == PAGE


async def test_without_its_log_it_goes_on_from_the_checkpoint(
    slow: Upstream, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "CHECKPOINT", 0.2)
    slow.delay = 0.05
    run = await start(slow, "cut-at-limit", alice)
    await asyncio.sleep(1)
    assert await Checkpoint.objects.filter(run=run).aexists()
    await kill_producer(run)
    await log.connect().flushdb()
    await expire(run)
    frames = await follow_to_the_end(run)
    assert [frame.seq for frame in frames] == list(range(1, len(frames) + 1))
    assert page_of(frames) == PAGE


async def test_a_log_that_cannot_be_read_at_once_is_waited_for(
    slow: Upstream, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what followers have seen of it would be written differently."""
    slow.delay = 0.02
    run = await start(slow, "cut-at-limit", alice)
    await asyncio.sleep(1)
    await kill_producer(run)
    seen = await log.read(run.pk, 0, wait=0.1)
    read_text, failures = log.read_text, iter([log.RedisError("Timeout connecting to server")] * 2)

    async def read_slowly(run: str, after: int, upto: int) -> str:
        if failure := next(failures, None):
            raise failure
        return await read_text(run, after, upto)

    monkeypatch.setattr(log, "read_text", read_slowly)
    await expire(run)
    frames = await follow_to_the_end(run)
    assert lines_of(frames)[: len(seen)] == seen
    assert page_of(frames) == PAGE


@pytest.mark.usefixtures("nothing_saved")
async def test_a_log_that_comes_back_too_late_is_not_believed(
    slow: Upstream, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis was cut off from the next holder for longer than that waits, and comes back with what was in it."""
    slow.delay = 0.02
    monkeypatch.setattr(takeover, "PATIENCE", 0.1)
    run = await start(slow, "cut-at-limit", alice)
    await asyncio.sleep(1)
    await kill_producer(run)
    await expire(run)
    with monkeypatch.context() as away:

        async def refuse(*args: object, **kwargs: object) -> list[Frame]:
            raise log.RedisError("Timeout connecting to server")

        written, append = asyncio.Event(), log.append

        async def note(*appends: log.Append) -> set[str]:
            fenced = await append(*appends)
            written.set()
            return fenced

        away.setattr(log, "read", refuse)
        away.setattr(log, "append", note)
        await take_over(run.pk)
        async with asyncio.timeout(60):
            await written.wait()
    frames = await follow_to_the_end(run)
    assert page_of(frames) == PAGE
    assert frames == await sync_to_async(load_frames)(run.pk, 0)


@pytest.mark.usefixtures("nothing_saved")
async def test_what_stands_behind_a_gap_is_written_anew(slow: Upstream, alice: User) -> None:
    slow.delay = 0.02
    run = await start(slow, "cut-at-limit", alice)
    await asyncio.sleep(1)
    await kill_producer(run)
    assert not await Checkpoint.objects.filter(run=run).aexists()
    frames = await log.read(run.pk, 0, wait=0.1)
    assert len(frames) > 6
    await log.connect().xdel(f"run:{{{run.pk}}}:log", f"{frames[4].seq}-0")  # as if Redis had been away for a moment
    await expire(run)
    told = await follow_to_the_end(run)
    assert [frame.seq for frame in told] == list(range(1, len(told) + 1))
    assert page_of(told) == PAGE


@pytest.mark.usefixtures("nothing_saved")
async def test_a_holder_that_lost_its_lease_writes_nothing(slow: Upstream, alice: User) -> None:
    run = await start(slow, "endless", alice)
    await asyncio.sleep(0.3)
    await expire(run)
    claimed = await sync_to_async(claim)(run.pk)
    assert claimed
    frames = await log.read(run.pk, 0, wait=0.1)
    last = Frame(run=run.pk, seq=frames[-1].seq + 5, at=0, event=SegmentStarted(reason="resume"))
    await append(run.pk, [last], fence=claimed.fence)
    await asyncio.wait(producers_of(run), timeout=10)
    assert not producers_of(run)
    assert (await log.read(run.pk, 0, wait=0.1))[-1] == line_of(last)
    assert not await Checkpoint.objects.filter(run=run).aexists()
    assert await sync_to_async(held(run).exists)() is False
    await Run.objects.filter(pk=run.pk).aupdate(status=RunStatus.FAILED)


async def test_a_holder_that_wakes_up_before_the_next_one_writes_is_shut_out(slow: Upstream, alice: User) -> None:
    """What it still wrote, its followers would have seen, and the next holder would write differently."""
    run = await start(slow, "endless", alice)
    await asyncio.sleep(0.3)
    await expire(run)
    claimed = await sync_to_async(claim)(run.pk)
    assert claimed
    unsaved = await takeover._read_unsaved(claimed, 0)
    await asyncio.wait(producers_of(run), timeout=10)
    assert not producers_of(run)
    assert await log.read(run.pk, 0, wait=0.1) == unsaved.lines
    await Run.objects.filter(pk=run.pk).aupdate(status=RunStatus.FAILED)


async def test_a_holder_that_wakes_up_when_the_run_is_long_over_is_shut_out() -> None:
    run, redis = "r-long-over", log.connect()
    await append(run, [Frame(run=run, seq=1, at=0, event=TextDelta(text="mine"))], fence=1)
    end = Frame(run=run, seq=2, at=0, event=RunFinished(reason="stop"))
    await log.append(log.Append(run, lines_of([end]), fence=2, cut=1))
    kept = f"run:{{{run}}}:log"
    assert 0 < await redis.ttl(kept) <= log.KEEP_FINISHED < await redis.ttl(f"run:{{{run}}}:fence")
    await redis.delete(kept)  # as if so long had passed
    late = log.Append(run, lines_of([Frame(run=run, seq=2, at=0, event=TextDelta(text="late"))]), fence=1)
    assert await log.append(late) == {run}
    assert not await log.exists(run)


async def test_what_ends_each_of_its_processes_is_given_up(slow: Upstream, alice: User) -> None:
    run = await start(slow, "endless", alice)
    await asyncio.sleep(0.2)
    await kill_producer(run)
    await Run.objects.filter(pk=run.pk).aupdate(fence=MOST, lease_until=LONG_AGO)
    claimed = await sync_to_async(claim)(run.pk)
    assert claimed
    await resume(claimed)
    frames = await follow_to_the_end(run)
    assert isinstance(frames[-1].event, RunFailed)
    assert frames[-1].event.error.code == "interrupted"
    assert len(frames) > 2  # what was received is kept


async def test_while_the_database_is_away_it_goes_on(
    slow: Upstream, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "CHECKPOINT", 0.1)
    monkeypatch.setattr(patience, "RETRY", 0.05)
    away = iter(range(8))

    def fail_at_first[**P, T](name: str) -> None:
        work = getattr(conclusion, name)

        def stumble(*args: object, **kwargs: object) -> object:
            if next(away, None) is not None:
                raise OperationalError("the database is away")
            return work(*args, **kwargs)

        monkeypatch.setattr(conclusion, name, stumble)

    fail_at_first("checkpoint")
    fail_at_first("conclude")
    run = await start(slow, "cut-at-limit", alice)
    frames = await follow_to_the_end(run)
    assert frames[-1].event == RunFinished(reason="stop")
    assert page_of([frame async for frame in follow(run.pk)]) == PAGE


async def test_a_released_run_is_claimed_at_once(slow: Upstream, alice: User) -> None:
    run = await start(slow, "endless", alice)
    assert await sync_to_async(claim)(run.pk) is None
    await kill_producer(run)
    await sync_to_async(release)(run)
    assert await sync_to_async(claim)(run.pk)
    await Run.objects.filter(pk=run.pk).aupdate(status=RunStatus.FAILED)
