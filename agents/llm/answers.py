"""A whole answer of a model that may call tools."""

import asyncio
import json
from collections.abc import Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from agents.errors import ProviderError
from agents.llm.leaked_calls import Leaked, find_leaked
from agents.llm.types import Calling, ChatRequest, Finished, Provider, Reasoning, StreamPart, Text, TokenUsage, ToolCall

# Characters of an answer: what its limit of tokens allows, generously. Who sends more does not keep to it.
_LEAST = 50_000
_OF_A_TOKEN = 12
SLOWEST = 600.0  # seconds for one answer
_CUT = "The call was cut off before its end, so it did not run."


@dataclass(frozen=True, slots=True)
class ReadCall:
    """`trouble` says why the call cannot run; it has no arguments then."""

    name: str
    arguments: dict[str, Any]
    trouble: str = ""


@dataclass(slots=True)
class Answer:
    text: str = ""
    reasoning: str = ""
    calls: list[ReadCall] = field(default_factory=list)
    tokens: TokenUsage | None = None
    is_cut: bool = False  # at the output limit
    is_too_long: bool = False  # cut by us


async def read_answer(
    provider: Provider, request: ChatRequest, show: Callable[[Text | Reasoning | Calling], None]
) -> Answer:
    """Raises ProviderError. What breaks off is no answer: nothing of it is used."""
    reading = _Reading(show, _LEAST + _OF_A_TOKEN * request.max_tokens)
    try:
        async with asyncio.timeout(SLOWEST), aclosing(provider.stream(request)) as parts:
            async for part in parts:
                if not reading.take(part):
                    break
    except TimeoutError as error:
        message = f"The model did not end its answer in {SLOWEST / 60:.0f} minutes."
        raise ProviderError("stalled", message, retryable=True) from error
    return reading.conclude({tool.name for tool in request.tools})


class _Reading:
    def __init__(self, show: Callable[[Text | Reasoning | Calling], None], longest: int) -> None:
        self._show = show
        self._longest = longest
        self._length = 0
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._calls: list[ToolCall] = []
        self._answer = Answer()

    def take(self, part: StreamPart) -> bool:
        """False: enough."""
        match part:
            case Text(text=text):
                self._texts.append(text)
                return self._take_piece(part, text)
            case Reasoning(text=text):
                self._thoughts.append(text)
                return self._take_piece(part, text)
            case Calling(arguments=text):
                return self._take_piece(part, text)
            case ToolCall():
                self._calls.append(part)
            case TokenUsage():
                self._answer.tokens = part
            case Finished(reason=reason):
                self._answer.is_cut = reason == "length"
        return True

    def _take_piece(self, part: Text | Reasoning | Calling, text: str) -> bool:
        self._show(part)
        self._length += len(text)
        self._answer.is_too_long = self._length > self._longest
        return not self._answer.is_too_long

    def conclude(self, names: Collection[str]) -> Answer:
        answer = self._answer
        answer.text, answer.reasoning = "".join(self._texts), "".join(self._thoughts)
        answer.calls = [_read(call, answer.is_cut) for call in self._calls]
        if not answer.calls and names and not answer.is_too_long:
            answer.text, leaked = find_leaked(answer.text, names)
            answer.calls = [_read_leaked(call) for call in leaked]
        return answer


def _read(call: ToolCall, is_cut: bool) -> ReadCall:
    """Never repaired: half a file would be written where a whole one was."""
    try:
        arguments = json.loads(call.arguments.strip() or "{}", strict=False)
        if isinstance(arguments, str):  # JSON within JSON
            arguments = json.loads(arguments, strict=False)
    except RecursionError:
        return ReadCall(call.name, {}, "The arguments are nested too deeply.")
    except ValueError as error:
        trouble = _CUT if is_cut else f"The arguments are no valid JSON ({error}), so the call did not run."
        return ReadCall(call.name, {}, trouble)
    if not isinstance(arguments, dict):
        return ReadCall(call.name, {}, "The arguments have to be one JSON object, so the call did not run.")
    return ReadCall(call.name, arguments)


def _read_leaked(call: Leaked) -> ReadCall:
    return ReadCall(call.name, {}, _CUT) if call.arguments is None else ReadCall(call.name, call.arguments)
