"""Two changes of the same files, as one: by lines where both changed a text, by files otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from playground.artifacts.edits import Conflict, merge_texts
from playground.artifacts.trees import Tree

type Side = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A file that both changed where it cannot be told what is meant.

    `pieces` is the text with the conflicts in their places; empty where only one side's file as a whole can be taken,
    since it is no text, or one side has deleted it.
    """

    path: str
    pieces: list[str | Conflict]
    is_mine_there: bool
    is_theirs_there: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person takes of a conflict: a side, or a text of their own."""

    side: Side | None = None
    text: str | None = None


def merge_trees(base: Tree, mine: Tree, theirs: Tree) -> tuple[Tree, list[FileConflict]]:
    """Theirs with my changes. What conflicts is as theirs, until it is decided."""
    merged, conflicts = theirs, []
    for path in sorted(mine.files.keys() | base.files.keys()):
        before, here, there = (_blob(tree, path) for tree in (base, mine, theirs))
        if here in (before, there):
            continue
        if there == before:
            merged = merged.put(path, mine.files.get(path), mine)
            continue
        pieces = _merge_file(path, base, mine, theirs)
        if pieces is not None and all(isinstance(piece, str) for piece in pieces):
            merged = merged.change({path: "".join(map(str, pieces)).encode()})
        else:
            conflicts.append(FileConflict(path, pieces or [], path in mine.files, path in theirs.files))
    return merged, conflicts


def decide(merged: Tree, mine: Tree, decisions: Mapping[str, Decision]) -> Tree:
    """`merged` with the conflicts as they were decided."""
    for path, decision in decisions.items():
        if decision.text is not None:
            merged = merged.change({path: decision.text.encode()})
        elif decision.side == "mine":
            merged = merged.put(path, mine.files.get(path), mine)
    return merged


def _merge_file(path: str, base: Tree, mine: Tree, theirs: Tree) -> list[str | Conflict] | None:
    """None where it cannot be merged by lines."""
    before = base.read_text(path) if path in base.files else ""
    here, there = mine.read_text(path), theirs.read_text(path)
    if before is None or here is None or there is None:
        return None
    return merge_texts(before, here, there)


def _blob(tree: Tree, path: str) -> str | None:
    return tree.files[path]["blob"] if path in tree.files else None
