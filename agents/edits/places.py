"""Where an edit belongs.

A SEARCH text means whole lines. Models copy them almost right: with other indentation, with typographic quotes, without
a blank line. So the comparison goes from exact to tolerant, and stops at the first tolerance that finds the text. More
than one place is no place: which of them was meant is the model's to say, with more context.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.edits.lines import join_lines, split_lines

type Normal = Callable[[str], str]

_TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "...", "\u00a0": " ", "\u200b": ""}
)


@dataclass(frozen=True, slots=True)
class Place:
    """`count` lines from `line` (from 0) on. They go, and the replacement comes between `before` and `after`.

    `indent` is what each line of the replacement gets in front; a negative number takes so many characters away.
    `before` and `after` are empty but for a SEARCH text that is a part of a line.
    """

    line: int
    count: int
    indent: str | int = ""
    before: str = ""
    after: str = ""

    @property
    def is_part(self) -> bool:
        """A part of a line is replaced."""
        return bool(self.before or self.after)


@dataclass(frozen=True, slots=True)
class Missing:
    """No place for an edit: the text stands nowhere (`found` is 0), or in more than one place."""

    found: int


def find_place(lines: Sequence[str], search: str) -> Place | Missing:
    """Where `search` stands in a text's lines. An empty one means an empty text. Linear for each tolerance."""
    given = split_lines(search)
    wanted = _strip_blank(given)
    if not wanted:
        return Missing(0) if any(map(str.strip, lines)) else Place(0, len(lines))
    if places := _find_lines(lines, given, _exact):
        return _only(places)
    for normal in (_exact, str.rstrip, str.strip, _plain):
        places = _find_lines(lines, wanted, normal)
        if places:
            return _only(places)
    if len(wanted) == 1 and (places := _find_within(lines, wanted[0])):
        return _only(places)
    return _only(_find_sparse(lines, wanted))


def apply_edit(text: str, search: str, replace: str) -> str | Missing:
    """`text`, as whole lines, with the one place of `search` replaced."""
    lines = split_lines(text)
    place = find_place(lines, search)
    if isinstance(place, Missing):
        return place
    lines[place.line : place.line + place.count] = replacement_lines(place, replace)
    return join_lines(lines)


def replacement_lines(place: Place, replace: str) -> list[str]:
    """The lines that come in; none where the replacement is empty, so that deleted lines leave no blank one."""
    if not replace and not place.is_part:
        return []
    lines = [shift(line, place.indent) for line in split_lines(replace) or [""]]
    lines[0] = place.before + lines[0]
    lines[-1] += place.after
    return lines


def shift(line: str, indent: str | int) -> str:
    if not line.strip():
        return line
    if isinstance(indent, str):
        return indent + line
    return line[min(-indent, _indent_of(line)) :]


def _exact(line: str) -> str:
    return line


def _plain(line: str) -> str:
    """Without typography, and with single spaces."""
    return re.sub(r"\s+", " ", line.translate(_TYPOGRAPHY)).strip()


def _only(places: Sequence[Place]) -> Place | Missing:
    return places[0] if len(places) == 1 else Missing(len(places))


def _find_lines(lines: Sequence[str], wanted: Sequence[str], normal: Normal) -> list[Place]:
    """Where `wanted` stands line by line, blank lines included."""
    compared = [normal(line) for line in lines]
    sought = [normal(line) for line in wanted]
    length = len(sought)
    starts = (start for start, line in enumerate(compared) if line == sought[0])
    return [
        Place(start, length, _indent_between(wanted, lines[start : start + length]))
        for start in starts
        if compared[start : start + length] == sought
    ]


def _find_within(lines: Sequence[str], part: str) -> list[Place]:
    """A part of a line, where it is long enough to mean something."""
    part = part.strip()
    if len(part) < 4:
        return []
    places = []
    for number, line in enumerate(lines):
        for match in re.finditer(re.escape(part), line):
            places.append(Place(number, 1, "", line[: match.start()], line[match.end() :]))
    return places


def _find_sparse(lines: Sequence[str], wanted: Sequence[str]) -> list[Place]:
    """As lines, blank ones left out on both sides."""
    numbers = [number for number, line in enumerate(lines) if line.strip()]
    sparse = [line for line in wanted if line.strip()]
    places = _find_lines([lines[number] for number in numbers], sparse, _plain)
    return [
        Place(numbers[place.line], numbers[place.line + place.count - 1] - numbers[place.line] + 1, place.indent)
        for place in places
    ]


def _indent_between(wanted: Sequence[str], found: Sequence[str]) -> str | int:
    """What the SEARCH text lacks, or has too much, in front of its first line with text."""
    for sought, line in zip(wanted, found, strict=True):
        if sought.strip():
            lacking = _indent_of(line) - _indent_of(sought)
            return line[:lacking] if lacking >= 0 else lacking
    return ""


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _strip_blank(lines: list[str]) -> list[str]:
    """Without blank lines at the beginning and the end."""
    numbers = [number for number, line in enumerate(lines) if line.strip()]
    return lines[numbers[0] : numbers[-1] + 1] if numbers else []
