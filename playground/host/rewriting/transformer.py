import re
from abc import ABC, abstractmethod
from typing import Protocol


class Transformer(Protocol):
    def feed(self, text: str) -> str: ...
    def finish(self) -> str: ...


class Pipeline:
    """Each stage takes what the one before it gives."""

    def __init__(self, *stages: Transformer) -> None:
        self._stages = stages

    def feed(self, text: str) -> str:
        for stage in self._stages:
            text = stage.feed(text)
        return text

    def finish(self) -> str:
        text = ""
        for stage in self._stages:
            text = stage.feed(text) + stage.finish()
        return text


class Scanner(ABC):
    """What the transformers have in common: text is taken a step at a time, and what is not settled waits.

    A step returns how far it has come; where it stays, it has to see more. Its decisions depend on the text alone, not
    on where a chunk ends.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._out: list[str] = []
        self._wanted: re.Pattern[str] | None = None  # without it in the next text, there is no need to look again …
        self._room = 0  # … until the rest is so long

    def feed(self, text: str) -> str:
        self._rest += text
        is_idle = self._wanted and len(self._rest) < self._room and not self._wanted.search(text)
        return "" if is_idle else self._drain(is_end=False)

    def finish(self) -> str:
        return self._drain(is_end=True)

    def _drain(self, *, is_end: bool) -> str:
        text, at = self._rest, 0
        self._wanted = None
        while at < len(text):
            reached = self._step(text, at, is_end)
            if reached == at:
                break
            at = reached
        self._rest = text[at:]
        out, self._out = self._out, []
        return "".join(out)

    @abstractmethod
    def _step(self, text: str, at: int, is_end: bool) -> int:
        """Take what is settled from `at` on; returns how far."""

    def _hold(self, at: int, wanted: re.Pattern[str], room: int) -> int:
        self._wanted, self._room = wanted, room
        return at
