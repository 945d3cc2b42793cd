"""An answer as tokens, at a model's speed."""

import asyncio
import re
import time
from collections.abc import AsyncIterator

FIRST = 0.4  # seconds before the first token

_TOKEN = re.compile(r"\s?[A-Za-z]{1,6}|\s?\d{1,3}|[\u4e00-\u9fff]|\s+|[^\sA-Za-z\d\u4e00-\u9fff]{1,3}")


def split_tokens(text: str) -> list[str]:
    """Pieces of the size of a model's tokens. Joined they are the text."""
    return _TOKEN.findall(text)


async def play(tokens: list[str], speed: float) -> AsyncIterator[str]:
    """The tokens at `speed` per second, several at once where the clock is late; all at once for 0."""
    if not speed:
        for token in tokens:
            yield token
        return
    await asyncio.sleep(FIRST)
    start = time.monotonic()
    played = 0
    while played < len(tokens):
        due = min(len(tokens), int((time.monotonic() - start) * speed) + 1)
        if due > played:
            yield "".join(tokens[played:due])
            played = due
        await asyncio.sleep(1 / speed)
