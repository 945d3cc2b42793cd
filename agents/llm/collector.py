import json
from typing import Any, Literal, TypeGuard

from agents.llm.tool_calls import CallCollector, Delta
from agents.llm.types import Answered, Finished, Reasoning, StreamPart, Text, TokenUsage

type Json = dict[str, Any]

LONGEST_NAME = 200  # characters of a model's name, or a tool's


class Collector:
    """Reads chunks as real servers send them: null content, missing fields, usage never, once, or every time.

    A whole completion, from a server that does not stream, reads like one large chunk. Whatever else is in
    the JSON is passed over: nothing here raises. Neighbouring words are one part.
    """

    def __init__(self, asked_model: str) -> None:
        self.reason: Literal["stop", "length"] | None = None
        self.is_answered = False  # any chunk at all
        self.is_done = False  # the server has said so
        self.length = 0  # characters of text, reasoning and calls
        self._asked_model = asked_model
        self._usage: TokenUsage | None = None
        self._calls = CallCollector()
        self._parts: list[StreamPart] = []
        self._words: list[str] = []  # of the last part, which may go on
        self._kind: type[Text | Reasoning] = Text

    def take(self, chunk: Json) -> None:
        if not self.is_answered:
            self.is_answered = True
            self._add(Answered(_text(chunk.get("model"))[:LONGEST_NAME] or self._asked_model))
        if usage := chunk.get("usage"):
            self._usage = _read_usage(usage) or self._usage
        choice = _first_choice(chunk)
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            self._read_delta(delta)
        if reason := choice.get("finish_reason"):
            self.reason = "length" if reason in ("length", "max_tokens") else "stop"

    def release(self) -> list[StreamPart]:
        """The parts that came since the last time."""
        self._end_words()
        parts, self._parts = self._parts, []
        return parts

    def conclude(self) -> list[StreamPart]:
        """The parts that end a good stream."""
        parts: list[StreamPart] = [] if self.is_answered else [Answered(self._asked_model)]
        parts += self._calls.conclude()
        if self._usage:
            parts.append(self._usage)
        parts.append(Finished(self.reason or "stop"))
        return parts

    def _read_delta(self, delta: Json) -> None:
        if reasoning := _text(delta.get("reasoning_content")) or _text(delta.get("reasoning")):
            self._say(Reasoning, reasoning)
        if content := _text(delta.get("content")):
            self._say(Text, content)
        if calls := delta.get("tool_calls"):
            self._read_calls(calls)

    def _read_calls(self, deltas: object) -> None:
        for said in deltas if isinstance(deltas, list) else []:
            if not isinstance(said, dict):
                continue
            delta = _read_call(said)
            self.length += len(delta.arguments) + len(delta.name)
            if calling := self._calls.take(delta):
                self._add(calling)

    def _say(self, kind: type[Text | Reasoning], words: str) -> None:
        if kind is not self._kind:
            self._end_words()
            self._kind = kind
        self._words.append(words)
        self.length += len(words)

    def _add(self, part: StreamPart) -> None:
        self._end_words()
        self._parts.append(part)

    def _end_words(self) -> None:
        if self._words:
            self._parts.append(self._kind("".join(self._words)))
            self._words.clear()


def has_choice(completion: Json) -> bool:
    return bool(_first_choice(completion))


def _read_call(delta: Json) -> Delta:
    function = delta.get("function")
    said: Json = function if isinstance(function, dict) else {}
    arguments, index = said.get("arguments"), delta.get("index")
    return Delta(
        index=index if type(index) is int else None,
        id=_text(delta.get("id")),
        name=_text(said.get("name"))[:LONGEST_NAME],
        arguments=json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments),
    )


def _first_choice(chunk: Json) -> Json:
    choices = chunk.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    return choice if isinstance(choice, dict) else {}


def _text(value: object) -> str:
    """Text that every store can hold: JSON may carry NUL, and halves of surrogate pairs."""
    if not isinstance(value, str) or not value:
        return ""
    if not value.isascii():
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value.replace("\0", "")


def _read_usage(usage: object) -> TokenUsage | None:
    if not isinstance(usage, dict):
        return None
    asked, answered = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return TokenUsage(asked, answered) if _is_count(asked) and _is_count(answered) else None


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and value >= 0
