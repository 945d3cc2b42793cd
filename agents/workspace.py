"""The files of a build, in a directory that nothing leads out of.

Folders are opened one by one, from the root down, and links are never followed: whatever lies in the directory, only
regular files below it are read or written. File names follow the product's own rule (`agents.paths`).
"""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from agents.paths import clean_path

MAX_FILES = 200
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_TOTAL_BYTES = 20 * 1024 * 1024

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe is opened without waiting
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_WRITING = ".writing"  # no possible name of a file


class Denied(Exception):
    """Says why a file cannot be read or written, for the model."""


class Workspace:
    """Paths are cleaned by every method. All raise Denied."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def sizes(self) -> dict[str, int]:
        """Bytes by path, in order."""
        found = {}
        for folder, _folders, names, descriptor in os.fwalk(self.root):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.root)
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and clean_path(path) == path:
                    found[path] = status.st_size
        return dict(sorted(found.items()))

    def contents(self) -> dict[str, bytes]:
        return {path: self.read(path) for path in self.sizes()}

    def read(self, path: str) -> bytes:
        path = checked_path(path)
        with self._open_folder(path) as (folder, name):
            try:
                descriptor = os.open(name, _READ, dir_fd=folder)
            except FileNotFoundError:
                raise Denied(f"There is no file {path}.") from None
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise Denied(f"{path} is no regular file.")
                return file.read(MAX_FILE_BYTES)

    def write(self, path: str, content: bytes) -> None:
        """As a whole, or not at all."""
        path = checked_path(path)
        _check_room(path, self.sizes() | {path: len(content)})
        with self._open_folder(path, creates=True) as (folder, name):
            _check_regular(path, folder, name)
            with suppress(FileNotFoundError):
                os.unlink(_WRITING, dir_fd=folder)
            with os.fdopen(os.open(_WRITING, _WRITE, 0o644, dir_fd=folder), "wb") as file:
                file.write(content)
            os.replace(_WRITING, name, src_dir_fd=folder, dst_dir_fd=folder)

    def delete(self, path: str) -> None:
        path = checked_path(path)
        with self._open_folder(path) as (folder, name):
            try:
                os.unlink(name, dir_fd=folder)
            except FileNotFoundError:
                raise Denied(f"There is no file {path}.") from None
        with suppress(OSError):  # a folder goes with its last file
            for parent in Path(path).parents[:-1]:
                os.rmdir(self.root / parent)

    def fill(self, files: Mapping[str, bytes]) -> None:
        """These files and no others."""
        for path in self.sizes():
            if path not in files:
                self.delete(path)
        for path, content in files.items():
            self.write(path, content)

    def check(self) -> None:
        """Whether the files are such as could have been written here, where somebody else has written them."""
        sizes = self.sizes()
        for path in sizes:
            _check_room(path, sizes)

    @contextmanager
    def _open_folder(self, path: str, *, creates: bool = False) -> Iterator[tuple[int, str]]:
        """A descriptor of the folder that a clean path names, and the file's name in it."""
        *folders, name = path.split("/")
        descriptor = os.open(self.root, _FOLDER)
        try:
            for folder in folders:
                if creates:
                    with suppress(FileExistsError):
                        os.mkdir(folder, dir_fd=descriptor)
                below = os.open(folder, _FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor, name
        except FileNotFoundError:
            raise Denied(f"There is no file {path}.") from None
        except OSError as error:  # a link, a file where a folder should be, a full disk
            raise Denied(f"{path} cannot be opened ({os.strerror(error.errno or 0)}).") from None
        finally:
            os.close(descriptor)


def checked_path(raw: str) -> str:
    path = clean_path(raw)
    if path is None:
        raise Denied(
            f"“{raw[:80]}” is no possible file name. Use a relative path such as js/game.js: letters, digits, “.”, “_” "
            "and “-”, at most eight folders deep, no “..”, and with an extension."
        )
    return path


def _check_room(path: str, sizes: Mapping[str, int]) -> None:
    """One file among all that there would be."""
    if sizes[path] > MAX_FILE_BYTES:
        raise Denied(f"{path} would be too large: a file has at most {MAX_FILE_BYTES // 1024} kB.")
    if len(sizes) > MAX_FILES:
        raise Denied(f"There would be too many files: at most {MAX_FILES}.")
    if sum(sizes.values()) > MAX_TOTAL_BYTES:
        raise Denied(f"All files together would be too large: at most {MAX_TOTAL_BYTES // 1024} kB.")
    taken = {name.casefold(): name for other in sizes if other != path for name in _prefixes(other)}
    for name in _prefixes(path):
        if taken.get(name.casefold(), name) != name:
            raise Denied(f"There is {taken[name.casefold()]} already, which differs only in upper and lower case.")


def _check_regular(path: str, folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise Denied(f"{path} is no regular file.")


def _prefixes(path: str) -> list[str]:
    segments = path.split("/")
    return ["/".join(segments[:count]) for count in range(1, len(segments) + 1)]
