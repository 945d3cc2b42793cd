"""Unpacking what a registry or an admin hands over. Nothing in it is trusted, and nothing in it is run.

The archive is read as a stream; what pages can use is written into a zip file, which is then one blob. So no path of
the archive ever becomes a path on disk.
"""

import io
import json
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from playground.shelf.failures import ShelfFailure
from playground.shelf.keeping import is_kept, is_packed
from playground.shelf.manifests import KEPT_FIELDS

MAX_DOWNLOAD = 96 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
MAX_FILE = 64 * 1024 * 1024
MAX_MEMBERS = 40_000
MAX_RATIO = 200  # bytes out of one; text compresses to about a tenth
_FREE = 8 * 1024 * 1024  # up to here the ratio is of no concern
_CHUNK = 256 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass
class Unpacked:
    manifest: dict[str, Any] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)  # path: bytes
    archive: bytes = b""  # a zip file


def unpack(tarball: IO[bytes]) -> Unpacked:
    """Raises ShelfFailure for what is no package or not safe."""
    unpacked, output = Unpacked(), io.BytesIO()
    try:
        with zipfile.ZipFile(output, "w") as archive:
            for path, content in _read_members(tarball):
                _take(unpacked, archive, path, content)
    except (tarfile.TarError, zlib.error, EOFError, OSError, UnicodeError, ValueError) as error:
        raise ShelfFailure("unsafe", str(error)) from error
    if "package.json" not in unpacked.files:
        raise ShelfFailure("unsafe", "no package.json")
    unpacked.archive = output.getvalue()
    return unpacked


def _take(unpacked: Unpacked, archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    if path in unpacked.files:
        return
    if path == "package.json":
        unpacked.manifest |= _read_manifest(content)
    elif path.endswith("/package.json"):
        _note_nested(unpacked, posixpath.dirname(path), content)
    if not is_kept(path):
        return
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if is_packed(path) else zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
    unpacked.files[path] = len(content)


def _note_nested(unpacked: Unpacked, folder: str, content: bytes) -> None:
    """A folder may say in a package.json of its own which file it means."""
    try:
        fields = json.loads(content)
        named = {name: fields[name] for name in ("module", "browser", "main") if isinstance(fields.get(name), str)}
    except (ValueError, AttributeError):
        return
    if named:
        unpacked.manifest.setdefault("nested", {})[folder] = named


def _read_manifest(content: bytes) -> dict[str, Any]:
    manifest = json.loads(content)
    if not isinstance(manifest, dict):
        raise ShelfFailure("unsafe", "package.json is no object")
    return {name: manifest[name] for name in KEPT_FIELDS if name in manifest}


def _read_members(tarball: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Regular files alone, below the archive's one folder, each once."""
    count = 0
    with tarfile.open(fileobj=_Bounded(tarball), mode="r|") as archive:
        for member in archive:
            count += 1
            if count > MAX_MEMBERS:
                raise ShelfFailure("too_large", "too many files")
            if member.isdir() or member.type in (tarfile.XHDTYPE, tarfile.XGLTYPE):
                continue
            if not member.isreg():
                raise ShelfFailure("unsafe", f"{member.name} is no regular file")
            if member.size > MAX_FILE:
                raise ShelfFailure("too_large", member.name)
            path = _inner_path(member.name)
            source = archive.extractfile(member)
            if source:
                yield path, source.read()


def _inner_path(name: str) -> str:
    """Without the folder that all of it is in (`package/`)."""
    if "\\" in name or "\0" in name or name.startswith("/") or ".." in name.split("/"):
        raise ShelfFailure("unsafe", f"{name!r} leads out of the package")
    path = posixpath.normpath(name)
    return path.partition("/")[2] or path


class _Bounded(io.RawIOBase):
    """Unzips as it is read, and stops a bomb before it has gone off."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._unzip = zlib.decompressobj(wbits=31)
        self._buffer = bytearray()
        self._read = self._written = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while len(self._buffer) < size and (piece := self._next_piece()):
            self._buffer += piece
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _next_piece(self) -> bytes:
        """At most a chunk of the unzipped content; empty at its end."""
        if self._unzip.eof:
            return b""
        packed = self._unzip.unconsumed_tail
        if not packed:
            packed = self._source.read(_CHUNK)
            self._read += len(packed)
        piece = self._unzip.decompress(packed, _CHUNK)
        self._written += len(piece)
        if self._written > MAX_UNPACKED or (self._written > _FREE and self._written > MAX_RATIO * self._read):
            raise ShelfFailure("too_large", "it unpacks to too much")
        return piece
