"""A small shelf for the tests of the rewriter, which knows two CDNs."""

import re
from collections.abc import Mapping

from playground.host.rewriting import Addresses, ImportNames, Pipeline, Transformer, rewrite_css, rewrite_javascript
from playground.host.rewriting.html import HtmlRewriter

SHELF = "http://shelf.test"
PRELUDE = "<script>/*prelude*/</script>"
_CDN = re.compile(r"(?:https?:)?//(unpkg\.com|fonts\.googleapis\.com)(?=[/?#]|$)(.*)", re.IGNORECASE | re.DOTALL)
_PACKAGE = re.compile(r"((?:@[\w.-]+/)?[a-z][\w.-]*)(/.*)?")


def shelf_path(url: str, pins: Mapping[str, str]) -> str | None:
    found = _CDN.fullmatch(url)
    if not found:
        return None
    host, path = found[1].lower(), found[2]
    for name, version in pins.items():
        if path.startswith(f"/{name}"):
            return f"/npm/{name.rpartition('@')[0]}@{version}{path.removeprefix(f'/{name}')}"
    return f"/web/{host}{path or '/'}"


def bare_path(specifier: str, pins: Mapping[str, str]) -> str | None:
    found = _PACKAGE.fullmatch(specifier)
    if not found:
        return None
    version = pins.get(f"{found[1]}@latest", "latest")
    return f"/esm/{found[1]}@{version}{found[2] or ''}"


def addresses(**pins: str) -> Addresses:
    pinned = {name.replace("_", "@"): version for name, version in pins.items()}
    start = re.compile(r"(?:https?:)?//(?:unpkg\.com|fonts\.googleapis\.com)", re.IGNORECASE)
    return Addresses(SHELF, shelf_path, bare_path, start, pinned, root="../")


def html(*names: str) -> HtmlRewriter:
    known = ImportNames()
    known.add(*names)
    return HtmlRewriter(addresses(), PRELUDE, names=known)


def css() -> Transformer:
    return rewrite_css(addresses())


def module(*names: str) -> Pipeline:
    return _javascript(names, is_module=True)


def classic() -> Pipeline:
    return _javascript((), is_module=False)


def _javascript(names: tuple[str, ...], *, is_module: bool) -> Pipeline:
    known = ImportNames()
    known.add(*names)
    return rewrite_javascript(addresses(), known, is_module=is_module)


def whole(transformer: Transformer, text: str) -> str:
    return transformer.feed(text) + transformer.finish()
