"""Compressed forms of what is served, and which of them a client wants."""

from collections.abc import Collection

import brotli
import zstandard

ENCODINGS = ("br", "zstd")  # the smaller first
_WORTHWHILE = 600  # bytes of text; less fits into one packet as it is
_LARGE = 4 * 1024 * 1024  # bytes from which on brotli takes too long for its best
_TEXT = (
    "text/",
    "application/json",
    "application/javascript",
    "application/wasm",
    "application/xml",
    "image/svg+xml",
)


def is_worthwhile(content_type: str, size: int) -> bool:
    return size >= _WORTHWHILE and content_type.startswith(_TEXT)


def compress(content: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=12).compress(content)
    packed: bytes = brotli.compress(content, quality=5 if len(content) > _LARGE else 9)
    return packed


def compress_all(content: bytes, content_type: str) -> dict[str, bytes]:
    """By content encoding; "" is the plain form. Only what is smaller is kept."""
    packed = {
        encoding: compress(content, encoding) for encoding in ENCODINGS if is_worthwhile(content_type, len(content))
    }
    return {"": content} | {encoding: form for encoding, form in packed.items() if len(form) < len(content)}


def negotiate(accepted: str, forms: Collection[str]) -> str:
    """The content encoding to answer with, by the header Accept-Encoding; "" for the plain form."""
    weights = dict(map(_read_weight, accepted.lower().split(",")))
    wanted = [encoding for encoding in ENCODINGS if encoding in forms and weights.get(encoding)]
    return max([*wanted, ""], key=lambda encoding: weights.get(encoding or "identity", 0.001))


def _read_weight(item: str) -> tuple[str, float]:
    encoding, _, parameters = item.partition(";")
    try:
        return encoding.strip(), float(parameters.partition("=")[2] or 1)
    except ValueError:
        return encoding.strip(), 0.0
