"""Content-addressed bytes: a blob's name is the SHA-256 of its content, so that equal files are stored once."""

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils import timezone

FRESH = timedelta(
    days=1
)  # since it was last put, in which a blob is not dropped, whether something refers to it or not

_NAME = re.compile(r"[0-9a-f]{64}")


def put_blob(content: bytes) -> str:
    """Store `content` and return its name. What is there already counts as put now."""
    name = hashlib.sha256(content).hexdigest()
    storage, path = _storage(), _path(name)
    if not storage.exists(path):
        _save(storage, path, ContentFile(content))
    elif storage.get_modified_time(path) < timezone.now() - FRESH / 2:
        _renew(storage, path, content)
    return name


def restore_blob(name: str, file: File[bytes]) -> None:
    """Put what is known to be the content of that name."""
    storage, path = _storage(), _path(name)
    if not storage.exists(path):
        _save(storage, path, file)


def list_blobs() -> Iterator[str]:
    """The names of all. Whatever else lies in the storage is none."""
    storage = _storage()
    for folder in sorted(_folders(storage)):
        for name in sorted(storage.listdir(folder)[1]):
            if _NAME.fullmatch(name) and name.startswith(folder):
                yield name


def blob_size(name: str) -> int:
    """Bytes."""
    return _storage().size(_path(name))


def put_at(name: str) -> datetime:
    """When it was last put, to within `FRESH / 2`."""
    return _storage().get_modified_time(_path(name))


def read_blob(name: str) -> bytes:
    with _storage().open(_path(name)) as file:
        return bytes(file.read())


def open_blob(name: str) -> File[bytes]:
    """For reading parts of it. To be closed."""
    return _storage().open(_path(name))


def drop_blob(name: str) -> None:
    """The caller knows that nothing else refers to it."""
    _storage().delete(_path(name))


def _save(storage: Storage, path: str, content: File[bytes]) -> None:
    saved = storage.save(path, content)
    if saved != path:  # somebody stored the same content at the same moment
        storage.delete(saved)


def _renew(storage: Storage, path: str, content: bytes) -> None:
    """Nothing may have referred to it, and it may be about to be dropped."""
    try:
        os.utime(storage.path(path))
    except NotImplementedError:  # no files of this machine: to store it again overwrites it
        storage.save(path, ContentFile(content))
    except FileNotFoundError:  # it has just been dropped
        _save(storage, path, ContentFile(content))


def _folders(storage: Storage) -> list[str]:
    try:
        return [folder for folder in storage.listdir("")[0] if len(folder) == 2]
    except FileNotFoundError:  # nothing was stored yet
        return []


def _storage() -> Storage:
    return storages["artifacts"]


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"
