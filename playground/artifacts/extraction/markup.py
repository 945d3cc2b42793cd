import re

_TOKEN = re.compile(r"<(/?)(script|style|textarea|pre|html|svg)|<!--|-->", re.IGNORECASE)
_LONGEST = len("</textarea")
_RAW = ("script", "style", "textarea", "pre")
_REFERENCE = re.compile(r"""<(?:link|script)\b[^>]*?\b(?:href|src)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_HEAD = 65_536  # characters of a page in which references are looked for


class MarkupScanner:
    """Follows a page's text: whether it is inside an element whose content is no markup, and whether it has ended."""

    def __init__(self, root: str = "html") -> None:
        self.has_ended = False
        self.elements: set[str] = set()  # the raw elements seen
        self._root = root
        self._inside: str | None = None  # the raw element, or "!--" for a comment
        self._tail = ""
        self._head: list[str] = []
        self._head_length = 0

    @property
    def is_raw(self) -> bool:
        """A fence here is the page's own text."""
        return self._inside is not None

    def feed(self, text: str) -> None:
        self._remember(text)
        text = self._tail + text
        read = 0
        for token in _TOKEN.finditer(text):
            self._read(token)
            read = token.end()
        self._tail = text[max(read, len(text) - _LONGEST + 1) :]

    def references(self, extension: str) -> list[str]:
        """The relative addresses with this extension that the page names, in order."""
        found = _REFERENCE.findall("".join(self._head))
        return [address for address in found if address.endswith(extension) and "//" not in address]

    def _remember(self, text: str) -> None:
        if self._head_length < _HEAD:
            self._head.append(text)
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
        elif token[1]:
            self.has_ended = self.has_ended or name == self._root
        elif name in _RAW:
            self._inside = name
            self.elements.add(name)
