from collections.abc import Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from playground.host.rendering.mermaid import DIAGRAM, DRAW
from playground.host.rendering.page import Collected, Page, head

_HIGHLIGHT = """<link rel="stylesheet" href="https://cdn.jsdelivr.net/npm/@highlightjs/cdn-assets@11/styles/github.min.css">
<script src="https://cdn.jsdelivr.net/npm/@highlightjs/cdn-assets@11/highlight.min.js"></script>
<script>window.hljs?.highlightAll()</script>
"""


def render_markdown(name: str) -> Page:
    return Page(f"{head(name, is_for_reading=True)}</head><body>\n", lambda: Collected(_convert), "</body></html>")


def _convert(text: str) -> str:
    """Libraries are asked for only where the text needs them."""
    body: str = _parser().render(text)
    highlighting = _HIGHLIGHT if '<code class="language-' in body else ""
    return body + highlighting + (DRAW if DIAGRAM in body else "")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}, renderer_cls=_Renderer).enable(["table", "strikethrough"])


class _Renderer(RendererHTML):
    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if tokens[idx].info.strip().lower() != "mermaid":
            return super().fence(tokens, idx, options, env)
        return f"{DIAGRAM}{escape(tokens[idx].content)}</pre>\n"
