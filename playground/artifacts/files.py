"""The files of a version: what they may be called, how large they may be, which of them is the page."""

import mimetypes
from collections.abc import Iterable
from typing import TypedDict

from django.utils.translation import gettext as _

from playground.artifacts.blobs import put_blob, read_blob
from playground.artifacts.paths import clean_path
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
    ".md": "text/markdown",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".glb": "model/gltf-binary",
}
_TEXT = ("text/", "application/json", "application/xml", "application/javascript", "image/svg+xml")


class StoredFile(TypedDict):
    blob: str
    mime: str
    size: int  # bytes


def store_files(files: dict[str, bytes]) -> dict[str, StoredFile]:
    """Check names and sizes, store the contents, and return what a version keeps. Raises BadInput."""
    if not files:
        raise BadInput("no_files", _("There is no file to save."))
    if len(files) > MAX_FILES:
        raise BadInput("too_many_files", _("At most %(count)d files are possible.") % {"count": MAX_FILES})
    if sum(map(len, files.values())) > MAX_TOTAL_BYTES:
        raise BadInput("too_large", _("All files together may have at most %(size)d MB.") % _megabytes(MAX_TOTAL_BYTES))
    return {_checked_path(path, content): _store(path, content) for path, content in files.items()}


def read_file(file: StoredFile) -> bytes:
    return read_blob(file["blob"])


def mime_type(path: str) -> str:
    """The content type to serve, with a charset for text."""
    suffix = "." + path.rpartition(".")[2].lower()
    mime = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{mime}; charset=utf-8" if mime.startswith(_TEXT) else mime


def is_page(path: str) -> bool:
    return path.lower().endswith((".html", ".htm", ".svg"))


def choose_entry(paths: Iterable[str]) -> str:
    """The file that is the page: index.html, else the HTML page nearest to the root, else an SVG, else the first."""
    ranked = sorted(paths, key=lambda path: (path != "index.html", _rank(path), path.count("/"), path))
    return ranked[0]


def _rank(path: str) -> int:
    if not is_page(path):
        return 2
    return 1 if path.lower().endswith(".svg") else 0


def _checked_path(path: str, content: bytes) -> str:
    clean = clean_path(path)
    if clean is None:
        raise BadInput("bad_path", _("“%(path)s” is no possible file name.") % {"path": path[:200]})
    if len(content) > MAX_FILE_BYTES:
        details = {"path": path, **_megabytes(MAX_FILE_BYTES)}
        raise BadInput("too_large", _("“%(path)s” is too large: a file may have at most %(size)d MB.") % details)
    return clean


def _megabytes(size: int) -> dict[str, int]:
    return {"size": size // (1024 * 1024)}


def _store(path: str, content: bytes) -> StoredFile:
    return {"blob": put_blob(content), "mime": mime_type(path), "size": len(content)}
