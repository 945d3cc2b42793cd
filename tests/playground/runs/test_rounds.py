import asyncio
from collections.abc import Sequence

import pytest
from django.utils import timezone

from playground.runs import log, rounds
from playground.runs.models import Run
from playground.runs.rounds import Rounds, Written
from playground.runs.writer import LogWriter


async def test_what_joins_while_one_kind_of_round_has_just_ended_gets_both(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = asyncio.Event()
    saved = asyncio.Event()

    async def find_cancelled(runs: Sequence[str]) -> list[str]:
        await answered.wait()
        return []

    async def save(written: Sequence[Written]) -> None:
        saved.set()

    monkeypatch.setattr(log, "find_cancelled", find_cancelled)
    monkeypatch.setattr(rounds, "save", save)
    receiving: asyncio.Task[object] = asyncio.current_task()  # type: ignore[assignment]
    own = Rounds()

    def written(name: str) -> Written:
        return Written(Run(pk=name), LogWriter(name, timezone.now()), receiving, due=0)

    async with own.joined(written("first")):
        await asyncio.wait_for(saved.wait(), 5)
    await asyncio.sleep(2 * rounds.LOOK)  # the checkpoints have ended, and the other round still waits for its answer
    saved.clear()
    async with own.joined(written("second")):
        await asyncio.wait_for(saved.wait(), 5)
    answered.set()
