"""Compressed forms of what is served: made once, kept as blobs."""

import hashlib

import brotli
import zstandard
from django.db import IntegrityError, transaction

from playground.artifacts.blobs import put_blob
from playground.shelf.archives import read_kept
from playground.shelf.models import Derivative, Package

_SMALLEST = 1024
_COMPRESSIBLE = ("text/", "application/json", "application/wasm", "application/xml", "image/svg")
_LARGE = 4 * 1024 * 1024


def choose_encoding(accepted: str, mime: str, size: int) -> str:
    """The best encoding that both sides know; empty for none."""
    if size < _SMALLEST or not mime.startswith(_COMPRESSIBLE):
        return ""
    words = [word.strip() for word in accepted.lower().split(",")]
    names = {word.partition(";")[0] for word in words if not word.replace(" ", "").endswith(";q=0")}
    return next((name for name in ("br", "zstd") if name in names), "")


def compressed(package: Package, content: bytes, encoding: str) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    key = hashlib.sha256(f"{encoding}:{package.pk}:{digest}".encode()).hexdigest()
    kept = Derivative.objects.filter(key=key).values_list("blob", flat=True).first()
    if kept:
        return read_kept(kept)
    packed = _compress(content, encoding)
    try:
        with transaction.atomic():
            Derivative.objects.create(package=package, key=key, blob=put_blob(packed), size=len(packed))
    except IntegrityError:  # another request was faster, or the package is gone
        pass
    return packed


def _compress(content: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=12).compress(content)
    packed: bytes = brotli.compress(content, quality=5 if len(content) > _LARGE else 9)
    return packed
