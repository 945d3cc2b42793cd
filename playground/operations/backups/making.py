import hashlib
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from django.conf import settings

from playground.artifacts.blobs import blob_size, list_blobs, open_blob
from playground.operations.backups import containers, databases
from playground.operations.backups.containers import Container
from playground.operations.backups.manifest import BLOBS, NAME, SECRET, Item, Manifest, begin_manifest

PIECE = 1024 * 1024  # bytes


class HashingReader:
    """A file that notes the size and the SHA-256 of what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        self._size += len(piece)
        return piece

    def item(self) -> Item:
        return Item(size=self._size, sha256=self._digest.hexdigest())


def make_backup(target: Path, tell: Callable[[str], object]) -> Manifest:
    """Raises BackupError."""
    with containers.create(target) as container, tempfile.TemporaryDirectory(dir=target.parent) as folder:
        manifest = begin_manifest()
        copy = Path(folder) / manifest.database
        databases.dump(copy)
        with copy.open("rb") as file:
            _add(container, manifest, manifest.database, copy.stat().st_size, file)
        copy.unlink()
        if secret := _kept_secret():
            _add(container, manifest, SECRET, len(secret), io.BytesIO(secret))
        for name in list_blobs():
            _add_blob(container, manifest, name, tell)
        text = manifest.model_dump_json(indent=1).encode()
        container.add(NAME, len(text), io.BytesIO(text))
    return manifest


def _add_blob(container: Container, manifest: Manifest, name: str, tell: Callable[[str], object]) -> None:
    try:
        size, blob = blob_size(name), open_blob(name)
    except FileNotFoundError:  # dropped meanwhile: nothing referred to it any more
        return
    with blob:
        _add(container, manifest, BLOBS + name, size, cast(IO[bytes], blob))
    if manifest.files[BLOBS + name].sha256 != name:
        tell(f"{name} is damaged in the storage: it is backed up as it is.")


def _add(container: Container, manifest: Manifest, name: str, size: int, content: IO[bytes]) -> None:
    reader = HashingReader(content)
    container.add(name, size, cast(IO[bytes], reader))
    manifest.files[name] = reader.item()


def _kept_secret() -> bytes | None:
    """The key that was made by us. One from the environment is kept there."""
    path = settings.DATA / SECRET
    kept = path.read_bytes().strip() if path.exists() else b""
    return kept if kept.decode() == settings.SECRET_KEY else None
