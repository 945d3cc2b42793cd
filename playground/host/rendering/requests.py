"""What a file is asked for, and which file an import means."""

import posixpath
from collections.abc import Collection
from enum import StrEnum

from django.http import HttpRequest

from playground.host.rendering.building import BUILT
from playground.host.rendering.kinds import extension, has_page

_MODULES = (".tsx", ".ts", ".jsx", ".js", ".mjs", ".css", ".json")
_SCRIPTS = ("script", "worker", "sharedworker", "audioworklet", "paintworklet")


class Use(StrEnum):
    PAGE = "page"  # shown in a frame
    MODULE = "module"  # run, or imported by something that runs
    FILE = "file"  # anything else: fetched, drawn, played


def use_of(request: HttpRequest, path: str) -> Use:
    """`path` is empty for the page. A browser that does not say what it wants shows it by `Accept`."""
    wanted = request.headers.get("Sec-Fetch-Dest", "")
    is_document = wanted in ("iframe", "document", "frame") or (
        not wanted and ("text/html" in request.headers.get("Accept", "") or extension(path) in ("html", "htm"))
    )
    if not path or (is_document and has_page(path)):
        return Use.PAGE
    is_script = wanted in _SCRIPTS or (not wanted and extension(path) in BUILT)
    return Use.MODULE if is_script else Use.FILE


def find_path(files: Collection[str], path: str, use: Use) -> str | None:
    """The file at `path`; for an import also one whose extension was left out, as bundlers allow it."""
    path = posixpath.normpath(path)
    if path in files or use is not Use.MODULE:
        return path if path in files else None
    stem = path.removesuffix(".js").removesuffix(".jsx")
    candidates = [base + end for base in (path, stem, f"{path}/index") for end in _MODULES]
    return next((candidate for candidate in candidates if candidate in files), None)
