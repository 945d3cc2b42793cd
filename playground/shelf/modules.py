"""Packages built as ECMAScript modules for browsers.

Identity is what matters: one React, one three.js in a page, whatever ways lead to it. So a built file has one address,
`/built/<revision>/<options>/<name>@<version>/<source path>`, and every other address of a module answers with two lines
that hand it on. The modules that a package names are built together and share what they have in common; a file that is
reached only by a pattern or a path is built alone, with the others left outside. Other packages always stay outside.
"""

import hashlib
import posixpath
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playground.artifacts.addresses import shelf_url
from playground.artifacts.blobs import put_blob
from playground.shelf.archives import open_archive
from playground.shelf.bundling import Bundle, bundle
from playground.shelf.cdn import Options
from playground.shelf.cdn.references import NO_OPTIONS
from playground.shelf.dependencies import Addresses
from playground.shelf.manifests import SCRIPTS, entry_file, matched_entries, named_entries
from playground.shelf.models import Derivative, Package

REVISION = "1"  # to be raised when the same package would be built otherwise
_SOURCES = (*SCRIPTS, ".json")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a built file depends on."""

    package: Package
    options: Options

    @property
    def folder(self) -> str:
        """The part of the address that all files of this build have in common."""
        word = self.options.word or "-"
        return f"/built/{REVISION}/{word}/{self.package.name}@{self.package.version}"

    def address(self, path: str) -> str:
        return f"{shelf_root()}{self.folder}/{path}"

    def key(self, path: str) -> str:
        text = "\0".join([shelf_root(), self.package.integrity, self.folder, path])
        return hashlib.sha256(text.encode()).hexdigest()


def shelf_root() -> str:
    """The path that the shelf's addresses begin with: empty, unless it shares a host with others."""
    return urlsplit(shelf_url()).path


def recipe(package: Package, options: Options) -> Recipe:
    """Options are for dependencies; without any they would only make a second copy of the same."""
    fields = ("dependencies", "peerDependencies", "optionalDependencies")
    depends = any(package.manifest.get(field) for field in fields)
    return Recipe(package, options if depends else NO_OPTIONS)


def source_file(package: Package, subpath: str) -> str | None:
    """The file that the module `name/subpath` is built from."""
    return entry_file(package.manifest, set(package.files), subpath)


def is_source(path: str) -> bool:
    return path.endswith(_SOURCES)


def built_name(source: str) -> str:
    """`lib/index.mjs` is built as `lib/index.js`; JSON becomes a script as well."""
    stem, end = posixpath.splitext(source)
    return f"{source}.js" if end == ".json" else f"{stem}.js"


def build_module(made: Recipe, source: str) -> None:
    """Build the module of `source` and those that belong to it, and keep them. Raises BuildFailed."""
    files = set(made.package.files)
    named = named_entries(made.package.manifest, files)
    with tempfile.TemporaryDirectory(prefix="shelf-") as folder:
        root = Path(folder).resolve() / "package"
        _extract(made.package, root)
        addresses = Addresses(made.package, made.options, shelf_root())
        if source in named:
            result = bundle(root, named, [], addresses)
        else:
            others = {*named, *matched_entries(made.package.manifest, files)} - {source}
            result = bundle(root, [source], _siblings(others, source), addresses)
        _keep(made, result)


def _siblings(others: Iterable[str], source: str) -> list[str]:
    """Left outside; except what would be built under the same name."""
    return sorted(other for other in others if built_name(other) != built_name(source))


def _extract(package: Package, root: Path) -> None:
    with open_archive(package) as archive:
        for path in archive.namelist():
            target = (root / path).resolve()
            if target.is_relative_to(root) and not path.endswith("/"):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(path))


def _keep(made: Recipe, result: Bundle) -> None:
    for path, content in result.files.items():
        fields = {
            "package": made.package,
            "blob": put_blob(content),
            "size": len(content),
            "has_default": path in result.with_default,
        }
        Derivative.objects.update_or_create(key=made.key(path), defaults=fields)
