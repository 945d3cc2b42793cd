"""What is asked next. An answer may take several requests, and is one answer all the same.

Cut at the output limit, or by a dropped connection, or where the model stopped in the middle of a file: it is asked to
go on. Edits that found no place are asked for again, and where that does not help, the file as a whole.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agents.llm.types import ChatRequest, Message, Provider
from playground.artifacts.edits.editor import FailedEdit
from playground.protocol import Problem
from playground.runs.answer import CHARS_PER_TOKEN, Answer, GoesOn
from playground.runs.continuation import continue_request
from playground.runs.prompting import read_prompt

STALE = 2  # continuations in a row that bring nothing
MOST = 50  # continuations of one answer
LOOP = 6_000  # characters that are the same words over and over …
LONGEST_WORDS = 400  # … of so many characters at the most
MENDING = ("repair", "rewrite")  # in this order
PAUSE = 1.0  # seconds before the first try after a dropped connection; then twice as long each time
LONGEST_PAUSE = 30.0
DROPPED = ("cut_off", "stalled", "unreachable", "upstream_error", "rate_limited")


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer, or a segment of it, ended: `reason` as in RunFinished, or a problem."""

    reason: str | None = None
    problem: Problem | None = None
    is_handed_over: bool = False  # it has not ended: somebody else goes on with it


class Segments:
    """Decides, after each segment of an answer, what is asked next."""

    def __init__(self, request: ChatRequest, budget: int, *, is_capped: bool) -> None:
        """`budget`: tokens of the whole answer. `is_capped`: a person has set the limit that cuts it, and means it."""
        self._request = request
        self._budget = budget
        self._is_capped = is_capped
        self._received = 0  # characters, at the latest continuation
        self._stale = self._continued = 0
        self._mended = 0  # how many of MENDING were tried

    async def resume(self, provider: Provider, answer: Answer, reason: GoesOn) -> ChatRequest:
        """The request that goes on from what an earlier run, or an earlier holder of this one, has received."""
        self._received = len(answer.text)
        return await self._ask_on(provider, answer, self._request.max_tokens, reason)

    async def next(self, provider: Provider, answer: Answer, ending: Ending) -> ChatRequest | None:
        """The next request; None where the answer is whole, or nothing helps."""
        answer.end_segment()
        if not self._mended and self._is_cut(answer, ending):
            return await self._continue(provider, answer, ending)
        if ending.problem is None and (failed := answer.take_failed()):
            return self._mend(answer, failed)
        return None

    def _is_cut(self, answer: Answer, ending: Ending) -> bool:
        if ending.problem:
            return ending.problem.code in DROPPED
        if ending.reason == "length":
            return not self._is_capped
        return answer.is_in_file

    async def _continue(self, provider: Provider, answer: Answer, ending: Ending) -> ChatRequest | None:
        text = answer.text
        self._stale = 0 if len(text) > self._received else self._stale + 1
        self._received = len(text)
        self._continued += 1
        left = self._budget - len(text) // CHARS_PER_TOKEN
        is_over = left <= 0 or self._stale >= STALE or self._continued > MOST
        if is_over or not text.strip() or is_looping(text):
            return None
        if ending.problem:
            wait = ending.problem.retry_after or PAUSE * 2**self._stale
            if wait > LONGEST_PAUSE:
                return None
            await asyncio.sleep(wait)
        return await self._ask_on(provider, answer, min(self._request.max_tokens, left))

    async def _ask_on(
        self, provider: Provider, answer: Answer, max_tokens: int, reason: GoesOn = "continue"
    ) -> ChatRequest:
        answer.continue_here(reason)
        request = replace(self._request, max_tokens=max_tokens)
        return continue_request(request, answer.text, prefill=await provider.can_prefill())

    def _mend(self, answer: Answer, failed: Sequence[FailedEdit]) -> ChatRequest | None:
        if self._mended == len(MENDING):
            return None
        reason = MENDING[self._mended]
        self._mended += 1
        text, files = answer.text, answer.texts
        answer.mend(reason)
        ask = "\n\n".join([read_prompt(reason), *map(_quote, failed), *_show(failed, files)])
        messages = (*self._request.messages, Message("assistant", text), Message("user", ask))
        return replace(self._request, messages=messages)


def is_looping(text: str) -> bool:
    """Whether the text ends in the same few words over and over, as models do that have lost themselves."""
    tail = text[-LOOP:].rstrip()
    return len(text) >= LOOP and any(tail[size:] == tail[:-size] for size in range(1, LONGEST_WORDS))


def _quote(failed: FailedEdit) -> str:
    where = f"{failed.path}: " if failed.path else ""
    found = f"stands in {failed.found} places" if failed.found > 1 else "was not found"
    edit = failed.edit
    return f"{where}this SEARCH text {found}:\n\n<<<<<<< SEARCH\n{edit.search}=======\n{edit.replace}>>>>>>> REPLACE"


def _show(failed: Sequence[FailedEdit], files: Mapping[str, str]) -> list[str]:
    named = {edit.path for edit in failed if edit.path in files} or set(files)
    return [f"{path} is now:\n\n`````\n{files[path]}`````" for path in sorted(filter(None, named))]
