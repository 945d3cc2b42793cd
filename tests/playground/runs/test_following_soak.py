"""Ten minutes of `follow` against a real Valkey, which is killed and emptied; followers come, break off and come again
anywhere. Each is told each frame once, in order, and all the same; their text is the model's, byte by byte.

`pytest -m soak --soak-seconds 60 tests/playground/runs/test_following_soak.py` is a short one.
"""

import asyncio
import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.test import override_settings

from playground.accounts.models import User
from playground.gateway.models import Model
from playground.protocol import Frame, RunFinished, RunRequest, TextDelta
from playground.runs.checkpoints import load_frames
from playground.runs.following import follow
from playground.runs.services import start
from tests.behaviours import tale
from tests.conftest import connect_model
from tests.environment import find_valkey
from tests.stores import RedisServer
from tests.upstream import Upstream

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]

RUNS, FOLLOWERS = 4, 8  # at the same time; of each
LONGEST_PAUSE = 15.0  # seconds between two losses of Redis


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path / "valkey", ["--save", "", "--appendonly", "no"], find_valkey())
    with override_settings(REDIS_URL=server.url, CONCURRENT_RUNS=1000):
        yield server
    server.kill()


@dataclass
class Soak:
    model: Model
    user: User
    valkey: RedisServer
    chance: random.Random
    numbers: Iterator[int] = field(default_factory=itertools.count)
    seen: Counter[str] = field(default_factory=Counter)

    async def run(self, seconds: float) -> None:
        end = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as group:
            losing = group.create_task(self._lose_redis())
            async with asyncio.TaskGroup() as lanes:
                for _ in range(RUNS):
                    lanes.create_task(self._repeat(end))
            losing.cancel()

    async def _lose_redis(self) -> None:
        for is_emptied in itertools.cycle([True, False]):
            await asyncio.sleep(self.chance.uniform(2, LONGEST_PAUSE))
            if is_emptied:
                self.seen["times emptied"] += 1
                await asyncio.to_thread(self.valkey.empty)
            else:
                self.seen["times killed"] += 1
                self.valkey.kill()
                await asyncio.sleep(self.chance.uniform(0, 4))
                await asyncio.to_thread(self.valkey.start)

    async def _repeat(self, end: float) -> None:
        while asyncio.get_running_loop().time() < end:
            number = next(self.numbers)
            request = RunRequest(prompt=f"tale {number}", model=str(self.model.pk))
            run = await start(user=self.user, address="", request=request)
            async with asyncio.timeout(180), asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._follow(run.pk)) for _ in range(FOLLOWERS)]
            frames = await sync_to_async(load_frames)(run.pk, 0)
            _expect_whole(frames, number)
            for task in tasks:
                after, told = task.result()
                assert told == frames[after:]
            self.seen["runs"] += 1
            self.seen["frames"] += len(frames)

    async def _follow(self, run: str) -> tuple[int, list[Frame]]:
        """Where it has begun, and what it was told. Now and then it begins again further back, as a page that is
        loaded again: what it is told again has to be the same.
        """
        chance = random.Random(self.chance.random())
        await asyncio.sleep(chance.uniform(0, 4))
        begin = chance.choice([0, 0, chance.randint(1, 5)])
        told: list[Frame] = []
        while not (told and told[-1].is_last):
            at = len(told) if chance.random() < 0.7 else chance.randint(0, len(told))
            self.seen["connections"] += 1
            self.seen["of these, further back"] += at < len(told)
            with suppress(TimeoutError):
                async with asyncio.timeout(chance.uniform(0.01, 3)), aclosing(follow(run, begin + at)) as frames:
                    async for frame in frames:
                        if at < len(told):
                            assert frame == told[at]
                        else:
                            told.append(frame)
                        at += 1
                        if chance.random() < 0.02:
                            await asyncio.sleep(chance.uniform(0, 0.5))  # a slow one
        return begin, told


def _expect_whole(frames: list[Frame], number: int) -> None:
    assert [frame.seq for frame in frames] == list(range(1, len(frames) + 1))
    assert frames[-1].event == RunFinished(reason="stop")
    text = "".join(frame.event.text for frame in frames if isinstance(frame.event, TextDelta))
    assert text.encode() == tale(number).encode()


async def test_each_follower_is_told_the_same(
    request: pytest.FixtureRequest, upstream: Upstream, admin: User, valkey: RedisServer
) -> None:
    upstream.delay = 0.02
    seed = random.SystemRandom().randrange(10**6)
    model = await sync_to_async(connect_model)(upstream.base_url, "tells")
    soak = Soak(model, admin, valkey, random.Random(seed))
    try:
        await soak.run(request.config.getoption("--soak-seconds"))
    finally:
        upstream.delay = 0.0
        print(f"seed {seed}: {dict(soak.seen)}", file=sys.stderr)  # noqa: T201
    assert soak.seen["times killed"]
    assert soak.seen["times emptied"]
