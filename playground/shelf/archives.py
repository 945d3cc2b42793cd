"""Reading files out of the packages' blobs, with the most used ones kept in memory."""

import os
import shutil
import tempfile
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.conf import settings

from playground.artifacts.blobs import open_blob, read_blob
from playground.shelf.models import Package

_CAPACITY = 64 * 1024 * 1024  # bytes
_LARGEST = 8 * 1024 * 1024
_FOLDERS = 40


class Memory:
    """The bytes that were read last, up to a total size. Content never changes under its key."""

    def __init__(self, capacity: int = _CAPACITY, largest: int = _LARGEST) -> None:
        self._capacity = capacity
        self._largest = largest
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            content = self._kept.get(key)
            if content is not None:
                self._kept.move_to_end(key)
            return content

    def put(self, key: str, content: bytes) -> None:
        if len(content) > self._largest:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = content
            self._size += len(content)
            while self._size > self._capacity:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)


memory = Memory()


def read_package_file(package: Package, path: str) -> bytes:
    """Raises KeyError for a path that is not in the package."""
    key = f"{package.blob}/{path}"
    content = memory.get(key)
    if content is None:
        with open_blob(package.blob) as file, zipfile.ZipFile(file) as archive:
            content = archive.read(path)
        memory.put(key, content)
    return content


def read_kept(blob: str) -> bytes:
    content = memory.get(blob)
    if content is None:
        content = read_blob(blob)
        memory.put(blob, content)
    return content


@contextmanager
def unpacked(package: Package) -> Iterator[Path]:
    """The package's files in a folder, only to be read. It is kept for the next build, with those used last."""
    shelf = settings.DATA / "unpacked"
    folder = shelf / package.blob
    if not folder.exists():
        shelf.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=shelf, prefix="."))
        _extract(package, made)
        try:
            made.rename(folder)
        except OSError:  # another worker was faster
            shutil.rmtree(made)
    os.utime(folder)
    yield folder.resolve()
    _tidy(shelf)


def _extract(package: Package, root: Path) -> None:
    with zipfile.ZipFile(BytesIO(read_blob(package.blob))) as archive:
        for path in archive.namelist():
            target = root / path
            if target.resolve().is_relative_to(root.resolve()) and not path.endswith("/"):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(path))


def _tidy(shelf: Path) -> None:
    """Folders in use are young; what is left behind by a killed worker grows old as well."""
    folders = sorted(shelf.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in folders[_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)
