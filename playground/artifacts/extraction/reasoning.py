"""Where reasoning begins and ends. It goes before everything: fences and tags inside it mean nothing."""

import re
from dataclasses import dataclass

from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.source import Source, held_back

_NAMES = ("think", "thinking", "thought", "reasoning", "antthinking", "seed:think")
_CLOSERS = (*(f"</{name}>" for name in _NAMES), "[/think]")
_OPENERS = (*(f"<{name}>" for name in _NAMES), "[think]")
_OPENING = re.compile("|".join(map(re.escape, _OPENERS)), re.IGNORECASE)
_END = re.compile("|".join(map(re.escape, _CLOSERS)), re.IGNORECASE)
_END_AT_END = re.compile(f"(?:{_END.pattern})\\Z", re.IGNORECASE)
_LONGEST_END = max(map(len, _CLOSERS))
_LONE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_LONE_AT_END = re.compile(r"</think(?:ing)?>\Z", re.IGNORECASE)
_LONE_TOKENS = ("</think>", "</thinking>")
_LONGEST_BLANK = 20  # spaces around a lone end tag that stands on its own line
_QUOTES = "`\"'"


@dataclass(slots=True)
class Line:
    """A line, or the rest of one, as far as it is there."""

    piece: str
    is_whole: bool
    is_start: bool
    previous: str  # the one character before it


class Reasoning(Mode):
    """Between `<think>` and `</think>`."""

    @property
    def is_open(self) -> bool:
        return False

    def step(self, source: Source, output: Output) -> Next:
        end = _END.search(source.rest)
        while end and _is_quoted(source.rest, end):
            end = _END.search(source.rest, end.end())
        if end and (end.end() < len(source.rest) or source.is_end or not _follows_quote(source.rest, end)):
            output.add_reasoning(source.rest[: end.start()])
            source.skip(end.end())
            return Move.BACK
        return self._pass(source, output)

    def _pass(self, source: Source, output: Output) -> Next:
        held = 0 if source.is_end else _held(source.rest)
        output.add_reasoning(source.take(len(source.rest) - held))
        return Move.WAIT


def _held(text: str) -> int:
    """What may be an end tag, with the character in front of it, which may be a quote."""
    if tag := _END_AT_END.search(text[-_LONGEST_END:]):
        return min(len(tag[0]) + 1, len(text))
    held = held_back(text, *_CLOSERS)
    return min(held + 1, len(text)) if held else min(1, len(text)) * (text[-1:] in _QUOTES)


def _follows_quote(text: str, tag: re.Match[str]) -> bool:
    return tag.start() > 0 and text[tag.start() - 1] in _QUOTES


def _is_quoted(text: str, tag: re.Match[str], shift: int = 0) -> bool:
    start, end = tag.start() + shift, tag.end() + shift
    return start > 0 and text[start - 1] in _QUOTES and text[end : end + 1] == text[start - 1]


def opening_length(start: str) -> int:
    match = _OPENING.match(start)
    return match.end() if match else 0


def may_open(start: str) -> bool:
    return any(opener.startswith(start.lower()) for opener in _OPENERS)


def find_lone_end(line: Line, *, anywhere: bool = False) -> re.Match[str] | None:
    """An end tag without a beginning: first or last on its line, or `anywhere` where it is not quoted."""
    for tag in _LONE.finditer(line.piece) if "</" in line.piece else ():
        after = line.piece[tag.end() :].removesuffix("\n")
        ends_line = not after.strip() and len(after) < _LONGEST_BLANK
        if ends_line and not line.is_whole:
            return None
        if ends_line or _begins_line(line, tag) or (anywhere and not _is_quoted(line.previous + line.piece, tag, 1)):
            return tag
    return None


def _begins_line(line: Line, tag: re.Match[str]) -> bool:
    before = line.piece[: tag.start()]
    return line.is_start and not before.strip() and len(before) < _LONGEST_BLANK


def may_end(piece: str) -> int:
    """How many characters at the end of an unfinished line may be a lone end tag."""
    if "<" not in piece[-_LONGEST_BLANK - _LONGEST_END :]:
        return 0
    bare = piece.rstrip(" \t")
    if len(piece) - len(bare) < _LONGEST_BLANK and (tag := _LONE_AT_END.search(bare[-11:])):
        return len(piece) - len(bare) + len(tag[0])
    return held_back(piece, *_LONE_TOKENS)


def line_of(source: Source, previous: str) -> Line:
    return Line(source.piece, source.is_whole, not source.is_inside_line, previous if source.is_inside_line else "\n")
