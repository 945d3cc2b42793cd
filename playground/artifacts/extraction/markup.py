import re

from agents.paths import clean_path

_TOKEN = re.compile(r"<(/?)(script|style|textarea|pre|html|head|body|svg)(?![a-z])|<!--|-->", re.IGNORECASE)
_LONGEST = len("</textarea>")
_RAW = ("script", "style", "textarea", "pre")
_REFERENCE = re.compile(r"""<(?:link|script)\b[^<>]{0,500}?\b(?:href|src)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_HEAD = 65_536  # characters of a page in which references are looked for


class MarkupScanner:
    """Follows a page's text: which elements it has, whether a mark in it is its own text, and where it ends."""

    def __init__(self, root: str = "html") -> None:
        self.has_ended = False
        self.elements: set[str] = set()  # the raw elements seen
        self._root = root
        self._depth = 0  # of pictures inside a picture
        self._inside: str | None = None  # the raw element, or "!--" for a comment
        self._is_ending = False  # inside the root's end tag
        self._tail = ""
        self._head: list[str] = []
        self._head_length = 0
        self._found: list[str] | None = None  # the addresses in it

    @property
    def is_raw(self) -> bool:
        return self._inside is not None

    def feed(self, text: str) -> int:
        """How much of `text` belongs to the page: all, or up to the end of its root's end tag."""
        self._remember(text)
        if self.has_ended:
            return len(text)
        before = len(self._tail)
        known = self._tail + text
        read = 0 if not self._is_ending else before
        while not self._is_ending and (token := _TOKEN.search(known, read)):
            self._read(token)
            read = token.end()
        self._tail = "" if self._is_ending else known[max(read, len(known) - _LONGEST + 1) :]
        return self._find_end(known, read, before) if self._is_ending else len(text)

    def _find_end(self, known: str, read: int, before: int) -> int:
        end = known.find(">", read)
        self.has_ended = end >= 0
        return end + 1 - before if self.has_ended else len(known) - before

    def references(self, extension: str) -> list[str]:
        """The files of this kind that the page names, in order."""
        if self._found is None:
            self._found = _REFERENCE.findall("".join(self._head))
        paths = (clean_path(address) for address in self._found if address.endswith(extension))
        return [path for path in paths if path]

    def _remember(self, text: str) -> None:
        if self._head_length < _HEAD:
            self._head.append(text)
            self._found = None
            self._head_length += len(text)

    def _read(self, token: re.Match[str]) -> None:
        word = token[0].lower()
        name = (token[2] or "").lower()
        if self._inside == "!--":
            self._inside = None if word == "-->" else "!--"
        elif self._inside:
            self._inside = None if word == f"</{self._inside}" else self._inside
        elif word == "<!--":
            self._inside = "!--"
        elif name == self._root:
            self._read_root(is_end=bool(token[1]))
        elif name in _RAW and not token[1]:
            self._inside = name
            self.elements.add(name)

    def _read_root(self, *, is_end: bool) -> None:
        self._depth += -1 if is_end else 1
        self._is_ending = is_end and (self._depth <= 0 or self._root != "svg")
