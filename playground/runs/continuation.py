"""Going on where an answer was cut.

Where the endpoint can prefill, the model simply writes on. Elsewhere it is asked, in a turn of its own, to begin with
the last words that were received (the anchor); `Seam` takes off what it repeats, however much that is.
"""

import re
from dataclasses import replace

from agents.llm.types import ChatRequest, Message
from playground.runs.prompting import read_prompt

ANCHOR = 24  # characters at least, if the text has as many
LONGEST_ANCHOR = 600
BEGINNING = 40  # characters by which a beginning is known again
LOOK = 2_000  # characters of a continuation that may wait until it is clear what they repeat

# An opening fence. A bare one may as well close the block: it opens where nothing stands before it, and text follows.
_FENCE = re.compile(r"[ \t]*(?:`{3,}+|~{3,}+)[^\n]*\S[^\n]*\n|\A\n*[ \t]*(?:`{3,}+|~{3,}+)[ \t]*\n(?=[^\n])")


def continue_request(request: ChatRequest, received: str, *, prefill: bool) -> ChatRequest:
    """The request that makes the model go on from `received`."""
    given = Message("assistant", received)
    if prefill:
        return replace(request, messages=(*request.messages, given), is_prefilled=True)
    ask = Message("user", f"{read_prompt('continue')}\n\n{find_anchor(received)}")
    return replace(request, messages=(*request.messages, given, ask))


def find_anchor(received: str) -> str:
    """The end of the text from the beginning of a line on, long enough to stand nowhere else in it."""
    start = len(received)
    while start > 0:
        start = received.rfind("\n", 0, start - 1) + 1
        anchor = received[start:]
        if len(anchor) >= LONGEST_ANCHOR:
            return received[-LONGEST_ANCHOR:] if len(anchor) > 2 * LONGEST_ANCHOR else anchor
        if len(anchor.strip()) >= ANCHOR and received.find(anchor) == start:
            return anchor
    return received


class Seam:
    """The beginning of a continuation, less what it repeats. The rest passes through.

    Nothing of one that starts over from the beginning: it would stand in the middle of the first.
    """

    def __init__(self, received: str, *, is_in_block: bool) -> None:
        """`is_in_block`: the text was cut inside a fenced block, so that a fence at the beginning is not meant."""
        self._received = received
        self._anchor = find_anchor(received)
        self._is_in_block = is_in_block
        self._held: str | None = ""
        self._starts_over = False

    def feed(self, text: str) -> str:
        if self._held is None:
            return "" if self._starts_over else text
        self._held += text
        return self._settle() if len(self._held) >= LOOK or self._repeats_anchor(self._held) else ""

    def finish(self) -> str:
        return self._settle() if self._held is not None else ""

    def _repeats_anchor(self, held: str) -> bool:
        """As it was asked to: then nothing that follows makes a difference, and nobody has to wait for it."""
        inside = _past_fence(held) if self._is_in_block else None
        return any(text.startswith(self._anchor) for text in (held, held.lstrip("\n"), inside or "") if self._anchor)

    def _settle(self) -> str:
        held, self._held = self._held or "", None
        self._starts_over = starts_over(self._received, held)
        return "" if self._starts_over else strip_repeated(self._received, held, is_in_block=self._is_in_block)


def strip_repeated(received: str, text: str, *, is_in_block: bool) -> str:
    """`text` without what it repeats of the end of `received`, and without a new beginning of the block."""
    anchor = find_anchor(received)
    inside = _past_fence(text) if is_in_block else None
    for candidate in (text, text.lstrip("\n"), inside):
        if candidate is not None and anchor and candidate.startswith(anchor):
            return candidate[len(anchor) :]
    for candidate in (text, inside):
        if candidate is not None and (length := _overlap(received, candidate)) >= min(ANCHOR, len(received)):
            return candidate[length:]
    return text if inside is None else inside


def starts_over(received: str, text: str) -> bool:
    """Whether the continuation begins with what the answer began with, or with what its first block began with."""
    candidates = [text.lstrip("\n"), _past_fence(text) or ""]
    anchor = find_anchor(received)
    if len(received) < 2 * BEGINNING or any(candidate.startswith(anchor) for candidate in candidates):
        return False
    beginnings = [received[:BEGINNING], (_past_fence(received) or "")[:BEGINNING]]
    return any(
        len(beginning) == BEGINNING and candidate.startswith(beginning)
        for beginning in beginnings
        for candidate in candidates
    )


def _past_fence(text: str) -> str | None:
    """What follows an opening fence within the first lines; None where there is none."""
    fence = _FENCE.search(text[:LOOK])
    return text[fence.end() :] if fence and text.count("\n", 0, fence.start()) <= 4 else None


def _overlap(received: str, text: str) -> int:
    """Length of the longest beginning of `text` that `received` ends with. Linear: the prefix function of both."""
    tail = received[-len(text[:LOOK]) :] if text else ""
    pattern = text[:LOOK]
    borders = [0] * len(pattern)
    length = 0
    for position in range(1, len(pattern)):
        while length and pattern[position] != pattern[length]:
            length = borders[length - 1]
        length += pattern[position] == pattern[length]
        borders[position] = length
    length = 0
    for character in tail:
        while length and (length == len(pattern) or character != pattern[length]):
            length = borders[length - 1]
        length += bool(pattern) and character == pattern[length]
    return length
