"""Which renderer shows which file."""

from collections.abc import Callable

from playground.host.rendering.markdown import render_markdown
from playground.host.rendering.markup import render_html, render_svg
from playground.host.rendering.mermaid import render_mermaid
from playground.host.rendering.page import Page
from playground.host.rendering.python import render_python
from playground.host.rendering.react import render_react
from playground.host.rendering.script import render_script
from playground.host.rendering.stylesheet import render_stylesheet
from playground.host.rendering.table import render_csv, render_json
from playground.host.rendering.vue import render_vue

_RENDERERS: dict[str, Callable[[str], Page]] = {
    "html": render_html,
    "htm": render_html,
    "svg": render_svg,
    "md": render_markdown,
    "markdown": render_markdown,
    "mmd": render_mermaid,
    "mermaid": render_mermaid,
    "jsx": render_react,
    "tsx": render_react,
    "vue": render_vue,
    "js": render_script,
    "mjs": render_script,
    "ts": render_script,
    "css": render_stylesheet,
    "json": render_json,
    "csv": render_csv,
    "tsv": render_csv,
    "py": render_python,
}


def extension(path: str) -> str:
    return path.rpartition(".")[2].lower()


def has_page(path: str) -> bool:
    return extension(path) in _RENDERERS


def page_of(path: str) -> Page:
    """The page is beside its file: it names it without the folder."""
    return _RENDERERS[extension(path)](path.rpartition("/")[2])
