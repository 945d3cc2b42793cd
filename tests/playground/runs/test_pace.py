import asyncio
from contextlib import ExitStack

import pytest

from playground.runs.pace import BEATS, LONGEST, SHORTEST, Pace


@pytest.mark.parametrize("answers", [1, 50, 100, 500])
async def test_rests_end_on_beats(answers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pace, rests = Pace(), list[float]()

    async def note(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", note)
    with ExitStack() as stack:
        for _ in range(answers):
            stack.enter_context(pace.joined())
        assert SHORTEST <= pace.interval <= LONGEST
        for now in (100.0, 100.001, 100.019, 100.0301, 1234.5678):
            monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda now=now: now)
            await pace.rest()
            beats = (now + rests[-1]) / pace.beat
            assert beats == pytest.approx(round(beats), abs=1e-6)
            assert pace.interval * (1 - 1 / BEATS) - 1e-6 < rests[-1] < pace.interval + 1e-6
    assert pace.interval == SHORTEST
