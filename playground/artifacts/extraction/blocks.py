"""Open blocks: a file or code in prose, up to the end that its beginning promises."""

import re
from dataclasses import dataclass

from playground.artifacts.extraction import fences
from playground.artifacts.extraction.fences import Fence
from playground.artifacts.extraction.literals import TemplateLiterals
from playground.artifacts.extraction.markup import MarkupScanner
from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.output import LONGEST_RESERVE, Output
from playground.artifacts.extraction.reasoning import find_lone_end, line_of, may_end
from playground.artifacts.extraction.source import Source, held_back

PAGE = re.compile(r"(?>\s+|<!--(?>.*?-->)|<\?xml(?>.*?\?>))*+<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)
SVG = re.compile(r"(?>\s+|<!--(?>.*?-->)|<\?xml(?>.*?\?>)|<!doctype svg(?>.*?>))*+<svg[\s>]", re.IGNORECASE | re.DOTALL)
_INTRODUCTION = re.compile(r"(?:\A|\n[ \t]*\n|:[ \t]*\n)\Z")
_NO_MARKUP: tuple[str, ...] = (
    "<think",
    "</think",
    "<<<<<",
    "<tool",
    "</tool",
    "</function",
    "<|",
    "<ant",
    "</ant",
    "<bolt",
    "</bolt",
)
_NO_MARKUP += ("<artifact", "</artifact", "<edit", "<file", "</file")
_SCRIPTS = ("javascript", "typescript", "jsx", "tsx", "vue", "svelte")
_RECENT = 40
_LONG_BLANK = 200


@dataclass(frozen=True, slots=True)
class Name:
    path: str
    language: str


class FileWriter:
    """Writes one file's text to the output, and follows a page while it comes."""

    def __init__(self, output: Output, name: Name) -> None:
        self.name = name
        self.scanner = MarkupScanner(name.language) if name.language in ("html", "svg") else None
        self.literals = TemplateLiterals()
        self.mentions_reasoning = False
        self.previous = "\n"
        self._tail = ""
        output.open_file(name.path, name.language, self.scanner)

    @property
    def has_ended(self) -> bool:
        return self.scanner is not None and self.scanner.has_ended

    @property
    def _is_script(self) -> bool:
        return self.scanner.is_raw if self.scanner else self.name.language in _SCRIPTS

    def write(self, output: Output, text: str) -> None:
        if text:
            self.previous = text[-1]
            self._look_for_reasoning(text)
            self.literals.feed(text, is_script=self._is_script)
            output.write_file(self.name.path, text)

    def scan(self, text: str) -> int:
        return self.scanner.feed(text) if self.scanner else len(text)

    def close(self, output: Output, *, complete: bool = False) -> None:
        output.close_file(self.name.path, complete=complete or self.has_ended)

    def _look_for_reasoning(self, text: str) -> None:
        """A page that shows `<think>` to people may show its end, too."""
        known = self._tail + text
        self.mentions_reasoning = self.mentions_reasoning or "<think" in known.lower()
        self._tail = known[-5:]


class FileBlock(Mode):
    """A file in a fence, or, where `fence` is None, a page or picture that came without one."""

    def __init__(self, output: Output, name: Name, fence: Fence | None) -> None:
        self._file = FileWriter(output, name)
        self._fence = fence
        self._nested = 0
        self._recent = ""  # the end of a Markdown file so far
        self._is_last_line = True  # of the page
        self._is_passing = False  # inside a line of markup behind the page's end
        self._blank: list[str] = []  # after the page's end: it may belong to either side

    @property
    def is_open(self) -> bool:
        return not self._file.has_ended

    def close(self, output: Output) -> None:
        self._file.close(output)

    def step(self, source: Source, output: Output) -> Next:
        if self._file.has_ended:
            return self._step_ended(source, output)
        line = line_of(source, self._file.previous)
        if line.is_start and not line.is_whole and fences.may_be_fence(line.piece):
            return Move.WAIT
        if not self._file.mentions_reasoning and (tag := find_lone_end(line)):
            return self._take_lone_end(source, output, tag)
        if line.is_start and line.is_whole and (following := self._step_fence(source, output, line.piece)):
            return following
        held = 0 if line.is_whole else may_end(line.piece)
        if held == len(line.piece):
            return Move.WAIT
        self._write(source, output, len(line.piece) - held)
        return Move.STAY if self._file.has_ended or not held else Move.WAIT

    def _take_lone_end(self, source: Source, output: Output, tag: re.Match[str]) -> Next:
        if tag.start():
            self._write(source, output, tag.start())
            return Move.STAY  # the text before may have ended the page, or have begun some reasoning
        source.skip(tag.end())
        return Move.WITHDRAW

    def _write(self, source: Source, output: Output, length: int) -> None:
        """Take `length` characters, or less where the page ends before."""
        is_start = not source.is_inside_line
        raw = source.rest[:length]
        text = self._fence.dedent(raw) if self._fence and is_start else raw
        belongs = self._file.scan(text)
        self._file.write(output, text[:belongs])
        if self._file.name.language == "markdown":
            self._recent = (self._recent + text[:belongs])[-_RECENT:]
        source.take(len(raw) - len(text) + belongs)

    # -------------------------------------------------------------------------------------- fences

    def _step_fence(self, source: Source, output: Output, line: str) -> Next | None:
        """Inner fences are counted: they open with an info string and close without."""
        inner = fences.read_inner(line)
        if inner is None or self._fence is None or not self._fence.matches(inner):
            return self._close_raw(source, output, line) if inner and self._fence is None else None
        if self._file.literals.is_open:
            return None
        if inner.info and not fences.is_remark(inner.info):
            self._nested += 1
        elif self._nested:
            self._nested -= 1
        elif self._opens_bare(source, line):
            return self._wait_or_nest(source, line)
        else:
            return self._close_fence(source, output, line, inner)
        return None

    def _close_raw(self, source: Source, output: Output, line: str) -> Next | None:
        """A fence behind a page that came without one and has not ended: the page is cut off there."""
        if fences.read_inner(line) != Fence("```") or (self._file.scanner and self._file.scanner.is_raw):
            return None
        source.take(len(line))
        self._file.close(output, complete=True)
        return Move.BACK

    def _close_fence(self, source: Source, output: Output, line: str, inner: Fence) -> Next:
        remark = line.index(inner.info) if inner.info else len(line)
        source.skip(remark)
        self._file.close(output, complete=True)
        return Move.BACK

    def _opens_bare(self, source: Source, line: str) -> bool:
        """In Markdown a bare fence between a blank line and text opens an inner block, unless nothing follows it."""
        if self._file.name.language != "markdown" or not _INTRODUCTION.search(self._recent):
            return False
        below = source.rest[len(line) :]
        return below.strip(" \t")[:1] not in ("\n", "") or (not below.strip(" \t") and not source.is_end)

    def _wait_or_nest(self, source: Source, line: str) -> Next | None:
        if not source.rest[len(line) :].strip(" \t") and not source.is_end:
            return Move.WAIT
        self._nested += 1
        return None

    # ------------------------------------------------------------------------------ behind the page's end

    def _step_ended(self, source: Source, output: Output) -> Next:
        """Blank lines wait, markup still belongs to the page, a fence closes it, anything else is prose again."""
        piece = source.piece
        if self._is_passing:
            return self._pass_markup(source, output, piece)
        blank = len(piece) - len(piece.lstrip(" \t"))
        is_in_blank = bool(blank) and self._blank[-1:] != [] and self._blank[-1][-1] != "\n"
        if blank >= _LONG_BLANK or is_in_blank or not piece.strip():
            return self._pass_blank(source, output, piece[:blank] or piece)
        if not source.is_whole and len(piece) <= fences.LONGEST:
            return Move.WAIT
        inner = fences.read_inner(piece)
        if inner and self._fence and self._fence.matches(inner) and not self._reopens(inner):
            return self._close_fence(source, output, piece, inner)
        if piece.lstrip().startswith("<") and not _begins_anew(piece):
            self._file.write(output, self._take_blank())
            return self._pass_markup(source, output, piece)
        return self._end(source, output)

    def _pass_markup(self, source: Source, output: Output, piece: str) -> Next:
        self._write(source, output, len(piece))
        self._is_passing = source.is_inside_line
        self._is_last_line = self._is_last_line and self._is_passing
        return Move.STAY

    def _reopens(self, inner: Fence) -> bool:
        return bool(inner.info) and not fences.is_remark(inner.info)

    def _pass_blank(self, source: Source, output: Output, piece: str) -> Next:
        """Up to its line break, the line in which the page ends is the page's."""
        if not piece.endswith("\n") and len(piece) < _LONG_BLANK and not source.is_whole:
            return Move.WAIT
        self._blank.append(source.take(len(piece)))
        if self._is_last_line and piece.endswith("\n"):
            self._file.write(output, self._take_blank())
            self._is_last_line = False
        return Move.STAY

    def _take_blank(self) -> str:
        blank, self._blank = "".join(self._blank), []
        return blank

    def _end(self, source: Source, output: Output) -> Next:
        self._file.close(output, complete=True)
        output.add_prose(self._take_blank())
        source.skip(0)
        output.owes_fence = self._fence is not None or source.piece.lstrip().startswith("```")
        return Move.BACK


def _begins_anew(piece: str) -> bool:
    """Another page, reasoning, or a tag that is no markup."""
    start = piece.lstrip().lower()
    return bool(PAGE.match(start)) or start.startswith(_NO_MARKUP)


class CodeBlock(Mode):
    """Code that stays prose, fence lines and all."""

    @property
    def is_open(self) -> bool:
        return False

    def __init__(self, fence: Fence, language: str) -> None:
        self._fence = fence
        self._language = language
        self._text: list[str] = []  # of a style sheet or script, which a page may yet name
        self._room = LONGEST_RESERVE if language in ("css", "javascript") else -1

    def step(self, source: Source, output: Output) -> Next:
        line = line_of(source, output.previous)
        if line.is_start and not line.is_whole and fences.may_be_fence(line.piece):
            return Move.WAIT
        if tag := find_lone_end(line):
            output.add_prose(source.rest[: tag.start()])
            source.skip(tag.end())
            return Move.WITHDRAW
        inner = fences.read_inner(line.piece) if line.is_start and line.is_whole else None
        held = 0 if line.is_whole else may_end(line.piece)
        text = source.take(len(line.piece) - held)
        output.add_prose(text)
        if self._fence.matches(inner) and inner and not inner.info:
            self._reserve(output)
            return Move.BACK
        self._keep(self._fence.dedent(text) if line.is_start else text)
        return Move.WAIT if held else Move.STAY

    def _keep(self, text: str) -> None:
        self._room -= len(text)
        if self._room >= 0:
            self._text.append(text)

    def _reserve(self, output: Output) -> None:
        output.is_program = False
        if self._room >= 0:
            output.reserve[self._language] = "".join(self._text)


class TaggedBlock(Mode):
    """A file up to an end tag, wherever on a line that stands."""

    def __init__(self, output: Output, name: Name, end: str) -> None:
        self._file = FileWriter(output, name)
        self._end = end.lower()

    def close(self, output: Output) -> None:
        self._file.close(output)

    def step(self, source: Source, output: Output) -> Next:
        end = source.rest.lower().find(self._end)
        if end >= 0:
            self._take(source, output, end)
            source.skip(len(self._end))
            self._file.close(output, complete=True)
            return Move.BACK
        held = 0 if source.is_end else held_back(source.rest, self._end)
        self._take(source, output, len(source.rest) - held)
        return Move.WAIT

    def _take(self, source: Source, output: Output, length: int) -> None:
        text = source.take(length)
        self._file.scan(text)
        self._file.write(output, text)
