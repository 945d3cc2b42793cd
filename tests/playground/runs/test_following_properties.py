"""Whatever producers, Redis and connections do: each follower gets each frame once, in order, without gaps."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from asgiref.sync import sync_to_async
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.protocol import Frame
from playground.runs import following, log
from playground.runs.checkpoints import save_checkpoint
from playground.runs.following import follow
from playground.runs.lines import lines_of
from playground.runs.models import Run
from tests.playground.runs.messages import append
from tests.playground.runs.test_following import frames_of, make_run

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Step:
    """What a producer does with its next frames, and what happens after that."""

    count: int
    is_published: bool  # else Redis was away, or the producer was killed in between
    is_saved: bool
    is_flushed: bool
    pause: float


STEPS = st.lists(
    st.builds(
        Step,
        count=st.integers(1, 6),
        is_published=st.integers(0, 4).map(bool),
        is_saved=st.booleans(),
        is_flushed=st.integers(0, 5).map(lambda number: number == 0),
        pause=st.sampled_from([0.0, 0.0, 0.01]),
    ),
    min_size=1,
    max_size=12,
)
# Where each follower begins, and after how many frames its connections break.
FOLLOWERS = st.lists(st.tuples(st.integers(0, 12), st.lists(st.integers(1, 7), max_size=4)), min_size=1, max_size=4)


@given(steps=STEPS, followers=FOLLOWERS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_frame_once_in_order(
    monkeypatch: pytest.MonkeyPatch, steps: list[Step], followers: list[tuple[int, list[int]]]
) -> None:
    monkeypatch.setattr(following, "WAIT", 0.03)
    monkeypatch.setattr(following, "RECOVER", 0.01)
    asyncio.run(_check(steps, followers))


async def _check(steps: Sequence[Step], followers: list[tuple[int, list[int]]]) -> None:
    run = await make_run()
    frames = frames_of(run, sum(step.count for step in steps) + 2)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        told = [group.create_task(_follow(run, after % len(frames), breaks)) for after, breaks in followers]
        await _produce(run, frames, steps)
    for (after, _breaks), task in zip(followers, told, strict=True):
        assert task.result() == frames[after % len(frames) :]


async def _produce(run: Run, frames: list[Frame], steps: Sequence[Step]) -> None:
    written = saved = 0
    for step in [*steps, Step(2, is_published=True, is_saved=True, is_flushed=False, pause=0)]:
        fresh = frames[written : written + step.count]
        written += step.count
        if step.is_published:
            await append(run.pk, fresh)
        if step.is_saved:
            await sync_to_async(save_checkpoint)(run.pk, lines_of(frames[saved:written]), "")
            saved = written
        if step.is_flushed:
            await log.connect().flushdb()
        await asyncio.sleep(step.pause)
    await Run.objects.filter(pk=run.pk).aupdate(status="finished")


async def _follow(run: Run, after: int, breaks: list[int]) -> list[Frame]:
    """As a browser does: a new connection goes on after the last frame."""
    told: list[Frame] = []
    for most in [*breaks, 10_000]:
        position = told[-1].seq if told else after
        async for frame in follow(run.pk, position):
            told.append(frame)
            if len(told) and frame.seq - position >= most:
                break
        if told and told[-1].is_last:
            break
    return told
