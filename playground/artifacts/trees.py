"""The files of a version or a draft, as a value that changes make others of."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from playground.artifacts.blobs import put_blob, read_blob
from playground.artifacts.contents import is_plain_text
from playground.artifacts.files import StoredFile, check_files, checked_path, mime_type, read_file
from playground.errors import BadInput


@dataclass(frozen=True, slots=True)
class Tree:
    """Files by their paths. `texts` are the contents that no blob holds (yet), by the blob's name."""

    files: dict[str, StoredFile]
    texts: dict[str, str] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        file = self.files[path]
        text = self.texts.get(file["blob"])
        return read_file(file) if text is None else text.encode()

    def read_text(self, path: str) -> str | None:
        """None where there is no such file, or where it is no text."""
        content = self.read(path) if path in self.files else b"\0"
        return content.decode() if is_plain_text(content) else None

    def move(self, moves: Mapping[str, str]) -> "Tree":
        """Files under other names. Raises BadInput where a name is impossible or taken."""
        files = dict(self.files)
        for old, wanted in moves.items():
            new = checked_path(wanted)
            if old not in files or new in files:
                raise BadInput(
                    "bad_move",
                    _("“%(path)s” cannot be renamed: there is no such file, or the name is taken.") % {"path": old},
                )
            files[new] = {**files.pop(old), "mime": mime_type(new)}
        return Tree(files, self.texts)

    def change(self, changes: Mapping[str, bytes | None]) -> "Tree":
        """With other contents; None deletes. Text is held here, anything else is stored. Raises BadInput."""
        files, texts = dict(self.files), dict(self.texts)
        for given, content in changes.items():
            path = checked_path(given)
            if content is None:
                files.pop(path, None)
                continue
            file: StoredFile = {"blob": _name(content), "mime": mime_type(path), "size": len(content)}
            files[path] = file
            if is_plain_text(content):
                texts[file["blob"]] = content.decode()
        check_files(files)
        for content in changes.values():
            if content is not None and not is_plain_text(content):
                put_blob(content)
        return Tree(files, _used(texts, files))

    def put(self, path: str, file: StoredFile | None, other: "Tree") -> "Tree":
        """With a file of another tree in its place; None for none."""
        files = {**self.files, path: file} if file else {key: kept for key, kept in self.files.items() if key != path}
        return Tree(files, _used(self.texts | other.texts, files))

    def store(self) -> dict[str, StoredFile]:
        """Everything as blobs: what a version keeps."""
        for text in self.texts.values():
            put_blob(text.encode())
        return self.files


def put_tree(files: Mapping[str, StoredFile]) -> str:
    """Keep which files these are under one name. Nothing refers to it: what is to stay, its maker has to refer to."""
    return put_blob(json.dumps(files, sort_keys=True).encode())


def read_tree(name: str) -> Tree:
    """Raises OSError where it is not there (any more)."""
    return Tree(json.loads(read_blob(name)))


def _used(texts: Mapping[str, str], files: Mapping[str, StoredFile]) -> dict[str, str]:
    used = {file["blob"] for file in files.values()}
    return {blob: text for blob, text in texts.items() if blob in used}


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
