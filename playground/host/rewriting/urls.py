import re

from playground.host.rewriting.addresses import Addresses
from playground.host.rewriting.transformer import Scanner

LONGEST = 2048  # characters of an address
_ENDS = r"\s\"'`<>\\(){}\[\]"
_START = re.compile(r"https?://|//", re.IGNORECASE)
_PARTIAL_START = re.compile(r"(?:h(?:t(?:t(?:p(?:s?(?::/?)?)?)?)?)?|/)\Z", re.IGNORECASE)
_ADDRESS = re.compile(rf"(?:https?:)?//(?:[^{_ENDS}*]|\*(?!/)){{0,{LONGEST}}}+", re.IGNORECASE)
_END = re.compile(rf"[{_ENDS}*]")
_ROOM = LONGEST + len("https://") + 1


class UrlRewriter(Scanner):
    """Puts the shelf's address in the place of every CDN's, whatever the language of the text.

    An address without a scheme counts only after one of `relative_after`: elsewhere, two slashes begin a comment.
    `before` is the character that stood before the text.
    """

    def __init__(self, addresses: Addresses, *, relative_after: str = "\"'`", before: str = "") -> None:
        super().__init__()
        self._addresses = addresses
        self._relative_after = relative_after
        self._before = before

    def _step(self, text: str, at: int, is_end: bool) -> int:
        start = _START.search(text, at)
        stop = start.start() if start else len(text) if is_end else _settled(text, at)
        if stop > at:
            self._pass(text[at:stop])
            return stop
        return self._take(text, at, is_end) if start else at

    def _take(self, text: str, at: int, is_end: bool) -> int:
        address = _ADDRESS.match(text, at)
        assert address
        if address.end() == len(text) and not is_end:
            return self._hold(at, _END, _ROOM)
        url = address[0].rstrip(".,;")
        is_prefix = text.startswith("{", address.end()) and url.endswith("$")  # `…/three@${version}/…`
        url = url.removesuffix("$") if is_prefix else url
        found = self._addresses.find_url(url, is_prefix=is_prefix) if self._may_begin(url) else None
        self._pass((found or url) + address[0][len(url) :])
        return address.end()

    def _may_begin(self, url: str) -> bool:
        return not url.startswith("//") or (bool(self._before) and self._before in self._relative_after)

    def _pass(self, text: str) -> None:
        self._out.append(text)
        self._before = text[-1]


def _settled(text: str, at: int) -> int:
    """Up to where no address can have begun."""
    partial = _PARTIAL_START.search(text, max(at, len(text) - len("https:/")))
    return partial.start() if partial else len(text)
