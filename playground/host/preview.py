"""The live preview: a run's files, served while the model writes them.

The browser's own parser renders the page as it comes in; a request for a file that is not finished yet stays pending
until it is. So a page loads as it would over a slow network, and nothing is parsed twice.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from playground.artifacts.files import is_page, mime_type, read_file
from playground.artifacts.models import Version
from playground.host.pages import no_page
from playground.protocol import FileClosed, FileDelta, FileOpened, Frame
from playground.runs.following import follow
from playground.runs.models import Run
from playground.runs.prompting import base_version


async def preview_file(run: str, path: str) -> HttpResponseBase:
    """The run's file at `path`; with an empty path the run's page. Waits until the model opens the file.

    What the run does not write comes from the version that it goes on from.
    """
    if not await Run.objects.filter(pk=run).aexists():
        raise Http404
    frames = follow(run)
    opened = await _wait_for(frames, path)
    if opened is None:
        await frames.aclose()
        return await sync_to_async(_base_file)(run, path)
    response = StreamingHttpResponse(_contents(frames, opened), content_type=mime_type(opened))
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _wait_for(frames: AsyncIterator[Frame], path: str) -> str | None:
    """The path of the wanted file once it is opened; None when the run ends without it."""
    async for frame in frames:
        if isinstance(frame.event, FileOpened):
            opened = frame.event.path
            if opened == path or (not path and is_page(opened)):
                return opened
    return None


async def _contents(frames: AsyncGenerator[Frame], path: str) -> AsyncIterator[bytes]:
    async with aclosing(frames):
        async for frame in frames:
            match frame.event:
                case FileDelta(path=written, text=text) if written == path:
                    yield text.encode()
                case FileClosed(path=closed) if closed == path:
                    return


def _base_file(run: str, path: str) -> HttpResponse:
    version = base_version(Run.objects.select_related("conversation__base").get(pk=run))
    if version is None:
        if path:
            raise Http404
        return no_page()
    return _version_file(version, path or version.entry)


def _version_file(version: Version, path: str) -> HttpResponse:
    if path not in version.files:
        raise Http404
    return HttpResponse(read_file(version.files[path]), content_type=mime_type(path))
