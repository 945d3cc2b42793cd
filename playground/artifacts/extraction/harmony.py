"""Channels: models of one family write `analysis`, `commentary` and `final` into one text, marked by special tokens.

Some servers drop the tokens and leave the names: `analysis…assistantfinal…`.
"""

import re
from dataclasses import dataclass

from playground.artifacts.extraction.source import held_back

_LONGEST_HEADER = 200
_START = re.compile(r"\s{0,100}(?:<\|(?:start|channel)\|>|(?:assistant)?analysis(?=[A-Z\"'*`\n]))")
_START_TOKENS = ("<|start|>", "<|channel|>", "assistantanalysis", "analysis")
_HEADER = re.compile(r"(?:<\|start\|>\w*)?\s*<\|channel\|>\s*(\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_TOKEN = re.compile(r"<\|(?:start|channel|end|return|call)\|>|assistant\n?final(?=[^a-z ]|\Z)")
_TOKENS = ("<|start|>", "<|channel|>", "<|end|>", "<|return|>", "<|call|>", "assistantfinal", "assistant\nfinal")
_LONE = re.compile(r"(?:<\|start\|>)?(?:assistant)?<\|channel\|>final<\|message\|>|assistantfinal(?=[^a-z ])")
_FINAL = "final"  # in all of these
_LONE_TOKENS = (
    "<|start|>assistant<|channel|>final<|message|>",
    "<|start|><|channel|>final<|message|>",
    "assistant<|channel|>final<|message|>",
    "<|channel|>final<|message|>",
    "assistantfinal*",
)
_QUOTES = "`\"'"


@dataclass(slots=True)
class Segment:
    text: str
    is_reasoning: bool = False
    is_withdrawal: bool = False  # what came before was reasoning


_WITHDRAWAL = Segment("", is_withdrawal=True)


class Channels:
    """Splits a text into reasoning and answer. A text without channels passes as it is."""

    def __init__(self) -> None:
        self.is_reasoning = False
        self._has_channels: bool | None = None  # not known before the text's first word
        self._rest = ""
        self._previous = ""

    def feed(self, text: str) -> list[Segment]:
        self._rest += text
        return self._read(is_end=False)

    def finish(self) -> list[Segment]:
        return self._read(is_end=True)

    def _read(self, *, is_end: bool) -> list[Segment]:
        if self._has_channels is None:
            self._has_channels = self._recognise(is_end=is_end)
        if self._has_channels is None:
            return []
        segments: list[Segment] = []
        step = self._step if self._has_channels else self._step_plain
        while self._rest and step(segments, is_end=is_end):
            pass
        return segments

    def _recognise(self, *, is_end: bool) -> bool | None:
        start = self._rest.lstrip()
        if match := _START.match(self._rest):
            self.is_reasoning = True
            self._rest = start if start.startswith("<|") else self._rest[match.end() :]
            return True
        may_be = any(token.startswith(start) for token in _START_TOKENS) and len(self._rest) - len(start) <= 100
        return None if may_be and not is_end else False

    def _step(self, segments: list[Segment], *, is_end: bool) -> bool:
        token = _TOKEN.search(self._rest)
        if token is None or (token.end() == len(self._rest) and not is_end):
            held = 0 if is_end else len(self._rest) - token.start() if token else held_back(self._rest, *_TOKENS)
            self._emit(segments, len(self._rest) - held)
            return False
        self._emit(segments, token.start())
        return self._read_token(segments, token[0], is_end=is_end)

    def _read_token(self, segments: list[Segment], token: str, *, is_end: bool) -> bool:
        if token.startswith("assistant"):
            self.is_reasoning = False
        elif token in ("<|start|>", "<|channel|>"):
            return self._read_header(segments, is_end=is_end)
        self._rest = self._rest[len(token) :]
        return True

    def _read_header(self, segments: list[Segment], *, is_end: bool) -> bool:
        if header := _HEADER.match(self._rest):
            self.is_reasoning = header[1] != "final"
            self._rest = self._rest[header.end() :]
            return True
        if len(self._rest) < _LONGEST_HEADER and not is_end:
            return False
        self._emit(segments, self._rest.index(">") + 1)  # no header after all
        return True

    def _step_plain(self, segments: list[Segment], *, is_end: bool) -> bool:
        """Only the beginning of the final channel is marked."""
        for lone in _LONE.finditer(self._rest) if _FINAL in self._rest else ():
            if self._is_plain(lone):
                self._emit(segments, lone.start())
                self._rest = self._rest[len(lone[0]) :]
                segments.append(_WITHDRAWAL)
                return True
        held = 0 if is_end else held_back(self._rest, *_LONE_TOKENS)
        self._emit(segments, len(self._rest) - held)
        return False

    def _is_plain(self, lone: re.Match[str]) -> bool:
        """Neither quoted nor the end of a longer word."""
        before = (self._previous + self._rest[: lone.start()])[-1:]
        return before not in tuple(_QUOTES) and not (lone[0].startswith("assistant") and before.isalnum())

    def _emit(self, segments: list[Segment], length: int) -> None:
        text, self._rest = self._rest[:length], self._rest[length:]
        if text:
            self._previous = text[-1]
            segments.append(Segment(text, is_reasoning=self.is_reasoning))
