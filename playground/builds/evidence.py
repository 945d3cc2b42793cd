"""What supports that an item of the plan is done: deeds in the journal, never the model's word alone. Pure.

A file counts that was changed between the item's beginning and its being called done; a check counts if it was of the
files that were published; a picture, if it was taken of these, too. Where none of them is there, nothing is told.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agents.events import Began, Checked, Event, Item, Recorded, Restored, Returned

type Found = dict[str, Any]

_MOST_FILES = 6
_ALIKE = 0.5  # of the words of two sentences that mean the same


def gather(journal: Iterable[Event], published: Mapping[str, str]) -> dict[str, list[Found]]:
    """By the item's id."""
    files: dict[str, str] = {}
    begun: dict[str, int] = {}  # index into `changed`
    done: dict[str, tuple[int, int, int]] = {}  # step, first and last index into `changed`
    changed: list[tuple[int, str]] = []
    last: list[Found] = []  # of the files that were published
    known: dict[str, Item] = {}
    step = 0
    for event in journal:
        step = getattr(event, "step", step)
        if isinstance(event, Began):
            files = dict(event.task.files)
        if isinstance(event, Returned | Restored | Recorded):
            changed += [(step, path) for path, sha in event.changes.items() if sha]
            files = {path: sha for path, sha in {**files, **event.changes}.items() if sha}
        if isinstance(event, Returned) and event.plan is not None:
            known = {item.id: item for item in event.plan}
            _note(event.plan, begun, done, len(changed), step)
        if isinstance(event, Returned) and event.picture and files == published:
            last.append({"kind": "picture", "step": step, "sha": event.picture})
        if isinstance(event, Checked) and event.report.measured and files == published:
            last.append({"kind": "check", "step": step, "verdict": event.report.verdict.value})
            if shot := event.report.pictures.get("5") or event.report.pictures.get("thumbnail"):
                last.append({"kind": "picture", "step": step, "sha": shot})
    looks = _newest(last)
    return {
        item: _of_item(changed[first:upto], at, published, looks)
        for item, (at, first, upto) in done.items()
        if item in known and known[item].status == "done"
    }


def find_item(requirement: str, items: Mapping[str, str]) -> str | None:
    """The item, by id, whose text says the same as the requirement."""
    wanted = _words(requirement)
    likeness = {key: _compare(wanted, _words(text)) for key, text in items.items()}
    best = max(likeness, key=lambda key: likeness[key], default=None)
    return best if best is not None and likeness[best] >= _ALIKE else None


def _compare(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _note(
    plan: Iterable[Item], begun: dict[str, int], done: dict[str, tuple[int, int, int]], index: int, step: int
) -> None:
    for item in plan:
        if item.status in ("todo", "dropped"):
            done.pop(item.id, None)
            begun[item.id] = index
        elif item.status == "doing":
            done.pop(item.id, None)
            begun.setdefault(item.id, index)
        elif item.id not in done:
            done[item.id] = (step, begun.get(item.id, 0), index)


def _of_item(
    changed: list[tuple[int, str]], step: int, published: Mapping[str, str], looks: list[Found]
) -> list[Found]:
    newest = {path: at for at, path in changed if path in published}
    files: list[Found] = [{"kind": "file", "step": at, "path": path} for path, at in newest.items()]
    if not files and not looks:
        return []
    return [*files[:_MOST_FILES], {"kind": "step", "step": step}, *looks]


def _newest(looks: list[Found]) -> list[Found]:
    """The last check and the last picture."""
    kinds = {look["kind"]: look for look in looks}
    return list(kinds.values())


def _words(text: str) -> set[str]:
    """Of Chinese, which has no spaces, each character."""
    return set(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower()))
