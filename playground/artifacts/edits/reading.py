from collections.abc import Iterable

from agents.edits.lines import join_lines, split_lines
from playground.protocol import AnswerWithdrawn, EditDelta, EditOpened, Event, FileDelta, FileOpened


class FileReader:
    """The text of one file as a log tells it. The frontend's reducer does the same."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: list[str] = []
        self._texts: list[str] = []  # since the last edit
        self._cursor = 0

    @property
    def text(self) -> str:
        return join_lines(self._lines) + "".join(self._texts)

    def take(self, event: Event) -> None:
        match event:
            case FileOpened(path=self._path) | AnswerWithdrawn():
                self._lines, self._texts = [], []
            case FileDelta(path=self._path, text=text):
                self._texts.append(text)
            case EditOpened(path=self._path, line=line, count=count):
                self._lines, self._texts = split_lines(self.text), []
                del self._lines[line : line + count]
                self._cursor = line
            case EditDelta(path=self._path, text=text):
                fresh = split_lines(text)
                self._lines[self._cursor : self._cursor] = fresh
                self._cursor += len(fresh)


def read_files(events: Iterable[Event]) -> dict[str, str]:
    """The text files of an answer, as its log tells them."""
    readers: dict[str, FileReader] = {}
    for event in events:
        match event:
            case AnswerWithdrawn():
                readers.clear()
            case FileOpened(path=path):
                readers.setdefault(path, FileReader(path)).take(event)
            case FileDelta(path=path) | EditOpened(path=path) | EditDelta(path=path):
                readers[path].take(event)
    return {path: reader.text for path, reader in readers.items()}
