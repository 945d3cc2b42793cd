"""The files of a version: what they may be called, how large they may be, which of them is the page."""

import mimetypes
from collections.abc import Iterable, Mapping
from typing import TypedDict

from django.utils.translation import gettext as _

from agents.paths import clean_path
from playground.artifacts.blobs import put_blob, read_blob
from playground.errors import BadInput

MAX_FILES = 200
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_TOTAL_BYTES = 20 * 1024 * 1024

# What the platform's table lacks, or has wrong on some systems.
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".jsx": "text/plain",
    ".ts": "text/plain",
    ".tsx": "text/plain",
    ".vue": "text/plain",
    ".mts": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".mmd": "text/plain",
    ".mermaid": "text/plain",
    ".py": "text/x-python",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".glb": "model/gltf-binary",
}
# Which file of several is the page, by extension, best first.
_PAGES = (("html", "htm"), ("jsx", "tsx"), ("vue",), ("mmd", "mermaid"), ("svg",), ("md", "markdown"))
# Mostly beside a page; where there is none, they can be shown as well.
_OTHERS = (("py",), ("js", "mjs", "ts"), ("css",), ("csv", "tsv"), ("json",))
_TEXT = ("text/", "application/json", "application/xml", "application/javascript", "image/svg+xml")


class StoredFile(TypedDict):
    blob: str
    mime: str
    size: int  # bytes


def store_files(files: dict[str, bytes]) -> dict[str, StoredFile]:
    """Check names and sizes, store the contents, and return what a version keeps. Raises BadInput."""
    checked = {checked_path(path): content for path, content in files.items()}
    check_files({path: {"blob": "", "mime": "", "size": len(content)} for path, content in checked.items()})
    return {path: _store(path, content) for path, content in checked.items()}


def check_files(files: Mapping[str, StoredFile]) -> None:
    """Raises BadInput where they are none, too many or too large."""
    if not files:
        raise BadInput("no_files", _("There is no file to save."))
    if len(files) > MAX_FILES:
        raise BadInput("too_many_files", _("At most %(count)d files are possible.") % {"count": MAX_FILES})
    for path, file in files.items():
        if file["size"] > MAX_FILE_BYTES:
            details = {"path": path, **_megabytes(MAX_FILE_BYTES)}
            raise BadInput("too_large", _("“%(path)s” is too large: a file may have at most %(size)d MB.") % details)
    if sum(file["size"] for file in files.values()) > MAX_TOTAL_BYTES:
        raise BadInput("too_large", _("All files together may have at most %(size)d MB.") % _megabytes(MAX_TOTAL_BYTES))


def read_file(file: StoredFile) -> bytes:
    return read_blob(file["blob"])


def mime_type(path: str) -> str:
    """The content type to serve, with a charset for text."""
    suffix = "." + path.rpartition(".")[2].lower()
    mime = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{mime}; charset=utf-8" if mime.startswith(_TEXT) else mime


def is_text(file: StoredFile) -> bool:
    """Whether it holds text, as its type says: what people and models read and edit."""
    return file["mime"].startswith(_TEXT)


def is_page(path: str) -> bool:
    """Whether the file is meant to be looked at, so that it can be shown before the others are known."""
    return _rank(path) < len(_PAGES)


def choose_entry(paths: Iterable[str]) -> str:
    """The file that is the page: index.html, else the best kind, else the usual name nearest to the root."""
    return min(paths, key=lambda path: (path != "index.html", _rank(path), not _is_usual(path), path.count("/"), path))


def _rank(path: str) -> int:
    name = path.rpartition("/")[2].lower()
    extension = name.rpartition(".")[2]
    ranks = [*_PAGES, *_OTHERS]
    last = len(ranks)
    return (
        last if name.startswith("readme.") else next((n for n, kinds in enumerate(ranks) if extension in kinds), last)
    )


def _is_usual(path: str) -> bool:
    return path.rpartition("/")[2].partition(".")[0].lower() in ("index", "app", "main")


def checked_path(path: str) -> str:
    """In its one normal form. Raises BadInput for what is no possible file name."""
    clean = clean_path(path)
    if clean is None:
        raise BadInput("bad_path", _("“%(path)s” is no possible file name.") % {"path": path[:200]})
    return clean


def _megabytes(size: int) -> dict[str, int]:
    return {"size": size // (1024 * 1024)}


def _store(path: str, content: bytes) -> StoredFile:
    return {"blob": put_blob(content), "mime": mime_type(path), "size": len(content)}
