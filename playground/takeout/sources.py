"""Everything that a version's page can ask for: its own files as the host serves them, and the library shelf's.

Both get addresses on hosts that exist nowhere, so that relative ones resolve as they do on the host, and no exported
file names the playground that it comes from.
"""

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urldefrag, urlsplit

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from playground.artifacts.addresses import shelf_url
from playground.errors import PlaygroundError
from playground.host.rendering import Use, content_type, find_path
from playground.host.renditions import render, uses
from playground.host.rewriting import Addresses
from playground.host.snapshots import Snapshot
from playground.shelf.answers import Content, answer
from playground.shelf.cdn import URL_START, Kind, bare_path, parse, shelf_path
from playground.shelf.failures import ShelfFailure
from playground.shelf.modules import shelf_root

PAGE = "https://page.invalid/"
SHELF_ORIGIN = "https://shelf.invalid"
MAX_BYTES = 48 * 1024 * 1024  # of all that goes into one file, each counted once
PRELUDE = "<!--playground-takeout-->"
_TRIES = 4
_URL_START = re.compile(URL_START, re.IGNORECASE)
_TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Resource:
    url: str
    mime: str
    body: bytes

    @property
    def text(self) -> str:
        """Bytes that are no UTF-8 come out as they went in."""
        return self.body.decode(errors="surrogateescape")

    @property
    def is_text(self) -> bool:
        return self.mime.startswith(_TEXT)


@dataclass(frozen=True, slots=True)
class _Wholes(Addresses):
    """Of an address that a script puts together at run time there is nothing to take along: it stays the CDN's."""

    prefixes: set[str] = field(default_factory=set)

    def find_url(self, url: str, *, is_prefix: bool = False) -> str | None:
        if is_prefix and self.url_start.match(url):
            self.prefixes.add(url)
        return None if is_prefix else Addresses.find_url(self, url)


class Sources:
    """To be prepared before anything else is asked of it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.shelf = SHELF_ORIGIN + shelf_root()
        # Addresses on the shelf that the version's files name, and what is written there; those that it has not.
        self.asked: dict[str, str] = {}
        self.lost: dict[str, str] = {}
        self.prefixes: set[str] = set()  # addresses that scripts put together as they run
        self.is_whole = True  # whether what is lost is lost for good, and not only for now
        self.used: set[str] = set()  # addresses that the page has been given in another way than by the store
        self._found: dict[tuple[str, Use], Resource | None] = {}
        self._size = 0

    @property
    def entry(self) -> str:
        return local_url(self.snapshot.entry)

    async def prepare(self) -> None:
        """Learn which libraries the version's files name, and which of them the shelf has."""
        for path, use in uses(self.snapshot):
            await self._render(path, use)
        await asyncio.gather(*(self.find(url) for url in list(self.asked)))
        self.lost = {url: cdn for url, cdn in self.asked.items() if self._found.get((url, Use.FILE)) is None}
        self.asked = {url: cdn for url, cdn in self.asked.items() if url not in self.lost}

    async def find(self, url: str, use: Use = Use.FILE) -> Resource | None:
        """What is at an address of the page's or the shelf's.

        Raises PlaygroundError where it all gets too large, or where a library is still on its way.
        """
        url = self._on_shelf(urldefrag(url).url)
        use = use if url.startswith(PAGE) else Use.FILE
        if (url, use) not in self._found:
            self._found[url, use] = None
            found = await (self._find_local(url, use) if url.startswith(PAGE) else self._find_shelved(url))
            self._found[url, use] = found
            self._weigh(found)
        return self._found[url, use]

    def _on_shelf(self, url: str) -> str:
        """An import map may name a CDN's folder, so that the CDN's address of a file comes about only here."""
        path = shelf_path(url, self.snapshot.pins) if _URL_START.match(url) else None
        return url if path is None else self.shelf + path

    async def page(self) -> str:
        return (await self._render(self.snapshot.entry, Use.PAGE)).decode(errors="surrogateescape")

    def is_module(self, url: str) -> bool:
        """Whether an address on the shelf is that of a module."""
        reference = parse(url.removeprefix(self.shelf))
        return reference is not None and reference.kind in (Kind.MODULE, Kind.BUILT)

    async def _find_local(self, url: str, use: Use) -> Resource | None:
        path = find_path(self.snapshot.files, unquote(urlsplit(url).path).removeprefix("/"), use)
        if path is None:
            return None
        return Resource(local_url(path), content_type(path, use), await self._render(path, use))

    async def _find_shelved(self, url: str) -> Resource | None:
        if not url.startswith(self.shelf):
            return None
        try:
            content = await _answer(url.removeprefix(self.shelf))
        except ShelfFailure as failure:
            if failure.code == "slow":
                raise _not_ready() from failure
            self.is_whole &= failure.code != "unreachable"
            return None
        found = Resource(url, content.mime, content.body)
        # Stylesheets of fonts, and our own scripts, name the shelf with its host.
        return Resource(url, content.mime, found.body.replace(shelf_url().encode(), self.shelf.encode()))

    async def _render(self, path: str, use: Use) -> bytes:
        addresses = _Wholes(
            self.shelf,
            self._shelf_path,
            self._bare_path,
            _URL_START,
            self.snapshot.pins,
            prefixes=self.prefixes,
        )
        return await sync_to_async(render)(self.snapshot, path, use, addresses, PRELUDE)

    def _shelf_path(self, url: str, pins: object) -> str | None:
        return self._ask(shelf_path(url, self.snapshot.pins), url)

    def _bare_path(self, specifier: str, pins: object) -> str | None:
        return self._ask(bare_path(specifier, self.snapshot.pins), specifier)

    def _ask(self, path: str | None, cdn: str) -> str | None:
        """What the shelf has not stays as it was written: with a network it may be there."""
        if path is None or self.shelf + path in self.lost:
            return None
        self.asked.setdefault(self.shelf + path, cdn)
        return path

    def _weigh(self, found: Resource | None) -> None:
        self._size += len(found.body) if found else 0
        if self._size > MAX_BYTES:
            message = _("As one file, this page would be larger than %(size)d MB. Take the zip instead.")
            size = {"size": MAX_BYTES // (1024 * 1024)}
            raise PlaygroundError("export_too_large", message % size, status=413)


async def _answer(path: str) -> Content:
    """Asked again where a build takes longer than the shelf waits."""
    for _try in range(_TRIES - 1):
        try:
            return await answer(path)
        except ShelfFailure as failure:
            if failure.code != "slow":
                raise
    return await answer(path)


def _not_ready() -> PlaygroundError:
    message = _("Libraries of this page are still being fetched. Try again in a moment.")
    return PlaygroundError("export_not_ready", message, status=503, retryable=True, retry_after=20)


def local_url(path: str) -> str:
    return PAGE + quote(path)
