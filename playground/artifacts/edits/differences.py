from dataclasses import dataclass
from difflib import SequenceMatcher

from playground.artifacts.edits.places import Place, find_place


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines to look for and lines to put there, each with its line end."""

    search: str
    replace: str


def find_edits(before: str, after: str) -> list[Edit]:
    """Edits that, applied one after the other, turn `before` into `after`. Each finds its place and no other."""
    lines, new = before.split("\n"), after.split("\n")
    edits: list[Edit] = []
    gained = 0
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before.split("\n"), new, False).get_opcodes():
        if tag != "equal":
            fresh = new[new_start:new_end]
            edits.append(_describe(lines, start + gained, end + gained, fresh))
            lines[start + gained : end + gained] = fresh
            gained += len(fresh) - (end - start)
    return edits


def _describe(lines: list[str], start: int, end: int, fresh: list[str]) -> Edit:
    """The change of `lines[start:end]`, with as many neighbouring lines as make its place the only one."""
    text = "\n".join(lines)
    if not text.strip():
        return Edit("", _joined([*lines[:start], *fresh, *lines[end:]]))
    first, last = start, end
    while find_place(text, _joined(lines[first:last])) != Place(first, last - first):
        first, last = max(0, first - 1), min(len(lines), last + 1)
    return Edit(_joined(lines[first:last]), _joined([*lines[first:start], *fresh, *lines[end:last]]))


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
