from html import escape

from playground.host.rendering.page import Collected, Page, head

DIAGRAM = '<pre class="mermaid">'
DRAW = """<style>pre.mermaid { background: none; text-align: center }</style>
<script type="module">
import mermaid from "https://cdn.jsdelivr.net/npm/mermaid@11/dist/mermaid.esm.min.mjs";
const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
mermaid.initialize({ startOnLoad: false, theme: isDark ? "dark" : "default" });
await mermaid.run();
</script>
"""


def render_mermaid(name: str) -> Page:
    return Page(f"{head(name, is_for_reading=True)}</head><body>\n", lambda: Collected(_convert), "</body></html>")


def _convert(text: str) -> str:
    return f"{DIAGRAM}{escape(text)}</pre>\n{DRAW}"
