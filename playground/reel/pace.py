import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Sequence

FIRST = 0.4  # seconds before the first token
DEFAULT_SPEED = 400.0

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"\s?[A-Za-z]{{1,6}}|\s?\d{{1,3}}|[{_HAN}]|\s+|[^\sA-Za-z\d{_HAN}]{{1,3}}")


def read_speed() -> float:
    """Tokens per second, from PLAYGROUND_REEL_SPEED; 0 is as fast as possible."""
    value = os.environ.get("PLAYGROUND_REEL_SPEED", "").strip()
    try:
        speed = float(value) if value else DEFAULT_SPEED
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= 1_000_000:
        raise SystemExit(f"PLAYGROUND_REEL_SPEED must be tokens per second (0: no limit), not {value!r}.")
    return speed


def split_tokens(text: str) -> list[str]:
    """Pieces of the size of a model's tokens. Joined they are the text."""
    return _TOKEN.findall(text)


async def play(tokens: Sequence[str], speed: float) -> AsyncIterator[str]:
    """The tokens at `speed` per second; several at once when the clock is late, so that load does not slow it."""
    if not speed:
        for token in tokens:
            await asyncio.sleep(0)  # others want to be served too, and the client may go away
            yield token
        return
    await asyncio.sleep(FIRST)
    start = time.monotonic()
    played = 0
    while played < len(tokens):
        due = int((time.monotonic() - start) * speed) + 1
        yield "".join(tokens[played:due])
        played = due
        await asyncio.sleep(max(0.0, start + played / speed - time.monotonic()))
