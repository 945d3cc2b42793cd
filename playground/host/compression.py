"""Compressed forms, and which of them a client wants."""

import brotli
import zstandard

WORTHWHILE = 600  # bytes of text; less fits into one packet as it is
_TEXT = ("text/", "application/json", "application/javascript", "application/wasm", "image/svg+xml")
_BROTLI = 9
_ZSTD = 12
_PREFERENCE = ("br", "zstd", "")  # the smaller first


def compress(content: bytes, content_type: str) -> dict[str, bytes]:
    """By content encoding; "" is the plain form. Only what is smaller is kept."""
    forms = {"": content}
    if len(content) >= WORTHWHILE and content_type.startswith(_TEXT):
        packed = {
            "br": brotli.compress(content, quality=_BROTLI),
            "zstd": zstandard.ZstdCompressor(level=_ZSTD).compress(content),
        }
        forms |= {encoding: form for encoding, form in packed.items() if len(form) < len(content)}
    return forms


def negotiate(accepted: str, forms: dict[str, bytes]) -> str:
    """The content encoding to answer with, by the header Accept-Encoding."""
    weights = dict(map(_read_weight, accepted.lower().split(",")))
    wanted = [encoding for encoding in _PREFERENCE if encoding in forms and (not encoding or weights.get(encoding))]
    return max(wanted, key=lambda encoding: weights.get(encoding or "identity", 0.001))


def _read_weight(item: str) -> tuple[str, float]:
    encoding, _, parameters = item.partition(";")
    try:
        return encoding.strip(), float(parameters.partition("=")[2] or 1)
    except ValueError:
        return encoding.strip(), 0.0
