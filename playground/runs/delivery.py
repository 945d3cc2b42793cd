"""Frames of several runs at once, for people whose network lets no websocket through: see `events_api`."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress

from playground import background
from playground.runs.lines import Line
from playground.runs.models import Run
from playground.runs.veil import follow_veiled

LARGEST = 256 * 1024  # characters of JSON in one answer of a long poll, beyond its last frame
GATHER = 0.05  # seconds to wait, after the first frames, for those of other runs

type Batches = asyncio.Queue[list[Line] | Exception | None]


async def follow_all(positions: Mapping[str, int]) -> AsyncGenerator[list[Line]]:
    """`follow_veiled` for each run after its seq, as it comes. Ends when all have ended or were deleted."""
    batches: Batches = asyncio.Queue(maxsize=1)
    tasks = [background.spawn(_pass_on(run, after, batches), name=f"follow {run}") for run, after in positions.items()]
    going = len(tasks)
    try:
        while going:
            match await batches.get():
                case None:
                    going -= 1
                case Exception() as error:
                    raise error
                case lines:
                    yield lines
    finally:
        for task in tasks:
            task.cancel()


async def _pass_on(run: str, after: int, batches: Batches) -> None:
    try:
        with suppress(Run.DoesNotExist):  # deleted while it was followed
            async with aclosing(follow_veiled(run, after)) as own:
                async for lines in own:
                    await batches.put(lines)
    except Exception as error:
        await batches.put(error)
    else:
        await batches.put(None)


async def collect(positions: Mapping[str, int], wait: float) -> list[Line]:
    """What comes next, as soon as there is something; nothing when `wait` seconds are over, or all runs are.

    Of a long replay only the beginning: the caller asks again after the last seq.
    """
    collected: list[Line] = []
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(wait) as limit, aclosing(follow_all(positions)) as batches:
            async for lines in batches:
                if lines and not collected:
                    limit.reschedule(asyncio.get_running_loop().time() + GATHER)
                for line in lines:
                    collected.append(line)
                    size += len(line.json)
                    if size > LARGEST:
                        return collected
    return collected
