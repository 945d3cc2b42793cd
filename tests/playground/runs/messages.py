"""The log as tests write it, and what a websocket says as they read it."""

import json
from collections.abc import Sequence
from typing import Any

from playground.protocol import Frame
from playground.runs import log
from playground.runs.lines import lines_of


async def append(run: str, frames: Sequence[Frame], fence: int = 0) -> None:
    """As the run's producer does."""
    await log.append(log.Append(run, lines_of(frames), fence=fence))


def frames_in(message: str | bytes) -> list[dict[str, Any]]:
    """The frames of one message: a frame, a batch of several, or something else."""
    told = json.loads(message)
    frames: list[dict[str, Any]] = told.get("frames", [told] if "event" in told else [])
    return frames
