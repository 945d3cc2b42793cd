"""The files of saved versions as they are served: made once, kept as blobs, found again by a digest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from asgiref.sync import sync_to_async

from playground.artifacts.blobs import put_blob, read_blob
from playground.artifacts.compression import compress_all
from playground.artifacts.files import mime_type
from playground.host import prelude
from playground.host.libraries import Demand, addresses
from playground.host.memory import Memory
from playground.host.models import Rendition
from playground.host.rendering import Context, Use, content_type, has_page, is_module, open_rendering
from playground.host.rendering.building import BUILT
from playground.host.rewriting import Addresses, HtmlRewriter, ImportNames
from playground.host.snapshots import Snapshot

REVISION = 2  # to be counted up when the rewriting of the same file gives something else
_MARKUP = (".html", ".htm")
_BUILT = tuple(f".{kind}" for kind in BUILT)
_MEMORY = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Served:
    content_type: str
    digest: str
    forms: dict[str, bytes]  # by content encoding; "" is the plain one

    @property
    def size(self) -> int:
        return sum(map(len, self.forms.values()))


type Key = tuple[int, str, Use, str]
_recent = Memory[Key, Served](_MEMORY)


async def serve(snapshot: Snapshot, path: str, use: Use) -> Served:
    """The file at `path`, which the version has, for this use."""
    use = _effective(path, use)
    if snapshot.version is None:
        return await sync_to_async(load)(snapshot, path, use)
    key = (snapshot.version, path, use, snapshot.pins_digest)
    if served := _recent.get(key):
        return served
    served = await sync_to_async(load)(snapshot, path, use)
    _recent.put(key, served, served.size)
    return served


def load(snapshot: Snapshot, path: str, use: Use) -> Served:
    """From the store; made where it has not been yet."""
    use = _effective(path, use)
    if snapshot.version is None or not _is_rendered(path, use):
        return _make(snapshot, path, use)
    digest = _digest(snapshot, path, use)
    kept = Rendition.objects.filter(pk=digest).first()
    if kept:
        return Served(content_type(path, use), digest, {name: read_blob(blob) for name, blob in kept.forms.items()})
    served = _make(snapshot, path, use)
    served = replace(served, forms=compress_all(served.forms[""], served.content_type))
    forms = {name: put_blob(form) for name, form in served.forms.items()}
    Rendition.objects.get_or_create(pk=digest, defaults={"version_id": snapshot.version, "forms": forms})
    return served


def _make(snapshot: Snapshot, path: str, use: Use) -> Served:
    if not _is_rendered(path, use):
        return Served(mime_type(path), snapshot.files[path]["blob"], {"": snapshot.tree.read(path)})
    page = render(snapshot, path, use, addresses(snapshot.pins), prelude.tag())
    return Served(content_type(path, use), _digest(snapshot, path, use), {"": page})


def find_demand(snapshot: Snapshot) -> dict[str, str]:
    """The shelf's paths that the version asks for in open ranges, by their keys in its pins."""
    demand = Demand()
    for path, use in uses(snapshot):
        render(snapshot, path, use, demand.addresses(), prelude.tag())
    return demand.paths


def uses(snapshot: Snapshot) -> Iterable[tuple[str, Use]]:
    """What a visit of the version may ask for, and is rendered."""
    for path in snapshot.files:
        if path.endswith(_MARKUP) or (path == snapshot.entry and has_page(path)):
            yield path, Use.PAGE
        if path.endswith(_MARKUP):
            continue
        if _is_rendered(path, use := Use.MODULE if path.endswith(_BUILT) else Use.FILE):
            yield path, use


def read_names(snapshot: Snapshot) -> ImportNames:
    """What the import maps of the version's pages answer for."""
    names = ImportNames()
    for path in snapshot.files:
        if path.endswith(_MARKUP):
            reader = HtmlRewriter(addresses({}), "", names=names)
            reader.feed(_text(snapshot, path))
            reader.finish()
    return names


def render(snapshot: Snapshot, path: str, use: Use, found: Addresses, prelude: str) -> bytes:
    """The file made anew for this use. `prelude` is put in right after a page's doctype."""
    names = ImportNames() if use is Use.PAGE else read_names(snapshot)
    rendering = open_rendering(path, use, Context(found, prelude, names))
    if rendering is None:
        return snapshot.tree.read(path)
    text = rendering.start() + rendering.feed(_text(snapshot, path)) + rendering.finish()
    return text.encode(errors="surrogateescape")


def _text(snapshot: Snapshot, path: str) -> str:
    """Bytes that are no UTF-8 come out as they went in."""
    return snapshot.tree.read(path).decode(errors="surrogateescape")


def _effective(path: str, use: Use) -> Use:
    """A script that needs no building is the same for every use."""
    return Use.FILE if use is Use.MODULE and not is_module(path) else use


def _is_rendered(path: str, use: Use) -> bool:
    """Everything that is text may be worth compressing."""
    return use is not Use.FILE or mime_type(path).endswith("charset=utf-8")


def _digest(snapshot: Snapshot, path: str, use: Use) -> str:
    blobs = sorted(file["blob"] for file in snapshot.files.values())
    parts = [REVISION, prelude.tag(), snapshot.pins, path, use, snapshot.files[path]["blob"], blobs]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
