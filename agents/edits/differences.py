from dataclasses import dataclass
from difflib import SequenceMatcher

from agents.edits.lines import join_lines, split_lines
from agents.edits.places import Place, find_place


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines to look for and lines to put there, each with its line end."""

    search: str
    replace: str


def find_edits(before: str, after: str) -> list[Edit]:
    """Edits that, applied one after the other, turn `before` into `after`. Each finds its place and no other.

    Both are taken as whole lines.
    """
    lines, old, new = split_lines(before), split_lines(before), split_lines(after)
    edits: list[Edit] = []
    gained = 0
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            fresh = new[new_start:new_end]
            edits.append(_describe(lines, start + gained, end + gained, fresh))
            lines[start + gained : end + gained] = fresh
            gained += len(fresh) - (end - start)
    return edits


def _describe(lines: list[str], start: int, end: int, fresh: list[str]) -> Edit:
    """The change of `lines[start:end]`, with as many neighbouring lines as make its place the only one."""
    if not any(map(str.strip, lines)):
        return Edit("", join_lines([*lines[:start], *fresh, *lines[end:]]))
    first, last = start, end
    while find_place(lines, join_lines(lines[first:last])) != Place(first, last - first):
        first, last = max(0, first - 1), min(len(lines), last + 1)
    return Edit(join_lines(lines[first:last]), join_lines([*lines[first:start], *fresh, *lines[end:last]]))
