"""Many short waits, and one timer that looks after them."""

import asyncio
from collections.abc import Callable

import pytest

from agents.llm.waits import Waits
from playground.background import spawn


async def test_what_takes_too_long_ends_and_the_next_wait_is_as_any_other() -> None:
    waits = Waits()
    for _ in range(2):
        with pytest.raises(TimeoutError), waits.within(0.01):
            await asyncio.sleep(60)
        with waits.within(60):
            await asyncio.sleep(0.03)
    waits.close()


async def test_a_wait_that_is_shorter_than_the_one_before_ends_in_time() -> None:
    waits, loop = Waits(), asyncio.get_running_loop()
    with waits.within(60):
        pass
    start = loop.time()
    with pytest.raises(TimeoutError), waits.within(0.01):
        await asyncio.sleep(60)
    assert loop.time() - start < 30


async def test_nothing_ends_between_two_waits() -> None:
    waits = Waits()
    for _ in range(3):
        with waits.within(0.02):
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
    waits.close()


async def test_a_timer_serves_many_waits() -> None:
    waits, loop, timers = Waits(), asyncio.get_running_loop(), list[float]()
    call_at = loop.call_at

    def note(when: float, look: Callable[[], None]) -> asyncio.TimerHandle:
        timers.append(when)
        return call_at(when, look)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "call_at", note)
        for _ in range(100):
            with waits.within(60):
                pass
    assert len(timers) == 1
    waits.close()


async def test_who_is_cancelled_while_waiting_is_cancelled() -> None:
    async def wait() -> None:
        with Waits().within(60):
            await asyncio.sleep(60)

    task = spawn(wait(), name="wait")
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_who_is_cancelled_when_the_time_is_over_is_cancelled() -> None:
    async def wait() -> None:
        waits = Waits()
        with waits.within(0):
            asyncio.get_running_loop().call_soon(task.cancel)
            await asyncio.sleep(60)

    task = spawn(wait(), name="wait")
    with pytest.raises(asyncio.CancelledError):
        await task
