"""Which names a CommonJS module exports, read from its text. Pure.

Nothing is run, so this is a guess, and a generous one: a name too many is an export that is undefined, a name too few
is a page that does not start.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

_ASSIGNED = re.compile(r"\b(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=(?!=)")
_DEFINED = re.compile(r"defineProperty\(\s*(?:module\.)?exports\s*,\s*[\"']([A-Za-z_$][\w$]*)[\"']")
_GETTERS = re.compile(r"__export\(\s*\w+\s*,\s*\{(.*?)\n?\}\)", re.DOTALL)
_GETTER = re.compile(r"([A-Za-z_$][\w$]*)\s*:\s*(?:\(\)\s*=>|function)")
_LITERAL = re.compile(r"\bmodule\.exports\s*=\s*\{([^{}]*)\}")
_KEY = re.compile(r"(?:^|,)\s*(?:\.\.\.[^,]*|[\"']?([A-Za-z_$][\w$]*)[\"']?\s*(?=[,:(]|$))", re.MULTILINE)
_PROPERTY = re.compile(r"\b[\w$]+\.([A-Za-z_$][\w$]*)\s*=(?!=)")
_REEXPORT = re.compile(
    r"module\.exports\s*=\s*require\(|__exportStar\(\s*require|Object\.keys\(\w+\)\.forEach|__reExport\("
    r"|=\s*\w*\(?require\([^)]*\)\)?;?\s*module\.exports"
)
_WHOLE = re.compile(r"\bmodule\.exports\s*=(?!\s*\{)|\.exports\s*=\s*\w+\s*\(|define\.amd")
MOST = 3000
_DEEPEST = 6


def find_names(entry: str, inputs: Mapping[str, Any], read: Callable[[str], str]) -> list[str]:
    """Names for `entry`, a key of the inputs of esbuild's metafile; follows what it hands on."""
    found: set[str] = set()
    _collect(entry, inputs, read, found, set(), 0)
    return sorted(found - {"default", "__esModule"})[:MOST]


def external_star(entry: str, inputs: Mapping[str, Any], read: Callable[[str], str]) -> list[str]:
    """Other packages that `entry` hands on as a whole."""
    if not _REEXPORT.search(read(entry)):
        return []
    return [item["path"] for item in inputs[entry]["imports"] if item.get("external")]


def _collect(
    entry: str, inputs: Mapping[str, Any], read: Callable[[str], str], found: set[str], seen: set[str], depth: int
) -> None:
    if entry in seen or depth > _DEEPEST or entry not in inputs:
        return
    seen.add(entry)
    text = read(entry)
    found |= _names_in(text)
    if _REEXPORT.search(text):
        for item in inputs[entry]["imports"]:
            if not item.get("external"):
                _collect(item["path"], inputs, read, found, seen, depth + 1)


def _names_in(text: str) -> set[str]:
    names = {*_ASSIGNED.findall(text), *_DEFINED.findall(text)}
    for block in _GETTERS.findall(text):
        names |= set(_GETTER.findall(block))
    for block in _LITERAL.findall(text):
        names |= {name for name in _KEY.findall(block) if name}
    if _WHOLE.search(text):  # a function or an object made elsewhere: its properties are set somewhere in the text
        names |= set(_PROPERTY.findall(text))
    return names
