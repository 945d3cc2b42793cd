"""The zip: the sources exactly as they are stored, and how they came about. Equal contents give equal bytes."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator
from typing import IO

from playground.artifacts.files import read_file
from playground.artifacts.models import Version
from playground.takeout.recipe import Recipe

_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name
_IN_MEMORY = 4 * 1024 * 1024  # bytes
_CHUNK = 256 * 1024

_README = """{card}
## How to open it

{how}

`recipe.json` says the same as this file, for programs.
"""
_PAGE = """Open `{entry}` in a browser. Pages that load files of their own need a small server:

    python3 -m http.server

and then http://localhost:8000/{entry}. Libraries come from the addresses in the files, so this needs the internet; the
single HTML file, which the playground offers beside this zip, does not."""
_OTHER = """`{entry}` is what the playground shows, in a page that it puts around it. The single HTML file, which the
playground offers beside this zip, opens by itself."""


def write_archive(version: Version, recipe: Recipe) -> IO[bytes]:
    """An open file, at its start. One source at a time is in memory."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    added = {"README.md": readme(version, recipe).encode(), "recipe.json": recipe_json(recipe)}
    names = {_free_name(name, version.files): content for name, content in added.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted([*version.files, *names]):
            stored = version.files.get(path)
            archive.writestr(_entry(path), read_file(stored) if stored else names[path])
    file.seek(0)
    return file


class Chunks:
    """An open file as a streamed answer's content, which closes it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while chunk := await asyncio.to_thread(self._file.read, _CHUNK):
            yield chunk

    def close(self) -> None:
        self._file.close()


def readme(version: Version, recipe: Recipe) -> str:
    how = _PAGE if version.entry.endswith((".html", ".htm", ".svg")) else _OTHER
    return _README.format(card=recipe.card, how=how.format(entry=version.entry))


def recipe_json(recipe: Recipe) -> bytes:
    return (json.dumps(recipe.facts, ensure_ascii=False, indent=2) + "\n").encode(errors="replace")


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def _free_name(name: str, taken: object) -> str:
    """The version's own files stay as they are, also a README of its own."""
    assert isinstance(taken, dict)
    return name if name not in taken else f"PLAYGROUND-{name}"
