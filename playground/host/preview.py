"""The live preview: a run's files, served while the model writes them.

The browser's own parser renders the page as it comes in; a request for a file that is not finished yet stays pending
until it is. So a page loads as it would over a slow network, and nothing is parsed twice. The text goes through the
same rewriting as a saved version's, so that the two are the same bytes.

Proxies close what is silent. So nobody waits for longer than two heartbeats: until the file is begun, the browser is
led to the same address again (it follows twenty such answers, and so waits 13 minutes in all); a page during which the
model falls silent is ended, and the app, which sees its end come too early, loads it again when there is more of it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri

from playground.artifacts.edits.reading import FileReader
from playground.artifacts.files import choose_entry, is_page
from playground.artifacts.models import Version
from playground.host import prelude
from playground.host.answers import answer
from playground.host.libraries import addresses
from playground.host.pages import no_page
from playground.host.rendering import (
    Context,
    Rendering,
    Use,
    content_type,
    find_path,
    has_page,
    open_rendering,
    use_of,
)
from playground.host.renditions import read_names, serve
from playground.host.rewriting import HtmlRewriter, ImportNames
from playground.host.snapshots import Snapshot, snapshot_of
from playground.protocol import FileClosed, FileDelta, FileOpened, Frame
from playground.runs.following import follow
from playground.runs.models import Run
from playground.runs.prompting import base_version

_MARKUP = (".html", ".htm")


@dataclass
class _Search:
    """The frames of a run, read up to where the wanted file begins."""

    path: str
    use: Use
    opened: list[str] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)  # of these, those that begin as they were and are then changed
    names: ImportNames = field(default_factory=ImportNames)  # of the page so far
    text: str = ""  # of a wanted file that was edited
    _page: HtmlRewriter | None = None

    def take(self, frame: Frame) -> str | None:
        """The path of the file that is wanted, once it is opened."""
        match frame.event:
            case FileOpened(path=path, is_edit=is_edit):
                self.opened.append(path)
                (self.edited.add if is_edit else self.edited.discard)(path)
                is_wanted = find_path([path], self.path, self.use) if self.path else is_page(path)
                if is_wanted:
                    return path
                if path.endswith(_MARKUP):
                    self._page = HtmlRewriter(addresses({}), "", names=self.names)
            case FileDelta(path=path, text=text) if path.endswith(_MARKUP) and self._page:
                self._page.feed(text)
        return None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a preview comes from: the frames of a run, from the first one with each call, and the version that it goes
    on from.
    """

    read: Callable[[], AsyncGenerator[Frame]]
    load_base: Callable[[], Snapshot | None]


async def preview_run(request: HttpRequest, run: str, path: str) -> HttpResponseBase:
    if not await Run.objects.filter(pk=run).aexists():
        raise Http404
    return await preview_file(request, Source(lambda: follow(run), lambda: _load_base(run)), path)


async def preview_file(request: HttpRequest, source: Source, path: str) -> HttpResponseBase:
    """The file at `path`; with an empty path the run's page. Waits a while until the model begins the file.

    What the run does not write comes from the version that it goes on from.
    """
    search = _Search(path, use_of(request, path))
    frames = source.read()
    try:
        async with asyncio.timeout(_patience()):
            found = await _find(frames, search)
    except TimeoutError:
        await frames.aclose()
        return _lead_here_again(request)
    if found is None:
        await frames.aclose()
        return await _serve_rest(request, source, search)
    return await _serve(source, frames, found, search)


async def _find(frames: AsyncIterator[Frame], search: _Search) -> str | None:
    """None where the run ends without the file. One that is edited is read to its end: what has been sent to a browser
    cannot be changed.
    """
    async for frame in frames:
        if found := search.take(frame):
            if found in search.edited:
                search.text = await _read_edited(frames, found)
            return found
    return None


async def _read_edited(frames: AsyncIterator[Frame], path: str) -> str:
    reader = FileReader(path)
    async for frame in frames:
        reader.take(frame.event)
        if isinstance(frame.event, FileClosed) and frame.event.path == path:
            break
    return reader.text


def _patience() -> float:
    return 2.0 * settings.HEARTBEAT


def _lead_here_again(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=307, headers={"Location": request.get_full_path()})
    response["Cache-Control"] = "no-store"
    return response


async def _serve(source: Source, frames: AsyncGenerator[Frame], path: str, search: _Search) -> HttpResponseBase:
    if not search.path and "/" in path:  # what the page names is beside it
        await frames.aclose()
        return HttpResponseRedirect(iri_to_uri(path))
    use = Use.FILE if search.use is Use.PAGE and not has_page(path) else search.use
    names = search.names
    if use is not Use.PAGE and not any(each.endswith(_MARKUP) for each in search.opened):
        base = await sync_to_async(source.load_base)()  # the page is not among what is written
        names = await sync_to_async(read_names)(base) if base else names
    rendering = open_rendering(path, use, Context(addresses({}), prelude.tag(), names))
    response: HttpResponseBase
    if rendering and rendering.is_whole:
        await frames.aclose()
        response = HttpResponse(rendering.start() + rendering.finish(), content_type=content_type(path, use))
    else:
        patience = _patience() if use is Use.PAGE else None
        texts = _whole_text(frames, search.text) if path in search.edited else _texts(frames, path, patience)
        response = StreamingHttpResponse(_contents(texts, rendering), content_type=content_type(path, use))
        response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


async def _texts(frames: AsyncGenerator[Frame], path: str, patience: float | None) -> AsyncGenerator[str]:
    """The file as it is written, until nothing comes for `patience` seconds."""
    async with aclosing(frames):
        with suppress(TimeoutError, StopAsyncIteration):
            while True:
                frame = await asyncio.wait_for(anext(frames), patience)
                match frame.event:
                    case FileDelta(path=written, text=text) if written == path:
                        yield text
                    case FileClosed(path=closed) if closed == path:
                        return


async def _whole_text(frames: AsyncGenerator[Frame], text: str) -> AsyncGenerator[str]:
    async with aclosing(frames):
        yield text


async def _contents(texts: AsyncGenerator[str], rendering: Rendering | None) -> AsyncIterator[bytes]:
    if rendering and (text := rendering.start()):
        yield text.encode()
    async with aclosing(texts):
        async for text in texts:
            if text := rendering.feed(text) if rendering else text:
                yield text.encode()
    if rendering:  # in a thread of its own: it may build
        yield (await sync_to_async(rendering.finish, thread_sensitive=False)()).encode()


async def _serve_rest(request: HttpRequest, source: Source, search: _Search) -> HttpResponseBase:
    """The run is over, and did not begin what was asked for."""
    base = await sync_to_async(source.load_base)()
    files = [*search.opened, *(base.files if base else [])]
    if not files and not search.path:
        return no_page()
    path = find_path(files, search.path, search.use) if search.path else choose_entry(files)
    if path in search.opened:  # a file that is a page only for want of a better one
        again = _Search(path, search.use)
        frames = source.read()
        if await _find(frames, again):
            return await _serve(source, frames, path, again)
    if base is None or path not in base.files:
        raise Http404
    if not search.path and "/" in path:
        return HttpResponseRedirect(iri_to_uri(path))
    use = Use.FILE if search.use is Use.PAGE and not has_page(path) else search.use
    return answer(request, await serve(base, path, use), cache="no-store")


def _load_base(run: str) -> Snapshot | None:
    version: Version | None = base_version(Run.objects.select_related("conversation__base").get(pk=run))
    return snapshot_of(version) if version else None
