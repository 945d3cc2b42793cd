"""JSX, TypeScript, and what bundlers let a script import, as JavaScript for browsers."""

import json
import re
from collections.abc import Callable
from typing import get_args

from playground.host.rendering.kinds import extension
from playground.shelf.esbuild import BuildFailed, Loader, transform

BUILT: dict[str, Loader] = {"jsx": "jsx", "tsx": "tsx", "ts": "ts", "mts": "ts"}
assert set(BUILT.values()) <= set(get_args(Loader.__value__))
_COMPONENT = re.compile(r"^(?:async\s+)?(?:function|const|let|var|class)\s+App\b", re.MULTILINE)
_HAS_DEFAULT = re.compile(r"\bexport\s+default\b|\bas\s+default\b")
_MOUNTS = re.compile(r"\b(?:createRoot|hydrateRoot|ReactDOM\.render)\s*\(")
_STYLE = """const text = {text};
document.head.append(Object.assign(document.createElement("style"), {{ textContent: text }}));
export default text;
"""
# One line, so that the error can be thrown where it is in the source.
_FAILURE = (
    "{{ const box = document.createElement('pre'); box.textContent = {text}; "
    "box.style.cssText = 'margin:0;padding:16px;white-space:pre-wrap;font:13px/1.5 ui-monospace,monospace;"
    "color:#8a1c1c;background:#fdf1f0;border-block-end:1px solid #e6b8b4'; "
    "(document.body ?? document.documentElement).prepend(box); }}"
)


def module_of(path: str) -> Callable[[str], str] | None:
    """What makes a module of the file's text; None where it is one, or cannot become one."""
    kind = extension(path)
    if kind in BUILT:
        return lambda text: _build(path, text)
    if kind == "css":
        return lambda text: _STYLE.format(text=json.dumps(text))
    return _build_json if kind == "json" else None


def _build(path: str, text: str) -> str:
    try:
        return transform(_with_default(text), BUILT[extension(path)])
    except BuildFailed as failure:
        return failing_module(path, failure)


def _build_json(text: str) -> str:
    try:
        return f"export default {json.dumps(json.loads(text))};\n"
    except (ValueError, RecursionError) as error:
        return failing_module("JSON", BuildFailed(str(error)))


def _with_default(text: str) -> str:
    """A component called App that was not exported is what the file is about."""
    if _HAS_DEFAULT.search(text) or _MOUNTS.search(text) or not _COMPONENT.search(text):
        return text
    return f"{text}\nexport default App;\n"


def failing_module(path: str, failure: BuildFailed) -> str:
    """A module that shows what is wrong, and throws at the line and column where it is."""
    place = f"{path}:{failure.line}:{failure.column + 1}" if failure.line else path
    text = json.dumps(f"{place}: {failure.message}")
    show = _FAILURE.format(text=text)
    if failure.line <= 1:
        return f"{show}throw new SyntaxError({text});\n"
    return f"{show}{'\n' * (failure.line - 1)}{' ' * failure.column}throw new SyntaxError({text});\n"
