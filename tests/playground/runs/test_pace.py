import asyncio
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from playground.runs.pace import BEATS, LONGEST, SHORTEST, Beat, Pace


@pytest.mark.parametrize("answers", [1, 50, 100, 500])
async def test_rests_end_on_beats(answers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pace, loop, ends = Pace(), asyncio.get_running_loop(), list[float]()

    def note(end: float, wake: Callable[[Beat], None], beat: Beat) -> None:
        ends.append(end)
        loop.call_soon(wake, beat)

    monkeypatch.setattr(loop, "call_at", note)
    with ExitStack() as stack:
        for _ in range(answers):
            stack.enter_context(pace.joined())
        assert SHORTEST <= pace.interval <= LONGEST
        for now in (100.0, 100.001, 100.019, 100.0301, 1234.5678):
            monkeypatch.setattr(loop, "time", lambda now=now: now)
            await pace.rest()
            assert ends[-1] / pace.beat == pytest.approx(round(ends[-1] / pace.beat), abs=1e-6)
            assert pace.interval * (1 - 1 / BEATS) - 1e-6 < ends[-1] - now < pace.interval + 1e-6
            await pace.rest_a_beat()
            assert ends[-1] / pace.beat % 1 == pytest.approx(0.5, abs=1e-6)
            assert 0 < ends[-1] - now < pace.beat + 1e-6
    assert pace.interval == SHORTEST
