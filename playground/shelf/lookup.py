"""Which file of a package a path means. Pure.

Other CDNs lay the files out in their own ways, and models guess; so what is not there literally is looked for by name.
"""

import difflib
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from playground.shelf.manifests import Manifest, main_file

# Where packages keep what is meant for pages; the better first.
_FOLDERS = ("dist", "build", "lib", "umd", "css", "js", "min", "bundles", "")
_NOT_FOR_PAGES = frozenset({"cjs", "node", "server", "commonjs"})
_SIMILAR = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    path: str
    is_guess: bool = False  # another file than the one that was asked for


def find_file(files: Collection[str], manifest: Manifest, path: str) -> Found | None:
    path = posixpath.normpath(path.split("?")[0]).strip("/") if path else ""
    if path in ("", "."):
        entry = main_file(manifest, files)
        return Found(entry) if entry else None
    for candidate in _spellings(path, manifest):
        if candidate in files:
            return Found(candidate)
    return _find_by_name(files, path) or _find_similar(files, path)


def _spellings(path: str, manifest: Manifest) -> Iterator[str]:
    yield path
    yield from (f"{path}{end}" for end in (".js", ".mjs", ".cjs", ".css", ".json"))
    yield from (f"{path}/{index}" for index in ("index.js", "index.mjs", "index.css", "index.html"))
    yield from _twins(path)
    without_folder = path.partition("/")[2]
    if without_folder:
        yield without_folder
        yield from _twins(without_folder)


def _twins(path: str) -> Iterator[str]:
    """`a.min.js` for `a.js` and the other way round; `.cjs` and `.mjs` for `.js`."""
    stem, dot, end = path.rpartition(".")
    if not dot:
        return
    yield f"{stem[:-4]}.{end}" if stem.endswith(".min") else f"{stem}.min.{end}"
    if end in ("js", "mjs", "cjs"):
        yield from (f"{stem}.{other}" for other in ("js", "mjs", "cjs") if other != end)


def _find_by_name(files: Collection[str], path: str) -> Found | None:
    """The same base name elsewhere: `three.min.js` is `build/three.min.js`."""
    name = posixpath.basename(path)
    for wanted in (name, *_twins(name)):
        named = (file for file in files if posixpath.basename(file).lower() == wanted.lower())
        same = [file for file in named if _is_for_pages(file, path)]
        if same:
            return Found(min(same, key=lambda file: _rank(file, path)))
    return None


def _is_for_pages(file: str, path: str) -> bool:
    """What is in a folder for Node or for bundlers does not stand in for a script of pages."""
    return not any(folder in _NOT_FOR_PAGES and folder not in path.split("/") for folder in file.split("/")[:-1])


def _rank(file: str, path: str) -> tuple[int, int, int, str]:
    """Shares of the asked path's end count most, then well-known folders, then what lies higher."""
    folder = file.partition("/")[0] if "/" in file else ""
    known = _FOLDERS.index(folder) if folder in _FOLDERS else len(_FOLDERS)
    return (-_shared_end(file, path), known, file.count("/"), file)


def _shared_end(file: str, path: str) -> int:
    count = 0
    for ours, theirs in zip(reversed(file.split("/")), reversed(path.split("/")), strict=False):
        if ours.lower() != theirs.lower():
            break
        count += 1
    return count


def _find_similar(files: Collection[str], path: str) -> Found | None:
    """For a name that does not exist: the most similar of the same type, if it is similar enough."""
    name, end = posixpath.basename(path), posixpath.splitext(path)[1]
    same_type = [file for file in files if end and file.endswith(end) and _is_for_pages(file, path)]
    plain = {re.sub(r"\.min(?=\.)", "", posixpath.basename(file)): file for file in sorted(same_type, reverse=True)}
    close = difflib.get_close_matches(re.sub(r"\.min(?=\.)", "", name), plain, 1, _SIMILAR)
    return Found(plain[close[0]], is_guess=True) if close else None
