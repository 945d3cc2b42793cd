from dataclasses import dataclass, field, replace

from playground.artifacts.files import mime_type
from playground.host.rendering.building import module_of
from playground.host.rendering.kinds import extension, page_of
from playground.host.rendering.page import Collected, Page
from playground.host.rendering.requests import Use
from playground.host.rewriting import (
    Addresses,
    HtmlRewriter,
    ImportNames,
    Pipeline,
    Transformer,
    rewrite_css,
    rewrite_javascript,
)

_JAVASCRIPT = "text/javascript; charset=utf-8"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Context:
    """What rewriting needs to know beside the file. `names`: what the page's own import maps answer for."""

    addresses: Addresses
    prelude: str
    names: ImportNames = field(default_factory=ImportNames)


class Rendering:
    """A file becoming what is served, as its text comes in. `is_whole`: nothing of the file's text is needed."""

    def __init__(self, stages: Transformer, *, before: str = "", after: str = "", is_whole: bool = False) -> None:
        self.is_whole = is_whole
        self._stages = stages
        self._before = before
        self._after = after

    def start(self) -> str:
        return self._before

    def feed(self, text: str) -> str:
        return self._stages.feed(text)

    def finish(self) -> str:
        return self._stages.finish() + self._after


class _Document:
    """The page around the file goes through the rewriter together with what the file became."""

    def __init__(self, page: Page, rewriter: HtmlRewriter) -> None:
        self._body = page.body() if page.body else None
        self._after = page.after
        self._rewriter = rewriter

    def feed(self, text: str) -> str:
        return self._rewriter.feed(self._body.feed(text)) if self._body else ""

    def finish(self) -> str:
        rest = self._body.finish() if self._body else ""
        return self._rewriter.feed(rest + self._after) + self._rewriter.finish()


def open_rendering(path: str, use: Use, context: Context) -> Rendering | None:
    """None for a file that is served as it is."""
    context = replace(context, addresses=replace(context.addresses, root="../" * path.count("/") or "./"))
    if use is Use.PAGE:
        return _open_page(path, context)
    kind = extension(path)
    addresses, names = context.addresses, context.names
    convert = module_of(path) if use is Use.MODULE else None
    if convert:
        return Rendering(Pipeline(Collected(convert), rewrite_javascript(addresses, names, is_module=True)))
    if kind in ("js", "mjs", "jsx", "tsx", "ts", "mts"):
        return Rendering(rewrite_javascript(addresses, names, is_module=True))
    if kind == "css":
        return Rendering(rewrite_css(addresses))
    if kind == "vue":
        names.add("vue")  # the page that loads it has it
        return Rendering(HtmlRewriter(addresses, "", names=names, is_module=True))
    return Rendering(HtmlRewriter(addresses, "")) if kind in ("html", "htm") else None


def is_module(path: str) -> bool:
    """Whether the file becomes something else where a script imports it."""
    return module_of(path) is not None


def content_type(path: str, use: Use) -> str:
    if use is Use.PAGE:
        return _HTML
    return _JAVASCRIPT if use is Use.MODULE and module_of(path) else mime_type(path)


def _open_page(path: str, context: Context) -> Rendering:
    page = page_of(path)
    rewriter = HtmlRewriter(context.addresses, context.prelude)
    before = rewriter.feed(page.before)
    return Rendering(_Document(page, rewriter), before=before, is_whole=page.body is None)
