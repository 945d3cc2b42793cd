"""Fence lines: ``` and ~~~ of any length, indented, in lists and quotes."""

import re
from dataclasses import dataclass

from playground.artifacts.extraction.names import KNOWN, read_info

LONGEST = 400  # a line that begins like a fence but is longer is text

_PREFIX = r"(?P<quote>(?:[ \t]*>)*+)(?P<indent>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)"
_OPENING = re.compile(_PREFIX + r"(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*)")
_START = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])?[ \t]+)*(?P<marks>`+|~+|:+|)")
_CLOSING = re.compile(r"(?P<quote>(?:[ \t]*>)*)[ \t]*(?P<marks>`{3,}|~{3,}|:{3,})(?P<info>[^\n]*)")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_CODE = re.compile(r"<(?:!doctype|html|svg|\?xml|!--)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fence:
    marks: str
    info: str = ""
    indent: int = 0
    quotes: int = 0

    @property
    def code(self) -> str:
        """Code that begins on the fence line itself."""
        found = _CODE.search(self.info)
        return self.info[found.start() :] if found else ""

    def read_info(self) -> tuple[str, str | None]:
        return read_info(self.info.removesuffix(self.code) if self.code else self.info)

    def dedent(self, line: str) -> str:
        """The line without the quote's marks and the list's indent."""
        for _ in range(self.quotes):
            mark = _QUOTE.match(line)
            line = line[mark.end() :] if mark else line
        return line[min(self.indent, len(line) - len(line.lstrip(" \t"))) :] if self.indent else line

    def matches(self, other: "Fence | None") -> bool:
        """Whether `other` is a fence of this block's kind and not shorter: what is, opens or closes."""
        return other is not None and other.marks[0] == self.marks[0] and len(other.marks) >= len(self.marks)


def read_opening(line: str) -> Fence | None:
    match = _OPENING.fullmatch(line.rstrip("\n")) if len(line) <= LONGEST else None
    if match is None or "`" in match["info"]:
        return None
    quotes = match["quote"].count(">")
    indent = len(match["indent"]) - (1 if quotes and match["indent"] else 0)  # the space belongs to the mark
    return Fence(match["marks"], match["info"], indent, quotes)


def read_inner(line: str) -> Fence | None:
    """A fence line inside a block: it may close it, or open a block of the file's own text."""
    match = _CLOSING.fullmatch(line.rstrip("\n")) if len(line) <= LONGEST else None
    return Fence(match["marks"], match["info"].strip()) if match else None


def may_be_fence(start: str) -> bool:
    """Whether a line that begins like this may become a fence."""
    match = _START.match(start)
    assert match
    is_open = match.end() == len(start) or len(match["marks"]) >= 3
    return is_open and len(start) <= LONGEST


def opens_inside_line(info: str) -> bool:
    """Whether a fence behind other text opens a block: only if it says which language or file."""
    language, path = read_info(info)
    return "`" not in info and (path is not None or language in KNOWN) and len(info.split()) <= 2


def is_remark(info: str) -> bool:
    """Words behind a closing fence, which are no info string."""
    words = info.split()
    language, path = read_info(info)
    return len(words) > 1 and path is None and language not in KNOWN and not re.search(r"[={]", info)
