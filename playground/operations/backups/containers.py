"""Where a backup lies: in a folder, or in one tar file. Written and read from its beginning to its end."""

import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from playground.operations.backups.manifest import BackupError

_TAR = {".tar": "w|", ".tar.gz": "w|gz", ".tgz": "w|gz"}
UNREADABLE = (tarfile.TarError, EOFError, OSError, zlib.error)
_NOBODY_ELSE = 0o077  # a backup is as secret as the data folder


class Container(Protocol):
    def add(self, name: str, size: int, content: IO[bytes]) -> None: ...


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, name: str, size: int, content: IO[bytes]) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)


class TarFile:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar

    def add(self, name: str, size: int, content: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self.tar.addfile(member, content)


@contextmanager
def create(target: Path) -> Iterator[Container]:
    """It is named `<target>.partial` until it is whole; where it does not become so, it is removed."""
    if target.exists():
        raise BackupError(f"{target} is there already: choose another name.")
    partial = target.with_name(f"{target.name}.partial")
    mode = _tar_mode(target)
    before = os.umask(_NOBODY_ELSE)
    try:
        _remove(partial)  # of a backup that was killed
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode:
            with tarfile.open(str(partial), mode) as tar:  # type: ignore[call-overload]  # one of the table's modes
                yield TarFile(tar)
        else:
            partial.mkdir()
            yield Folder(partial)
        partial.rename(target)
    finally:
        os.umask(before)
        _remove(partial)


def read(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Names and contents; each content is to be read before the next one is asked for.

    Raises BackupError, and `UNREADABLE` as well while a content is read.
    """
    if source.is_dir():
        for path in sorted(path for path in source.rglob("*") if not path.is_dir()):
            if path.is_symlink():
                raise BackupError(f"{path} is a link: that is no backup.")
            with path.open("rb") as file:
                yield path.relative_to(source).as_posix(), file
        return
    try:
        with tarfile.open(source, "r|*") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BackupError(f"{member.name} is no plain file: that is no backup.")
                yield member.name, content
    except FileNotFoundError:
        raise BackupError(f"{source} is not there.") from None
    except UNREADABLE as error:
        raise BackupError(f"{source} cannot be read to its end: {error}") from None


def _remove(partial: Path) -> None:
    if partial.is_dir():
        shutil.rmtree(partial)
    else:
        partial.unlink(missing_ok=True)


def _tar_mode(target: Path) -> str | None:
    return next((mode for end, mode in _TAR.items() if target.name.endswith(end)), None)
