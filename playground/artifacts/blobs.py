"""Content-addressed bytes: a blob's name is the SHA-256 of its content, so that equal files are stored once."""

import hashlib

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages


def put_blob(content: bytes) -> str:
    """Store `content` and return its name."""
    name = hashlib.sha256(content).hexdigest()
    storage, path = _storage(), _path(name)
    if not storage.exists(path):
        saved = storage.save(path, ContentFile(content))
        if saved != path:  # somebody stored the same content at the same moment
            storage.delete(saved)
    return name


def read_blob(name: str) -> bytes:
    with _storage().open(_path(name)) as file:
        return bytes(file.read())


def open_blob(name: str) -> File[bytes]:
    """For reading parts of it. To be closed."""
    return _storage().open(_path(name))


def drop_blob(name: str) -> None:
    """The caller knows that nothing else refers to it."""
    _storage().delete(_path(name))


def _storage() -> Storage:
    return storages["artifacts"]


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"
