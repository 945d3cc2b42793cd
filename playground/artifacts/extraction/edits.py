"""SEARCH/REPLACE edits: what a model writes instead of a whole file when it changes one."""

import re
from dataclasses import dataclass

from agents.paths import clean_path


@dataclass(frozen=True, slots=True)
class EditOpened:
    """From here, the text to find follows. `path` is None where the model did not say which file it means."""

    path: str | None


@dataclass(frozen=True, slots=True)
class SearchDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ReplaceOpened:
    """The text to find is whole; the text that takes its place follows."""


@dataclass(frozen=True, slots=True)
class ReplaceDelta:
    text: str


@dataclass(frozen=True, slots=True)
class EditClosed:
    """`complete` is false where the answer ended before the edit did: such an edit is never applied."""

    complete: bool


type EditPart = EditOpened | SearchDelta | ReplaceOpened | ReplaceDelta | EditClosed


@dataclass(frozen=True, slots=True)
class Edit:
    """A whole edit, folded from its parts."""

    path: str | None
    search: str
    replace: str
    complete: bool


_OPENING = re.compile(r"\s*(?:<{5,9}|-{5,9})[ \t]*(?:SEARCH|ORIGINAL)\b[ \t:]*([^\s>]*)[ \t>]*", re.IGNORECASE)
_DIVIDER = re.compile(r"\s*={5,9}\s*")
_CLOSING = re.compile(r"\s*(?:>{5,9}[ \t]*(?:REPLACED?|UPDATED?|NEW)?|\+{5,9}[ \t]*REPLACED?)\s*", re.IGNORECASE)
_MARKS = "<>=-+"
LONGEST_MARKER = 240  # with a path behind it


def is_opening(line: str) -> bool:
    return len(line) <= LONGEST_MARKER and _OPENING.fullmatch(line.rstrip("\n")) is not None


def path_behind(line: str) -> str | None:
    """The path that an opening marker names behind itself, if it does."""
    match = _OPENING.fullmatch(line.rstrip("\n"))
    return clean_path(match[1]) if match and match[1] else None


def is_divider(line: str) -> bool:
    return len(line) <= LONGEST_MARKER and _DIVIDER.fullmatch(line) is not None


def is_closing(line: str) -> bool:
    return len(line) <= LONGEST_MARKER and _CLOSING.fullmatch(line) is not None


def may_be_marker(start: str) -> bool:
    """Whether a line that begins like this may become a marker."""
    mark = start.lstrip()[:5]
    return len(start) <= LONGEST_MARKER and (not mark or (mark[0] in _MARKS and mark == mark[0] * len(mark)))
