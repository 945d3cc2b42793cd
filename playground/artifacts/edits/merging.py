"""Three-way merges by lines: two changes of the same text become one, or the places where they meet are told.

Nothing is guessed and nothing dropped: what both changed in touching lines, differently, is a conflict that holds both.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Products of the numbers of lines that differ: from the first on, lines that come often are no anchors of the
# comparison; from the second on, what lies between the first and the last difference is one change.
_LARGE = 4_000_000
_HUGE = 100_000_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stretch of `base` that both sides changed differently."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `start` to `end` of the base become `fresh`."""

    start: int
    end: int
    fresh: list[str]
    is_mine: bool


def merge_texts(base: str, mine: str, theirs: str) -> list[str | Conflict]:
    """The merged text in pieces, conflicts in their places. Without a conflict it is one piece (or none: empty)."""
    lines = _split(base)
    changes = [*_find_changes(lines, _split(mine), True), *_find_changes(lines, _split(theirs), False)]
    pieces: list[str | Conflict] = []
    done = 0
    for group in _group(changes):
        start, end = group[0].start, max(change.end for change in group)
        _add(pieces, "".join(lines[done:start]))
        _add(pieces, _settle(lines, start, end, group))
        done = end
    _add(pieces, "".join(lines[done:]))
    return pieces


def _settle(lines: Sequence[str], start: int, end: int, group: Sequence[_Change]) -> str | Conflict:
    sides = {change.is_mine for change in group}
    mine, theirs = (_apply(lines, start, end, group, side) for side in (True, False))
    if len(sides) == 1:
        return mine if True in sides else theirs
    return mine if mine == theirs else Conflict("".join(lines[start:end]), mine, theirs)


def _apply(lines: Sequence[str], start: int, end: int, group: Iterable[_Change], is_mine: bool) -> str:
    """The stretch as one side has it."""
    texts: list[str] = []
    for change in group:
        if change.is_mine == is_mine:
            texts += [*lines[start : change.start], *change.fresh]
            start = change.end
    return "".join([*texts, *lines[start:end]])


def _group(changes: Iterable[_Change]) -> Iterable[list[_Change]]:
    """Changes that touch belong together."""
    group: list[_Change] = []
    end = -1
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        if group and change.start > end:
            yield group
            group = []
        end = max(end, change.end) if group else change.end
        group.append(change)
    if group:
        yield group


def _find_changes(base: Sequence[str], other: Sequence[str], is_mine: bool) -> list[_Change]:
    start = _count_equal(base, other)
    rest = _count_equal(base[start:][::-1], other[start:][::-1])
    old, new = base[start : len(base) - rest], other[start : len(other) - rest]
    effort = len(old) * len(new)
    if not old and not new:
        return []
    if effort > _HUGE:
        return [_Change(start, start + len(old), list(new), is_mine)]
    found = SequenceMatcher(None, old, new, autojunk=effort > _LARGE).get_opcodes()
    return [
        _Change(start + first, start + last, list(new[new_first:new_last]), is_mine)
        for tag, first, last, new_first, new_last in found
        if tag != "equal"
    ]


def _count_equal(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _split(text: str) -> list[str]:
    """Lines with their ends; the last may lack one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _add(pieces: list[str | Conflict], piece: str | Conflict) -> None:
    if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
        pieces[-1] += piece
    elif piece:
        pieces.append(piece)
