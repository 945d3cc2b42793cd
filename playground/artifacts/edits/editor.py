from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.edits.differences import Edit
from agents.edits.lines import join_lines, split_lines
from agents.edits.places import Missing, Place, find_place, replacement_lines, shift
from playground.artifacts.extraction import Part
from playground.artifacts.extraction.edits import EditClosed as BlockClosed
from playground.artifacts.extraction.edits import EditOpened as BlockOpened
from playground.artifacts.extraction.edits import EditPart, ReplaceDelta, ReplaceOpened, SearchDelta
from playground.artifacts.extraction.names import language_of
from playground.artifacts.extraction.parts import Withdrawn
from playground.protocol import (
    AnswerWithdrawn,
    EditClosed,
    EditDelta,
    EditFailed,
    EditOpened,
    Event,
    FileClosed,
    FileDelta,
    FileOpened,
)


@dataclass(frozen=True, slots=True)
class FailedEdit:
    """An edit that found no place: for asking again."""

    path: str | None
    edit: Edit
    found: int


@dataclass(slots=True)
class _Block:
    """The edit block that is coming in. `place` is known once its SEARCH text is whole."""

    path: str | None
    search: list[str] = field(default_factory=list)
    replace: list[str] = field(default_factory=list)
    place: Place | Missing | None = None
    removed: list[str] = field(default_factory=list)
    line: str = ""  # the beginning of the replacement's next line
    written: int = 0  # lines that have come in at the place


class Editor:
    """The files of an answer: those that it writes, and those of the version before that it edits.

    Turns the extractor's parts into events. Edits apply as they stream, a line at a time; one that is cut off is taken
    back, so that a file is never half changed.
    """

    def __init__(self, base: Mapping[str, str]) -> None:
        self._base = base
        self._begin()

    def _begin(self) -> None:
        self._failed: list[FailedEdit] = []
        self._lines: dict[str, list[str]] = {path: split_lines(text) for path, text in self._base.items()}
        self._written: dict[str, list[str]] = {}  # deltas of files that the answer writes whole
        self._edited: list[str] = []
        self._latest: str | None = None
        self._block: _Block | None = None

    @property
    def files(self) -> dict[str, str]:
        """What the answer has written or changed."""
        edited = {path: join_lines(self._lines[path]) for path in self._edited}
        return {path: "".join(texts) for path, texts in self._written.items()} | edited

    @property
    def texts(self) -> dict[str, str]:
        """All files as they stand: of the version before, and of this answer."""
        return {path: join_lines(lines) for path, lines in self._lines.items()} | self.files

    def take_failed(self) -> list[FailedEdit]:
        """The edits that found no place since the last call."""
        failed, self._failed = self._failed, []
        return failed

    def take(self, part: Part) -> list[Event]:
        match part:
            case FileDelta(path=path, text=text):  # nearly always
                self._written[path].append(text)
            case FileOpened(path=path):
                self._written[path] = []
                self._edited = [edited for edited in self._edited if edited != path]
                self._latest = path
            case Withdrawn():
                self._begin()
                return [AnswerWithdrawn()]
            case BlockOpened() | SearchDelta() | ReplaceOpened() | ReplaceDelta() | BlockClosed():
                return self._take_edit(part)
        return [part]

    def _take_edit(self, part: EditPart) -> list[Event]:
        match part:
            case BlockOpened(path=path):
                self._block = _Block(path)
            case SearchDelta(text=text):
                self._open_block().search.append(text)
            case ReplaceOpened():
                return self._find_place(self._open_block())
            case ReplaceDelta(text=text):
                return self._replace(self._open_block(), text)
            case BlockClosed(complete=complete):
                return self._close(self._open_block(), complete)
        return []

    def close(self) -> list[Event]:
        """The answer is over."""
        return [FileClosed(path=path, complete=True) for path in self._edited]

    def _open_block(self) -> _Block:
        assert self._block
        return self._block

    def _find_place(self, block: _Block) -> list[Event]:
        search = "".join(block.search)
        block.path = self._choose_path(block.path, search)
        if block.path is None:
            block.place = Missing(0)
            return []
        self._settle(block.path)
        lines = self._lines.setdefault(block.path, [])
        block.place = find_place(lines, search)
        if isinstance(block.place, Missing):
            return []
        opening = [] if block.path in self._edited else self._open_file(block.path)
        return [*opening, self._remove(block, block.path, block.place)]

    def _choose_path(self, named: str | None, search: str) -> str | None:
        """The named file; else the only one in which the text is found; else the one that was last spoken of."""
        known = {**self._lines, **self._written}
        if named is not None:
            return named if named in known or not search.strip() else None
        for path in list(self._written):
            self._settle(path)
        if len(known) == 1:
            return next(iter(known))
        holders = [path for path, lines in self._lines.items() if isinstance(find_place(lines, search), Place)]
        return holders[0] if len(holders) == 1 else self._latest

    def _settle(self, path: str) -> None:
        """A file that the answer has written itself is edited like any other."""
        if path in self._written:
            self._lines[path] = split_lines("".join(self._written.pop(path)))
            self._edited.append(path)

    def _open_file(self, path: str) -> list[Event]:
        self._edited.append(path)
        opened = FileOpened(path=path, language=language_of(path), is_edit=True)
        return [opened, FileDelta(path=path, text=join_lines(self._lines[path]))]

    def _remove(self, block: _Block, path: str, place: Place) -> Event:
        lines = self._lines[path]
        count = min(place.count, len(lines))
        block.removed = lines[place.line : place.line + count]
        del lines[place.line : place.line + count]
        self._latest = path
        return EditOpened(path=path, line=place.line, count=count)

    def _replace(self, block: _Block, text: str) -> list[Event]:
        block.replace.append(text)
        if not isinstance(block.place, Place) or block.place.is_part:
            return []
        indent = block.place.indent
        *whole, block.line = (block.line + text).split("\n")
        return self._insert(block, block.place, [shift(line, indent) for line in whole])

    def _insert(self, block: _Block, place: Place, lines: list[str]) -> list[Event]:
        assert block.path
        if not lines:
            return []
        start = place.line + block.written
        self._lines[block.path][start:start] = lines
        block.written += len(lines)
        return [EditDelta(path=block.path, text=join_lines(lines))]

    def _close(self, block: _Block, complete: bool) -> list[Event]:
        self._block = None
        if not isinstance(block.place, Place):
            return [self._fail(block, block.place.found if block.place else 0)]
        assert block.path
        if not complete:
            return self._take_back(block, block.path, block.place)
        rest = [shift(block.line, block.place.indent)] if block.line else []
        if block.place.is_part:
            rest = replacement_lines(block.place, "".join(block.replace))
        return [*self._insert(block, block.place, rest), EditClosed(path=block.path)]

    def _fail(self, block: _Block, found: int) -> Event:
        edit = Edit("".join(block.search), "".join(block.replace))
        self._failed.append(FailedEdit(block.path, edit, found))
        return EditFailed(path=block.path, search=edit.search, found=found)

    def _take_back(self, block: _Block, path: str, place: Place) -> list[Event]:
        end = place.line + block.written
        self._lines[path][place.line : end] = block.removed
        return [
            EditClosed(path=path),
            EditOpened(path=path, line=place.line, count=block.written),
            EditDelta(path=path, text=join_lines(block.removed)),
            EditClosed(path=path),
            self._fail(block, found=1),
        ]
