"""What the shelf answers to an address."""

import asyncio
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from playground.artifacts.addresses import shelf_url
from playground.artifacts.files import mime_type
from playground.shelf.archives import read_kept, read_package_file
from playground.shelf.cdn import Kind, Reference, parse
from playground.shelf.cdn.googlefonts import parse_request
from playground.shelf.failures import ShelfFailure, note_file, note_fonts, note_version
from playground.shelf.fonts import make_sheet
from playground.shelf.lookup import find_file
from playground.shelf.models import Derivative, Package
from playground.shelf.modules import built_name, is_source, recipe, source_file
from playground.shelf.services import find_package, order_module
from playground.shelf.versions import choose_version, is_satisfied

FOREVER = 31_536_000  # seconds
DAY = 86_400
A_WHILE = 300  # what an open range means may change
_SCRIPTS = Path(__file__).parent / "scripts"
_JAVASCRIPT = "text/javascript; charset=utf-8"
_OWN = {f"/playground/{name}": name for name in ("databases.js", "pointing.js")}


@dataclass(frozen=True, slots=True)
class Content:
    body: bytes
    mime: str
    max_age: int
    note: str = ""
    package: Package | None = None  # whose compressed forms may be kept

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class Moved:
    """The same under another address, which names the exact version and file."""

    path: str
    max_age: int = A_WHILE


type Found = Content | Moved


async def answer(path: str, wanted_as: str = "") -> Content:
    """`wanted_as` is the request's `Sec-Fetch-Dest`. Raises ShelfFailure, which says why there is nothing.

    What has moved is answered at once: a browser follows no redirect for a page whose connections are listed.
    """
    found, max_age = await _look_up(path, wanted_as), FOREVER
    while isinstance(found, Moved):
        max_age = min(max_age, found.max_age)
        found = await _look_up(found.path, wanted_as)
    return replace(found, max_age=min(found.max_age, max_age))


async def _look_up(path: str, wanted_as: str) -> Found:
    if path in _OWN:
        return await asyncio.to_thread(_own, _OWN[path])
    reference = parse(path)
    if reference is None or reference.kind is Kind.ABSENT:
        raise ShelfFailure("no_address", path)
    if reference.kind is Kind.MODULE:
        return await _module(reference, wanted_as)
    if reference.kind is Kind.TSX:
        return await asyncio.to_thread(_tsx)
    makers = {Kind.FILE: _file, Kind.BUILT: _built, Kind.FONTS: _fonts, Kind.COMBINED: _combined}
    return await makers[reference.kind](reference)


async def _file(reference: Reference) -> Found:
    package = await find_package(reference.name, reference.range)
    note = _version_note(reference, package)
    if not reference.is_exact and not note:
        return Moved(reference.at(package.version).canonical)
    found = await asyncio.to_thread(find_file, frozenset(package.files), package.manifest, reference.path)
    if found is None:
        return await _other_versions_file(package, reference)
    if not reference.path and not note:
        return Moved(f"/npm/{package}/{found.path}", DAY)
    if found.is_guess:
        note = f"{note} {note_file(str(package), reference.path, found.path)}".strip()
    content = await _package_file(package, found.path)
    return replace(content, note=note, max_age=A_WHILE) if note else content


async def _other_versions_file(package: Package, reference: Reference) -> Content:
    """A file that another version on the shelf has: React 19 has no script for pages, and models ask for it."""
    others = Package.objects.filter(name=package.name).exclude(pk=package.pk)
    having = [other async for other in others if reference.path in other.files]
    nearest = choose_version([other.version for other in having], {}, package.version)
    for other in having:
        if other.version == nearest:
            note = note_file(str(package), reference.path, f"{other}/{reference.path}")
            return replace(await _package_file(other, reference.path), note=note, max_age=A_WHILE)
    raise ShelfFailure("no_file", f"{package}/{reference.path}")


async def _package_file(package: Package, path: str) -> Content:
    body = await asyncio.to_thread(read_package_file, package, path)
    return Content(body, mime_type(path), FOREVER, package=package)


def _version_note(reference: Reference, package: Package) -> str:
    if is_satisfied(package.version, reference.range):
        return ""
    return note_version(reference.name, reference.range, package.version)


async def _module(reference: Reference, wanted_as: str) -> Found:
    """Two lines that hand the built module on, so that all its addresses mean the same one."""
    package = await find_package(reference.name, reference.range)
    source = source_file(package, reference.path)
    if source is None:
        found = await asyncio.to_thread(find_file, frozenset(package.files), package.manifest, reference.path)
        source = found.path if found else None
    if source is None:
        raise ShelfFailure("no_file", f"{package}/{reference.path}")
    if not is_source(source) or wanted_as == "json":
        return Moved(f"/npm/{package}/{source}", DAY if reference.is_exact else A_WHILE)
    made = recipe(package, reference.options)
    derivative = await order_module(made, source)
    address = json.dumps(made.address(built_name(source)))
    lines = f"export * from {address};\n"
    if derivative.has_default:
        lines += f"export {{ default }} from {address};\n"
    max_age = DAY if reference.is_exact else A_WHILE
    return Content(lines.encode(), _JAVASCRIPT, max_age, _version_note(reference, package), package)


async def _built(reference: Reference) -> Found:
    package = await find_package(reference.name, reference.range)
    made = recipe(package, reference.options)
    derivative = await Derivative.objects.filter(key=made.key(reference.path)).afirst()
    if derivative is None:
        source = _source_of(package, reference.path)
        if source is None:
            raise ShelfFailure("no_file", f"{package}/{reference.path}")
        if not is_source(source):  # an asset beside the module
            return await _package_file(package, source)
        derivative = await order_module(made, source)
    body = await asyncio.to_thread(read_kept, derivative.blob)
    return Content(body, _JAVASCRIPT, FOREVER, package=package)


def _source_of(package: Package, path: str) -> str | None:
    """The source that is built as `path`. For a part that several have in common: the main one, which brings it."""
    files = set(package.files)
    if path.startswith("-/"):
        return source_file(package, "")
    stem = path.removesuffix(".js").removesuffix(".mjs").removesuffix(".cjs")
    spellings = (path, f"{stem}.js", f"{stem}.mjs", f"{stem}.cjs", f"{stem}.jsx", stem)
    return next((file for file in spellings if file in files), None)


async def _fonts(reference: Reference) -> Content:
    sheet = await make_sheet(parse_request(reference.path))
    note = note_fonts(", ".join(sheet.missing)) if sheet.missing else ""
    return Content(sheet.css.encode(), "text/css; charset=utf-8", A_WHILE if note else DAY, note)


async def _combined(reference: Reference) -> Content:
    contents = await asyncio.gather(*(answer(part.canonical) for part in reference.parts))
    notes = " ".join(content.note for content in contents if content.note)
    max_age = min(content.max_age for content in contents)
    return Content(b"\n".join(content.body for content in contents), contents[0].mime, max_age, notes)


def _tsx() -> Content:
    script = (_SCRIPTS / "tsx.js").read_text(encoding="utf-8")
    return Content(script.replace("__SHELF__", shelf_url()).encode(), _JAVASCRIPT, DAY)


def _own(name: str) -> Content:
    """What the prelude loads when it is first needed: its IndexedDB, and what points at elements of the page."""
    script = settings.ROOT / "frontend" / "dist" / "prelude" / name
    if not script.exists():
        raise ShelfFailure("no_file", name)
    return Content(script.read_bytes(), _JAVASCRIPT, DAY)
