"""What a renderer gives: the page around a file, and what becomes of the file's text in it."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from playground.host.rewriting import Transformer

_HEAD = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
"""
_READING = """<style>
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem;
  color: light-dark(#22201c, #e6e2da); background: light-dark(#fff, #161616) }
pre, code { font-family: ui-monospace, monospace; font-size: .92em }
pre { overflow: auto; padding: .9rem 1rem; border-radius: 6px; background: light-dark(#f4f2ee, #222) }
table { border-collapse: collapse; display: block; overflow: auto; font-variant-numeric: tabular-nums }
th, td { padding: .35rem .7rem; border: 1px solid light-dark(#dcd8d0, #3a3a3a); text-align: left; vertical-align: top }
th { background: light-dark(#f4f2ee, #222) }
img, svg, video { max-width: 100% }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid light-dark(#dcd8d0, #3a3a3a) }
</style>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """`before` is sent at once. Without a `body`, the page is whole and loads the file by itself."""

    before: str
    body: Callable[[], Transformer] | None = None
    after: str = ""


class Passed:
    """The text is itself a part of the page."""

    def feed(self, text: str) -> str:
        return text

    def finish(self) -> str:
        return ""


class Collected:
    """The text is converted when it is there as a whole."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        self._convert = convert
        self._parts: list[str] = []

    def feed(self, text: str) -> str:
        self._parts.append(text)
        return ""

    def finish(self) -> str:
        return self._convert("".join(self._parts))


def head(name: str, *, is_for_reading: bool = False) -> str:
    """The beginning of a page about the file `name`, up to where more may be put into the head."""
    return _HEAD.format(title=escape(name)) + (_READING if is_for_reading else "")
