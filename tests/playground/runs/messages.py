"""What a websocket says, as its tests read it."""

import json
from typing import Any


def frames_in(message: str | bytes) -> list[dict[str, Any]]:
    """The frames of one message: a frame, a batch of several, or something else."""
    told = json.loads(message)
    frames: list[dict[str, Any]] = told.get("frames", [told] if "event" in told else [])
    return frames
