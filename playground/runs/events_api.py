"""Following runs over plain HTTP: server-sent events, and a long poll for networks that hold streams back.

Who asks for `application/json` polls. One request follows all runs of a page: browsers open only six connections to
a host for all their tabs.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Annotated

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from playground.accounts.api_auth import ApiRequest
from playground.errors import BadInput, NotFound
from playground.protocol import Problem, Refused
from playground.runs.delivery import collect, follow_all
from playground.runs.lines import Line, batch_of
from playground.runs.models import Run

router = Router(tags=["runs"])

MAX_FOLLOWED = 64
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 50.0  # seconds: the database is asked meanwhile; proxies give up after 60

After = Annotated[int, Field(ge=0, le=2**31)]
Wait = Annotated[float, Query(ge=0, allow_inf_nan=False)]
Position = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}:[0-9]{1,9}$")]

_DESCRIPTION: dict[str, object] = {"responses": {200: {"content": {"text/event-stream": {}, "application/json": {}}}}}


@router.get("/runs/{run_id}/events", openapi_extra=_DESCRIPTION)
async def run_events(
    request: ApiRequest, run_id: str, after: Annotated[After | None, Query()] = None, wait: Wait = 25
) -> HttpResponseBase:
    """The run's frames as server-sent events: `id` is the seq, `data` the frame. Ends after the last frame.

    Resumes after the `Last-Event-ID` header or `after`. With `Accept: application/json` it is a long poll: it answers
    `{frames, refused}` as soon as there are frames after `after`, or without any after `wait` seconds (at most 50).
    """
    run = await sync_to_async(_own)(request, [run_id])
    if not run:
        raise NotFound("run_not_found", _("This run does not exist."))
    if after is None:
        after = _last_event_id(request)
    return await _answer(request, {run_id: after}, [], wait)


@router.get("/events", openapi_extra=_DESCRIPTION)
async def events(
    request: ApiRequest,
    follow: Annotated[list[Position], Query(min_length=1, max_length=MAX_FOLLOWED)],
    wait: Wait = 25,
) -> HttpResponseBase:
    """The frames of several runs: `follow` is `RUN:SEQ`, and can be given more than once. As `/runs/{id}/events`,
    but without `id`; a run that does not exist is refused among the frames, as on the websocket.
    """
    asked = {run: int(after) for run, after in (position.split(":") for position in follow)}
    own = await sync_to_async(_own)(request, list(asked))
    problem = Problem(code="run_not_found", message=_("This answer does not exist."))
    refused = [Refused(run=run, error=problem) for run in asked if run not in own]
    return await _answer(request, {run: after for run, after in asked.items() if run in own}, refused, wait)


async def _answer(
    request: ApiRequest, positions: Mapping[str, int], refused: Sequence[Refused], wait: float
) -> HttpResponseBase:
    response: HttpResponseBase
    if "application/json" in request.headers.get("Accept", ""):
        wait = 0 if refused else wait
        lines = await collect(positions, min(max(wait, SHORTEST_WAIT), LONGEST_WAIT))
        response = HttpResponse(batch_of(lines, refused), content_type="application/json")
    else:
        response = StreamingHttpResponse(_server_sent_events(positions, refused), content_type="text/event-stream")
        response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store, no-transform"
    return response


async def _server_sent_events(positions: Mapping[str, int], refused: Sequence[Refused]) -> AsyncIterator[str]:
    """A comment at once, by which one sees that nothing holds the stream back, and in each silence of five seconds:
    proxies close connections on which nothing comes for a minute.
    """
    yield ": open\n\n"
    for refusal in refused:
        yield f"data: {refusal.model_dump_json()}\n\n"
    async with aclosing(follow_all(positions)) as batches:
        async for lines in batches:
            yield "".join(_event(line, has_id=len(positions) == 1) for line in lines) or ": waiting\n\n"


def _event(line: Line, *, has_id: bool) -> str:
    return (f"id: {line.seq}\n" if has_id else "") + f"data: {line.json}\n\n"


def _own(request: ApiRequest, runs: list[str]) -> set[str]:
    """Those of the runs that this person may follow."""
    if not request.user.pk:
        return set()
    return set(Run.objects.of_owner(request.user.pk).filter(pk__in=runs).values_list("pk", flat=True))


def _last_event_id(request: HttpRequest) -> int:
    given = request.headers.get("Last-Event-ID", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise BadInput("bad_event_id", _("Last-Event-ID must be a seq: a whole number."))
    return int(given)
