import re
from dataclasses import dataclass, field

from playground.artifacts.extraction.markup import MarkupScanner
from playground.artifacts.extraction.names import (
    language_of,
    normal_language,
    read_comment,
    read_heading,
    read_info,
)
from playground.protocol import FileClosed, FileDelta, FileOpened, ReasoningDelta, TextDelta

type Part = TextDelta | ReasoningDelta | FileOpened | FileDelta | FileClosed

HEAD = 600  # characters of an unnamed block that may be held back until it shows what it is
_HEAD_LINES = 8
_LONGEST_STRUCTURE = 400  # a line that begins like a fence but is longer is text

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})([^\n]*)")
_THINK_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_THINK_END_LONGEST = len("</thinking>")
_PAGE = re.compile(r"(?:\s|<!--.*?-->|<\?xml.*?\?>)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)
_SVG = re.compile(r"(?:\s|<!--.*?-->|<\?xml.*?\?>|<!doctype svg.*?>)*<svg[\s>]", re.IGNORECASE | re.DOTALL)
_FRAGMENT = re.compile(r"<(?:script|style|canvas|body|head|svg)[\s>]", re.IGNORECASE)
_MODULE = re.compile(r"^\s*(?:import|export)\s|^(?:function|const)\s+App\b", re.MULTILINE)
# What shows itself without a page around it, though nobody gave it a name: by language, what its head has and its name.
_LONE = {
    "vue": (re.compile(r"<(?:template|script)\b"), "App.vue"),
    "mermaid": (re.compile(r"\S"), "diagram.mmd"),
    "javascript": (re.compile(r"\bfunction\s+(?:setup|draw)\s*\(|\bcreateCanvas\s*\("), "sketch.js"),
}
_OPENERS = ("<!doctype html", "<html", "<svg", "<think>", "<thinking>")
# Extension, default name, and the element with which a page carries its own.
_COMPANIONS = {"css": (".css", "style.css", "style"), "javascript": (".js", "script.js", "script")}


@dataclass(slots=True)
class _Block:
    """An open block. `fence` is empty for a page that came without one; `path` is None for code that stays prose."""

    fence: str
    indent: int
    path: str | None = None
    scanner: MarkupScanner | None = None
    nested: int = 0
    blank: list[str] = field(default_factory=list)  # blank lines after the page's end, which may belong to either side

    @property
    def has_ended(self) -> bool:
        return self.scanner is not None and self.scanner.has_ended

    def closes(self, fence: re.Match[str] | None) -> bool:
        if fence is None or fence[3].strip():
            return False
        return not self.fence or (fence[2][0] == self.fence[0] and len(fence[2]) >= len(self.fence))


@dataclass(slots=True)
class _Head:
    """A fence whose block has not yet shown what it is: all text since the fence line, and the fence line itself."""

    fence: re.Match[str]
    language: str
    line: str
    body: str = ""


class Extractor:
    def __init__(self) -> None:
        self._rest = ""  # not decided yet: at most a line
        self._is_inside_line = False  # the beginning of the present line has been passed on
        self._carriage = ""
        self._is_first = True
        self._block: _Block | None = None
        self._head: _Head | None = None
        self._is_thinking = False
        self._owes_fence = False  # a page ended before its fence did
        self._line = ""  # the present line of prose, then the last one with text
        self._last_line = ""
        self._page: MarkupScanner | None = None
        self._paths: set[str] = set()
        self._parts: list[Part] = []

    def feed(self, text: str) -> list[Part]:
        """The parts that `text` brings. Concatenated over all chunks they are the same for every chunking."""
        parts: list[Part] = []
        for line in _LINE.findall(self._normalise(text)):  # one by one, so that `_rest` stays short
            self._rest += line
            parts += self._drain(is_end=False)
        return parts

    def finish(self) -> list[Part]:
        """The answer is over. A file that is still open is closed, complete only if it is a page that has ended."""
        self._rest += "\n" if self._carriage else ""
        self._carriage = ""
        parts = self._drain(is_end=True)
        if self._head:
            self._settle_head(is_end=True)
            self._rest_of_head()
            self._drain_into(parts)
        if self._block and self._block.path:
            self._close_file(complete=self._block.has_ended)
        self._drain_into(parts)
        return parts

    # ------------------------------------------------------------------------------------ the machine

    def _drain(self, *, is_end: bool) -> list[Part]:
        while self._rest and self._step(is_end):
            pass
        parts, self._parts = self._parts, []
        return parts

    def _drain_into(self, parts: list[Part]) -> None:
        parts.extend(self._drain(is_end=True))

    def _step(self, is_end: bool) -> bool:
        """Take the next piece of `_rest`. False where more text is needed first."""
        if self._is_thinking:
            return self._step_thinking(is_end)
        if self._head:
            return self._step_head(is_end)
        end = self._rest.find("\n") + 1
        piece = self._rest[:end] if end else self._rest
        is_whole = bool(end) or is_end
        if self._block:
            return self._step_block(self._block, piece, is_whole)
        return self._step_prose(piece, is_whole)

    def _take(self, piece: str) -> None:
        self._rest = self._rest[len(piece) :]
        self._is_inside_line = not piece.endswith("\n")

    # ------------------------------------------------------------------------------------ reasoning

    def _step_thinking(self, is_end: bool) -> bool:
        end = _THINK_END.search(self._rest)
        if end:
            self._emit_reasoning(self._rest[: end.start()])
            self._rest = self._rest[end.end() :]
            self._is_thinking = self._is_inside_line = False
            return True
        held = 0 if is_end else _held_back(self._rest)
        self._emit_reasoning(self._rest[: len(self._rest) - held])
        self._rest = self._rest[len(self._rest) - held :]
        return False

    def _emit_reasoning(self, text: str) -> None:
        if text:
            self._parts.append(ReasoningDelta(text=text))

    # ---------------------------------------------------------------------------------------- prose

    def _step_prose(self, piece: str, is_whole: bool) -> bool:
        if not self._is_inside_line:
            if not is_whole and _may_be_structure(piece):
                return False
            if self._open_structure(piece, is_whole):
                return True
        return self._pass_prose(piece, is_whole)

    def _pass_prose(self, piece: str, is_whole: bool) -> bool:
        """Prose as it is, but for a lone `</think>`: what stood before it has gone out already."""
        if end := _THINK_END.search(piece):
            self._emit_prose(piece[: end.start()])
            self._take(piece[: end.end()])
            self._is_inside_line = False
            return True
        held = 0 if is_whole else _held_back(piece)
        if taken := piece[: len(piece) - held]:
            self._emit_prose(taken)
            self._take(taken)
        return not held

    def _emit_prose(self, text: str) -> None:
        if not text:
            return
        self._parts.append(TextDelta(text=text))
        self._line = (self._line + text)[:_LONGEST_STRUCTURE]
        if text.endswith("\n"):
            self._last_line = self._line if self._line.strip() else self._last_line
            self._line = ""

    def _open_structure(self, piece: str, is_whole: bool) -> bool:
        start = piece.lstrip().lower()
        if start.startswith(("<think>", "<thinking>")):
            self._rest = self._rest[self._rest.index(">") + 1 :]
            self._is_thinking = True
            return True
        if _PAGE.match(start):
            return self._open_file(_Block("", 0), "index.html", "html")
        if _SVG.match(start):
            return self._open_file(_Block("", 0), "image.svg", "svg")
        fence = _FENCE.fullmatch(piece.rstrip("\n")) if is_whole and len(piece) <= _LONGEST_STRUCTURE else None
        return self._open_fence(fence, piece) if fence and "`" not in fence[3] else False

    # --------------------------------------------------------------------------------------- fences

    def _open_fence(self, fence: re.Match[str], line: str) -> bool:
        self._take(line)
        if self._owes_fence and not fence[3].strip():
            self._owes_fence = False
            return True
        language, path = read_info(fence[3])
        path = path or read_heading(self._last_line, language)
        self._last_line = ""
        if path:
            return self._open_file(
                _Block(fence[2], len(fence[1])), path, normal_language(language) or language_of(path)
            )
        self._head = _Head(fence, language, line)
        return True

    def _step_head(self, is_end: bool) -> bool:
        """Collect an unnamed block's beginning, a line at a time, until it shows what it is."""
        assert self._head
        room = HEAD - len(self._head.body)
        end = self._rest.find("\n", 0, room) + 1
        if not end and len(self._rest) < room and not is_end:
            return False
        line = self._rest[: end or room]
        if _closing(self._head.fence, line):
            self._settle_head(is_end=True)
        else:
            self._rest = self._rest[len(line) :]
            self._head.body += line
            self._settle_head(is_end=len(self._head.body) >= HEAD)
        self._rest_of_head()
        return True

    def _settle_head(self, *, is_end: bool) -> None:
        """Open the file, or the code that stays prose, as soon as the head shows which."""
        assert self._head
        head = self._head
        block = _Block(head.fence[2], len(head.fence[1]))
        found = self._find_file(head, is_end)
        if found:
            self._open_file(block, *found)
        elif found is None and not is_end and head.body.count("\n") < _HEAD_LINES:
            return
        else:
            self._emit_prose(head.line)
            self._block = block

    def _rest_of_head(self) -> None:
        """Once settled, the head's text goes through the block like any other."""
        if self._head and self._block:
            self._rest = self._head.body + self._rest
            self._head = None
            self._is_inside_line = False

    def _find_file(self, head: _Head, is_end: bool) -> tuple[str, str] | tuple[()] | None:
        """Path and language; () for code that stays prose; None while undecided."""
        first, newline, _ = head.body.partition("\n")
        if (newline or is_end) and (path := read_comment(first, head.language)):
            return path, normal_language(head.language) or language_of(path)
        if _PAGE.match(head.body):
            return "index.html", "html"
        if _SVG.match(head.body):
            return "image.svg", "svg"
        language = normal_language(head.language)
        if language in _LONE and self._page is None and not self._paths:
            sign, path = _LONE[language]
            return (path, language) if sign.search(head.body) else None
        if language in _COMPANIONS:
            return self._find_companion(language) if newline or is_end else None
        return self._find_page(head, language)

    def _find_page(self, head: _Head, language: str) -> tuple[str, str] | tuple[()] | None:
        """As `_find_file`, for what may be a page, or the component that makes one."""
        if language == "html" and self._page is None:
            return ("index.html", "html") if _FRAGMENT.search(head.body) else None
        if language in ("jsx", "tsx") and self._page is None:
            return (f"App.{language}", language) if _MODULE.search(head.body) else None
        is_other = language not in ("html", "", "svg", "xml", "text", "plaintext", "txt", "markup")
        return () if is_other or (head.body.strip() and not head.body.lstrip().startswith("<")) else None

    def _find_companion(self, language: str) -> tuple[str, str] | tuple[()]:
        """A style sheet or script beside a page: called what the page calls it. Without a page it is a snippet."""
        extension, default, element = _COMPANIONS[language]
        if self._page is None:
            return ()
        named = [name for name in self._page.references(extension) if name.removeprefix("./") not in self._paths]
        if named:
            return (named[0].removeprefix("./"), language)
        has_own = any(path.endswith(extension) for path in self._paths)
        return () if has_own or element in self._page.elements else (default, language)

    # ---------------------------------------------------------------------------------------- blocks

    def _step_block(self, block: _Block, piece: str, is_whole: bool) -> bool:
        if self._is_inside_line:
            return self._pass_block(block, piece)
        if not is_whole and _may_be_fence(piece):
            return False
        fence = _FENCE.fullmatch(piece.rstrip("\n")) if is_whole and len(piece) <= _LONGEST_STRUCTURE else None
        if block.has_ended:
            return self._step_ended(block, piece, fence)
        if self._is_close(block, fence):
            return self._close_block(block, piece)
        return self._pass_block(block, _dedent(piece, block.indent), raw=piece)

    def _is_close(self, block: _Block, fence: re.Match[str] | None) -> bool:
        """Count fences of the file's own text: an inner one opens with an info string and closes without.

        In a page's script or style any fence is its own text: a template literal that holds Markdown.
        """
        if fence is None or (block.scanner and block.scanner.is_raw):
            return False
        if block.path and fence[3].strip():
            block.nested += 1
        elif block.nested:
            block.nested -= 1
        else:
            return block.closes(fence)
        return False

    def _pass_block(self, block: _Block, text: str, raw: str | None = None) -> bool:
        self._take(text if raw is None else raw)
        if block.path is None:
            self._emit_prose(text if raw is None else raw)
        elif text:
            self._parts.append(FileDelta(path=block.path, text=text))
            if block.scanner:
                block.scanner.feed(text)
        return True

    def _step_ended(self, block: _Block, piece: str, fence: re.Match[str] | None) -> bool:
        """After `</html>`: blank lines wait, markup still belongs to the page, anything else is prose again."""
        if not piece.strip():
            block.blank.append(piece)
            self._take(piece)
            return True
        if block.closes(fence) and block.fence:
            return self._close_block(block, piece)
        if piece.lstrip().startswith("<"):
            blank, block.blank = "".join(block.blank), []
            return self._pass_block(block, blank + _dedent(piece, block.indent), raw=piece)
        self._owes_fence = True
        blank = "".join(block.blank)
        self._close_file(complete=True)
        self._emit_prose(blank)
        return True

    def _close_block(self, block: _Block, piece: str) -> bool:
        self._take(piece)
        if block.path:
            self._close_file(complete=True)
        else:
            self._emit_prose(piece)
            self._block = None
        return True

    # ----------------------------------------------------------------------------------------- files

    def _open_file(self, block: _Block, path: str, language: str) -> bool:
        block.path = path
        if language in ("html", "svg"):
            block.scanner = MarkupScanner(language)
            self._page = block.scanner if language == "html" else self._page
        self._paths.add(path)
        self._block = block
        self._parts.append(FileOpened(path=path, language=language))
        return True

    def _close_file(self, *, complete: bool) -> None:
        assert self._block
        assert self._block.path
        self._parts.append(FileClosed(path=self._block.path, complete=complete))
        self._block = None

    def _normalise(self, text: str) -> str:
        """LF line ends, no byte order mark. A CR at a chunk's end waits for what follows it."""
        if self._is_first and text:
            self._is_first = False
            text = text.removeprefix("\ufeff")
        text = self._carriage + text
        self._carriage = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if self._carriage else text
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _may_be_structure(piece: str) -> bool:
    start = piece.lstrip().lower()
    if start.startswith("<"):
        return any(opener.startswith(start) for opener in _OPENERS) or _may_be_declaration(start)
    return _may_be_fence(piece)


def _may_be_declaration(start: str) -> bool:
    """`<!--…`, `<?xml…`: a page or a picture may follow."""
    return start.startswith(("<!doctype", "<html", "<svg")) and len(start) < 20 and ">" not in start


def _may_be_fence(piece: str) -> bool:
    start = piece.lstrip(" \t")
    if not start:
        return len(piece) < _LONGEST_STRUCTURE
    run = start[: len(start) - len(start.lstrip(start[0]))]
    return start[0] in "`~" and len(piece) < _LONGEST_STRUCTURE and (len(run) >= 3 or run == start)


def _closing(opening: re.Match[str], line: str) -> bool:
    fence = _FENCE.fullmatch(line.rstrip("\n"))
    return _Block(opening[2], 0).closes(fence)


def _dedent(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" \t"))) :] if indent else line


def _held_back(text: str) -> int:
    """How many characters at the end may be the beginning of `</think>` or `</thinking>`."""
    start = text.rfind("<", max(0, len(text) - _THINK_END_LONGEST))
    return len(text) - start if start >= 0 and "</thinking>".startswith(text[start:].lower()) else 0
