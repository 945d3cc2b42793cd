"""What the arguments of a model's tool call mean, whatever the tool is called: a file, or an edit of one."""

import re

from agents.paths import clean_path
from playground.artifacts.extraction.blocks import PAGE, FileWriter, Name
from playground.artifacts.extraction.edits import EditOpened, ReplaceDelta, ReplaceOpened, SearchDelta
from playground.artifacts.extraction.names import language_of
from playground.artifacts.extraction.output import Output

_ROLES = {
    **dict.fromkeys(("path", "file_path", "filepath", "filename", "file_name", "file", "target_file"), "path"),
    **dict.fromkeys(("content", "contents", "file_text", "file_content", "code", "text", "html"), "content"),
    **dict.fromkeys(("old_str", "old_string", "search", "old_text", "old"), "search"),
    **dict.fromkeys(("new_str", "new_string", "replace", "new_text", "new"), "replace"),
}
_ROOT = re.compile(r"/+(?:(?:workspace|app|project|repo|tmp|home/\w+)/)?")  # of an absolute path
_LONGEST_PATH = 400
_LONGEST_LATE = 400_000  # characters of a content that comes before its path


class Arguments:
    def __init__(self) -> None:
        self.is_useful = False  # something came that is no mere prose
        self._role: str | None = None
        self._path: str | None = None
        self._value = ""
        self._file: FileWriter | None = None
        self._late: list[str] = []  # content, or a replacement, that came too early
        self._late_length = 0
        self._is_editing = False

    def begin(self, name: str, output: Output) -> None:
        self._role = _ROLES.get(name.lower())
        self._value = ""
        if self._role == "content" and self._path:
            self._open_file(output)
        elif self._role == "search":
            self._open_edit(output)
        elif self._role == "replace" and self._is_editing:
            output.add_edit(ReplaceOpened())
        self.is_useful = self.is_useful or self._role in ("content", "search", "replace")

    def add(self, text: str, output: Output) -> None:
        if self._role == "path":
            self._value = (self._value + text)[:_LONGEST_PATH]
        elif self._role == "search":
            output.add_edit(SearchDelta(text))
        elif self._role == "replace" and self._is_editing:
            output.add_edit(ReplaceDelta(text))
        elif self._file:
            self._file.scan(text)
            self._file.write(output, text)
        elif self._role in ("content", "replace") and self._late_length < _LONGEST_LATE:
            self._late.append(text)
            self._late_length += len(text)

    def end(self, output: Output) -> None:
        role, self._role = self._role, None
        if role == "path":
            self._end_path(output)
        elif role == "content" and self._file:
            self._file.close(output, complete=True)
            self._file = None
        elif (role == "replace" and self._is_editing) or (role == "search" and self._late):
            self._end_edit(output)

    def finish(self, output: Output, *, complete: bool) -> None:
        """The call, or the answer, is over."""
        self._role = None
        if self._file:
            self._file.close(output)
            self._file = None
        if self._is_editing:
            output.close_edit(complete=False)
            self._is_editing = False
        if self._late and PAGE.match("".join(self._late)):
            self._path = "index.html"
            self._write_late(output, complete=complete)

    def _open_file(self, output: Output) -> None:
        assert self._path
        self._file = FileWriter(output, Name(self._path, language_of(self._path)))

    def _end_path(self, output: Output) -> None:
        self._path = clean_path(
            _ROOT.sub("", self._value.strip(), count=1) if self._value.strip()[:1] == "/" else self._value.strip()
        )
        if self._path and self._late:
            self._write_late(output, complete=True)

    def _write_late(self, output: Output, *, complete: bool) -> None:
        self._open_file(output)
        assert self._file
        for text in self._late:
            self._file.scan(text)
            self._file.write(output, text)
        self._file.close(output, complete=complete)
        self._file, self._late = None, []

    def _open_edit(self, output: Output) -> None:
        if self._is_editing:
            output.close_edit(complete=False)
        self._is_editing = True
        output.add_edit(EditOpened(self._path or output.edited))

    def _end_edit(self, output: Output) -> None:
        if self._late:
            output.add_edit(ReplaceOpened(), *(ReplaceDelta(text) for text in self._late))
            self._late = []
        output.close_edit(complete=True)
        self._is_editing = False
