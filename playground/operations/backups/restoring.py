import hashlib
import re
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from pydantic import ValidationError

from playground.artifacts.blobs import list_blobs, restore_blob
from playground.operations.backups import containers, databases
from playground.operations.backups.making import PIECE
from playground.operations.backups.manifest import (
    BLOBS,
    ENGINES,
    FORMAT,
    NAME,
    NAMES,
    SECRET,
    BackupError,
    Item,
    Manifest,
    check_migrations,
    engine,
)


def verify_backup(source: Path) -> Manifest:
    """Read all of it and compare. Raises BackupError with the first thing that is wrong."""
    try:
        return _verify(source)
    except containers.UNREADABLE as error:
        raise BackupError(f"{source} cannot be read to its end: {error}") from None


def _verify(source: Path) -> Manifest:
    found: dict[str, Item] = {}
    manifest: Manifest | None = None
    with tempfile.TemporaryDirectory() as folder:
        for name, content in containers.read(source):
            if name == NAME:
                manifest = _read_manifest(content)
                continue
            if not re.match(NAMES, name) or name in found:
                raise BackupError(f"{name} does not belong into a backup.")
            copy = Path(folder) / name if name in ENGINES.values() else None
            found[name] = _digest(content, copy)
        if manifest is None:
            raise BackupError(f"{NAME} is missing: this is no backup, or it is not whole.")
        _compare(manifest, found)
        databases.check(Path(folder) / manifest.database)
    return manifest


def restore_backup(source: Path, *, force: bool) -> Manifest:
    """Nothing is changed before all of the backup is verified. Raises BackupError."""
    manifest = verify_backup(source)
    if manifest.engine != engine():
        raise BackupError(f"The backup is of a {manifest.engine} database, and DATABASE_URL names a {engine()} one.")
    check_migrations(manifest)
    if not force and not (databases.is_empty() and next(list_blobs(), None) is None):
        raise BackupError("There is a playground here already. Restore into an empty one, or replace it with --force.")
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        copy = Path(folder) / manifest.database
        secret: bytes | None = None
        for name, content in containers.read(source):
            if name.startswith(BLOBS):
                restore_blob(name.removeprefix(BLOBS), File(content))
            elif name == manifest.database:
                _digest(content, copy)
            elif name == SECRET:
                secret = content.read()
        databases.load(copy)  # last: what it refers to is there
    if secret:
        _keep_secret(secret)
    return manifest


def _read_manifest(content: IO[bytes]) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(content.read())
    except ValidationError as error:
        raise BackupError(f"{NAME} is damaged: {error.errors()[0]['msg']}") from None
    if manifest.format != FORMAT or manifest.engine not in ENGINES:
        raise BackupError(f"This Playground does not know backups of format {manifest.format} ({manifest.engine}).")
    return manifest


def _compare(manifest: Manifest, found: dict[str, Item]) -> None:
    if manifest.database not in manifest.files:
        raise BackupError(f"{manifest.database} is missing.")
    for name in manifest.files.keys() | found.keys():
        if name not in found:
            raise BackupError(f"{name} is missing.")
        if manifest.files.get(name) != found[name]:
            raise BackupError(f"{name} is not what was backed up: it is damaged, or was changed.")


def _digest(content: IO[bytes], copy: Path | None) -> Item:
    """Read it; into `copy`, where one is wanted."""
    digest, size = hashlib.sha256(), 0
    file = copy.open("wb") if copy else None
    try:
        while piece := content.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if file:
                file.write(piece)
    finally:
        if file:
            file.close()
    return Item(size=size, sha256=digest.hexdigest())


def _keep_secret(secret: bytes) -> None:
    """Where the environment gives one, that one counts."""
    path = settings.DATA / SECRET
    path.touch(mode=0o600)
    path.write_bytes(secret)
