"""Which file names an artifact may have. The same rule for what models write and what people send."""

import unicodedata

MAX_LENGTH = 200
MAX_DEPTH = 8


def clean_path(raw: str) -> str | None:
    """The path in its one normal form (relative, NFC, no `./`), or None where it is no possible file name.

    Segments are letters, digits, `.`, `_`, `-` and do not begin with a dot; the file has an extension.
    """
    path = unicodedata.normalize("NFC", raw).removeprefix("./")
    segments = path.split("/")
    if len(path) > MAX_LENGTH or len(segments) > MAX_DEPTH or not all(map(_is_segment, segments)):
        return None
    name, dot, extension = segments[-1].rpartition(".")
    return path if name and dot and extension.isalnum() else None


def _is_segment(segment: str) -> bool:
    return bool(segment) and segment[0] != "." and all(char.isalnum() or char in "._-" for char in segment)
