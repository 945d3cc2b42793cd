"""A page as it was while it was made, for the film of that: still, or going on at the film's pace.

Below a film's address stands a position: `7x0/` is the page as it was after frame 7, `7x200/` goes on from there at
twice the pace. For that a moment is put behind it, of our clock: so all files of the page are at the same place in the
film, whichever server answers for them.
"""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Sequence

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri

from playground.artifacts.models import Version
from playground.host.preview import Source, preview_file
from playground.host.snapshots import Snapshot, snapshot_of
from playground.protocol import Frame
from playground.runs.footage import Footage, find_footage

SLOWEST = 0.5  # of the film's own pace
_POSITION = re.compile(r"(?P<seq>\d{1,6})x(?P<pace>\d{1,4})(?P<began>-\d{13})?/(?P<path>.*)", re.DOTALL)


async def film_file(request: HttpRequest, snapshot: Snapshot | None, path: str) -> HttpResponseBase:
    position = _POSITION.fullmatch(path)
    if snapshot is None or snapshot.version is None or position is None:
        raise Http404
    pace = int(position["pace"]) / 100
    if 0 < pace < SLOWEST:  # it would keep a connection for long
        raise Http404
    if pace and not position["began"]:
        return _begin_now(request, position)
    footage = await sync_to_async(_find)(snapshot.version)
    began = min(time.time(), int(position["began"][1:]) / 1000) if pace else 0.0

    def read() -> AsyncGenerator[Frame]:
        return play(footage.film.frames, int(position["seq"]), pace, began)

    source = Source(read, lambda: snapshot_of(footage.base) if footage.base else None)
    return await preview_file(request, source, position["path"])


def _begin_now(request: HttpRequest, position: re.Match[str]) -> HttpResponse:
    address = f"../{position['seq']}x{position['pace']}-{round(time.time() * 1000)}/{position['path']}"
    response = HttpResponse(status=307, headers={"Location": iri_to_uri(address)})
    response["Cache-Control"] = "no-store"
    return response


async def play(frames: Sequence[Frame], seq: int, pace: float, began: float) -> AsyncGenerator[Frame]:
    """The frames up to `seq` at once; with a pace, those that follow, each at its time. `began`: at which that was
    `seq`'s, in seconds of the clock.
    """
    start = frames[min(seq, len(frames)) - 1].at if frames and seq else 0
    for frame in frames:
        if frame.seq > seq:
            if not pace:
                return
            due = began + (frame.at - start) / 1000 / pace
            await asyncio.sleep(max(0.0, due - time.time()))
        yield frame


def _find(version: int) -> Footage:
    return find_footage(Version.objects.select_related("artifact").get(pk=version))
