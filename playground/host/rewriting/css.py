import re

from playground.host.rewriting.addresses import Addresses
from playground.host.rewriting.transformer import Pipeline, Scanner
from playground.host.rewriting.urls import UrlRewriter

_OPENING = re.compile(r"(?:url\(\s{0,8}[\"']?|@import\s{1,8}[\"'])/", re.IGNORECASE)
_LONGEST = len("@import") + 8 + len('"/')  # characters of an opening


class OwnUrlRewriter(Scanner):
    """Makes `url(/picture.png)` and `@import "/look.css"` relative to the top of the version."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__()
        self._addresses = addresses

    def _step(self, text: str, at: int, is_end: bool) -> int:
        opening = _OPENING.search(text, at)
        settled = len(text) if is_end else max(at, len(text) - _LONGEST)
        if not opening or opening.end() > settled:
            stop = min(settled, opening.start()) if opening else settled
            self._out.append(text[at:stop])
            return stop
        after = opening.end()
        own = self._addresses.find_own(f"/{text[after : after + 1]}")
        self._out.append(text[at:after] if own is None else f"{text[at : after - 1]}{self._addresses.root}")
        return after


def rewrite_css(addresses: Addresses) -> Pipeline:
    return Pipeline(UrlRewriter(addresses, relative_after="\"'("), OwnUrlRewriter(addresses))
