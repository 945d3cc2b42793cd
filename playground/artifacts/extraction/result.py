from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.artifacts.extraction.edits import (
    Edit,
    EditClosed,
    EditOpened,
    ReplaceDelta,
    ReplaceOpened,
    SearchDelta,
)
from playground.artifacts.extraction.extractor import Extractor
from playground.artifacts.extraction.parts import Part, Withdrawn
from playground.protocol import FileClosed, FileDelta, FileOpened, ReasoningDelta, TextDelta


@dataclass(frozen=True, slots=True)
class Extraction:
    prose: str
    reasoning: str
    files: dict[str, str] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()  # files that the answer ended in
    edits: tuple[Edit, ...] = ()


def extract(text: str) -> Extraction:
    extractor = Extractor()
    return collect([*extractor.feed(text), *extractor.finish()])


def collect(parts: Iterable[Part]) -> Extraction:
    """The fold of the parts."""
    fold = Fold()
    for part in parts:
        fold.take(part)
    return fold.result()


class Fold:
    """Takes parts one by one. A path opened again starts over; if that version is cut off, the whole one before stays.

    A withdrawal turns the prose so far into reasoning and drops files and edits.
    """

    def __init__(self) -> None:
        self._prose: list[str] = []
        self._reasoning: list[str] = []
        self._files: dict[str, list[str]] = {}
        self._whole: dict[str, list[str]] = {}  # complete versions of files that were opened again
        self._incomplete: set[str] = set()
        self._edits: list[Edit] = []
        self._edit = _OpenEdit(None)

    def take(self, part: Part) -> None:
        match part:
            case TextDelta(text=text):
                self._prose.append(text)
            case ReasoningDelta(text=text):
                self._reasoning.append(text)
            case Withdrawn():
                self._withdraw()
            case FileOpened() | FileDelta() | FileClosed():
                self._take_file(part)
            case _:
                self._take_edit(part)

    def result(self) -> Extraction:
        files = {path: "".join(texts) for path, texts in self._files.items()}
        incomplete = frozenset(self._incomplete)
        return Extraction("".join(self._prose), "".join(self._reasoning), files, incomplete, tuple(self._edits))

    def _withdraw(self) -> None:
        self._reasoning += self._prose
        self._prose, self._files, self._whole, self._edits = [], {}, {}, []
        self._incomplete = set()

    def _take_file(self, part: FileOpened | FileDelta | FileClosed) -> None:
        match part:
            case FileOpened(path=path):
                if path in self._files and path not in self._incomplete:
                    self._whole[path] = self._files[path]
                self._files[path] = []
                self._incomplete.discard(path)
            case FileDelta(path=path, text=text):
                self._files[path].append(text)
            case FileClosed(path=path, complete=complete) if not complete:
                self._incomplete.add(path)
                self._files[path] = self._whole.get(path, self._files[path])

    def _take_edit(self, part: EditOpened | SearchDelta | ReplaceOpened | ReplaceDelta | EditClosed) -> None:
        match part:
            case EditOpened(path=path):
                self._edit = _OpenEdit(path)
            case SearchDelta(text=text):
                self._edit.search.append(text)
            case ReplaceDelta(text=text):
                self._edit.replace.append(text)
            case EditClosed(complete=complete):
                self._edits.append(self._edit.close(complete=complete))
            case ReplaceOpened():
                pass


@dataclass(slots=True)
class _OpenEdit:
    path: str | None
    search: list[str] = field(default_factory=list)
    replace: list[str] = field(default_factory=list)

    def close(self, *, complete: bool) -> Edit:
        return Edit(self.path, "".join(self.search), "".join(self.replace), complete)
