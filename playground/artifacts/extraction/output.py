import re

from playground.artifacts.extraction.edits import EditClosed, EditOpened, EditPart
from playground.artifacts.extraction.fences import Fence
from playground.artifacts.extraction.markup import MarkupScanner
from playground.artifacts.extraction.parts import Part, Withdrawn
from playground.protocol import FileClosed, FileDelta, FileOpened, ReasoningDelta, TextDelta

_LONGEST_LINE = 400  # of a line that is kept to look for a name in it
_LONGEST_REASONING = 1_000_000  # characters that are kept in case nothing else comes
LONGEST_RESERVE = 60_000  # characters of a style sheet or script that may yet turn out to belong to a page
# Lines that say that what follows is a program or template, though it holds a page.
_PROGRAM = re.compile(
    r"""\s*(?:<\?(?:php|=)|\{%|<%@|@(?:model|page|using|extends)\b|package\s+\w+\s*\Z)
    | .{0,200}(?:\"{3}|'{3}|<<-?\s*['"]?[A-Z]{2,}['"]?|=\s*["'`])\s*\Z""",
    re.VERBOSE,
)


class Output:
    """The parts so far, and what later decisions need to know about them."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._path = ""
        self._texts: list[str] = []  # of the delta of this file that comes next
        self._reasoning: list[str] = []
        self._reasoning_length = 0
        self.has_prose = False
        self.wrapping: Fence | None = None  # the fence around edits
        self.owes_fence = False  # a block ended before its fence did
        self.is_program = False  # the prose is a program's or template's text
        self.previous = "\n"  # the last character of the prose
        self._line = ""  # the present line of prose
        self._last_line = ""  # the last one before it that has text
        self._is_withdrawing = False
        self._is_spared = False  # files wait for the withdrawal, and stay if nothing comes
        self.forget()

    def forget(self) -> None:
        """The files so far are none."""
        self.lengths: dict[str, int] = {}  # of the files that are there
        self.page: MarkupScanner | None = None
        self.beside_page: set[str] = set()  # the files since the page was opened
        self.reserve: dict[str, str] = {}  # by language: code in prose that a page may come to name
        self.edited: str | None = None  # the file that the last edit was for
        self.has_edits = False

    def drain(self) -> list[Part]:
        self._end_delta()
        parts, self._parts = self._parts, []
        return parts

    def _add(self, part: Part) -> None:
        self._end_delta()
        self._parts.append(part)

    def _end_delta(self) -> None:
        if self._texts:
            self._parts.append(FileDelta(path=self._path, text="".join(self._texts)))
            self._texts.clear()

    # ----------------------------------------------------------------------------- prose and reasoning

    @property
    def heading(self) -> str:
        """The line in which a name for the next block may stand."""
        return self._line if self._line.strip() else self._last_line

    def forget_heading(self) -> None:
        self._line = self._last_line = ""

    def add_prose(self, text: str) -> None:
        words = text.lstrip()
        self._add_text(text[: len(text) - len(words)])
        if words:
            self._settle_withdrawal()
            self.has_prose = True
            self._add_text(words)

    def _add_text(self, text: str) -> None:
        if not text:
            return
        self._add(TextDelta(text=text))
        self.previous = text[-1]
        lines = text.split("\n")
        for line in lines[:-1]:
            self._line = (self._line + line)[:_LONGEST_LINE]
            self.is_program = self.is_program or _PROGRAM.match(self._line) is not None
            self._last_line = self._line if self._line.strip() else self._last_line
            self._line = ""
        self._line = (self._line + lines[-1])[:_LONGEST_LINE]

    def add_reasoning(self, text: str) -> None:
        if not text:
            return
        self._add(ReasoningDelta(text=text))
        if self._reasoning_length < _LONGEST_REASONING:
            self._reasoning.append(text)
            self._reasoning_length += len(text)

    @property
    def is_bare(self) -> bool:
        """Neither a file nor an edit could get lost."""
        return not self.lengths and not self.has_edits

    @property
    def has_files(self) -> bool:
        """Files or edits, also those that stay because a withdrawal has not been settled."""
        return not self.is_bare or self._is_spared

    def reasoning(self) -> str:
        return "".join(self._reasoning)

    def withdraw(self) -> None:
        """What came before was reasoning, if anything comes after."""
        self._is_withdrawing = True
        self._is_spared = self.has_files
        self.forget()

    def _settle_withdrawal(self) -> None:
        if self._is_withdrawing:
            self._is_withdrawing = self._is_spared = self.has_prose = False
            self._add(Withdrawn())

    # ---------------------------------------------------------------------------------- files and edits

    def open_file(self, path: str, language: str, scanner: MarkupScanner | None = None) -> None:
        self._settle_withdrawal()
        if language == "html":
            self.page = scanner
            self.beside_page = set()
        self.beside_page.add(path)
        self.lengths[path] = 0
        self.edited = None
        self.forget_heading()
        self._add(FileOpened(path=path, language=language))

    def write_file(self, path: str, text: str) -> None:
        if text:
            self.lengths[path] += len(text)
            if path != self._path:
                self._end_delta()
                self._path = path
            self._texts.append(text)

    def close_file(self, path: str, *, complete: bool) -> None:
        self._add(FileClosed(path=path, complete=complete))
        if complete and self.page and path.endswith((".html", ".htm")):
            self._give_from_reserve(self.page)

    def _give_from_reserve(self, page: MarkupScanner) -> None:
        """The page names files that came before it as code without a name."""
        for language, extension in (("css", ".css"), ("javascript", ".js")):
            named = [name for name in page.references(extension) if name not in self.lengths]
            if named and (text := self.reserve.pop(language, "")):
                self.open_file(named[0], language)
                self.write_file(named[0], text)
                self.close_file(named[0], complete=True)

    def add_edit(self, *parts: EditPart) -> None:
        for part in parts:
            if isinstance(part, EditOpened):
                self._settle_withdrawal()
                self.has_edits = True
                self.edited = part.path
                self.forget_heading()
            self._add(part)

    def close_edit(self, *, complete: bool) -> None:
        self.add_edit(EditClosed(complete))
