"""Packages built as ECMAScript modules for browsers.

Identity is what matters: one React, one three.js in a page, whatever ways lead to it. So a built file has one address,
`/built/<revision>/<options>/<name>@<version>/<source path>`, and every other address of a module answers with two lines
that hand it on. What two modules of a package would both contain is a module of its own, too; so each is built alone,
when it is first asked for, with the others left outside. Other packages always stay outside.
"""

import hashlib
import posixpath
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playground.artifacts.addresses import shelf_url
from playground.artifacts.blobs import put_blob
from playground.shelf.archives import unpacked
from playground.shelf.bundling import Bundle, bundle, survey
from playground.shelf.cdn import Options
from playground.shelf.cdn.references import NO_OPTIONS
from playground.shelf.dependencies import Addresses
from playground.shelf.manifests import SCRIPTS, entry_file, matched_entries, named_entries
from playground.shelf.models import Derivative, Package
from playground.shelf.sharing import split_files

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
    """Build the module of `source`, with those that can only be built together, and keep them. Raises BuildFailed."""
    package = made.package
    files = set(package.files)
    named = named_entries(package.manifest, files)
    with unpacked(package) as root, tempfile.TemporaryDirectory(prefix="shelf-") as folder:
        work = Path(folder).resolve()
        apart = _apart(package, root, work, named)
        if apart is None and source in named:
            sources, outside = named, set[str]()
        else:
            sources, outside = [source], {*(apart or named), *matched_entries(package.manifest, files)}
        same = {built_name(each) for each in sources}
        outside = {other for other in outside if built_name(other) not in same}
        addresses = Addresses(package, made.options, shelf_root())
        _keep(made, bundle(root, work, sources, sorted(outside), addresses))


def _apart(package: Package, root: Path, work: Path, named: list[str]) -> set[str] | None:
    """The files that are modules of their own; None where the named ones have to be built together."""
    if package.parts is None:
        apart = split_files(survey(root, work, named).inputs, named) if len(named) > 1 else set(named)
        package.parts = {"apart": sorted(apart) if apart is not None else None}
        package.save(update_fields=["parts"])
    kept = package.parts["apart"]
    return set(kept) if kept is not None else None


def _keep(made: Recipe, result: Bundle) -> None:
    for path, content in result.files.items():
        fields = {
            "package": made.package,
            "blob": put_blob(content),
            "size": len(content),
            "has_default": path in result.with_default,
        }
        Derivative.objects.update_or_create(key=made.key(path), defaults=fields)
