"""Following runs over plain HTTP: server-sent events, and a long poll for networks that hold streams back.

Who asks for `application/json` polls. One request follows all runs of a page, and watches its conversation: browsers
open only six connections to a host for all their tabs.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Annotated

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from playground.accounts.api_auth import ApiRequest
from playground.errors import BadInput, NotFound, PlaygroundError
from playground.protocol import ConversationNews, Problem, Refused, Watch
from playground.runs.audience import find_conversations, may_watch, refusal
from playground.runs.delivery import Message, collect, deliver, json_of
from playground.runs.lines import Line, batch_of

router = Router(tags=["runs"])

MAX_FOLLOWED = 64
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 50.0  # seconds: the database is asked meanwhile; proxies give up after 60

After = Annotated[int, Field(ge=0, le=2**31)]
Wait = Annotated[float, Query(ge=0, allow_inf_nan=False)]
Position = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}:[0-9]{1,9}$")]
Watched = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}:[0-9a-f]{0,16}$")]

_DESCRIPTION: dict[str, object] = {"responses": {200: {"content": {"text/event-stream": {}, "application/json": {}}}}}


@router.get("/runs/{run_id}/events", openapi_extra=_DESCRIPTION)
async def run_events(
    request: ApiRequest, run_id: str, after: Annotated[After | None, Query()] = None, wait: Wait = 25
) -> HttpResponseBase:
    """The run's frames as server-sent events: `id` is the seq, `data` the frame. Ends after the last frame.

    Resumes after the `Last-Event-ID` header or `after`. With `Accept: application/json` it is a long poll: it answers
    `{frames, refused}` as soon as there are frames after `after`, or without any after `wait` seconds (at most 50).
    """
    user_id = await sync_to_async(_user_id)(request)
    found = await sync_to_async(find_conversations)(user_id, [run_id])
    if not found:
        raise NotFound("run_not_found", _("This run does not exist."))
    if after is None:
        after = _last_event_id(request)
    batches = deliver(user_id, {run_id: after}, _shared(found), None)
    return await _answer(request, batches, [], wait, has_id=True)


@router.get("/events", openapi_extra=_DESCRIPTION)
async def events(
    request: ApiRequest,
    follow: Annotated[list[Position] | None, Query(max_length=MAX_FOLLOWED)] = None,
    watch: Annotated[Watched | None, Query()] = None,
    wait: Wait = 25,
) -> HttpResponseBase:
    """The frames of several runs: `follow` is `RUN:SEQ`, and can be given more than once. As `/runs/{id}/events`,
    but without `id`; a run that does not exist is refused among the frames, as on the websocket.

    `watch` is `CONVERSATION:STAMP`: its news come among the frames, the first at once unless its stamp is the same.
    """
    if not follow and not watch:
        raise PlaygroundError("bad_input", _("Say what to follow, or to watch."), status=422)
    asked = {run: int(after) for run, after in (position.split(":") for position in follow or [])}
    user_id = await sync_to_async(_user_id)(request)
    found = await sync_to_async(find_conversations)(user_id, asked)
    problem = Problem(code="run_not_found", message=_("This answer does not exist."))
    refused = [Refused(run=run, error=problem) for run in asked if run not in found]
    watched = _read_watch(watch)
    if watched and not await sync_to_async(may_watch)(user_id, watched.conversation):
        refused.append(refusal(watched.conversation))
        watched = None
    positions = {run: after for run, after in asked.items() if run in found}
    batches = deliver(user_id, positions, _shared(found), watched)
    return await _answer(request, batches, refused, wait)


async def _answer(
    request: ApiRequest,
    batches: AsyncGenerator[list[Message]],
    refused: Sequence[Refused],
    wait: float,
    *,
    has_id: bool = False,
) -> HttpResponseBase:
    response: HttpResponseBase
    if "application/json" in request.headers.get("Accept", ""):
        wait = 0 if refused else wait
        messages = await collect(batches, min(max(wait, SHORTEST_WAIT), LONGEST_WAIT))
        batch = batch_of(
            [each for each in messages if isinstance(each, Line)],
            news=[each for each in messages if isinstance(each, ConversationNews)],
            refused=[*refused, *(each for each in messages if isinstance(each, Refused))],
        )
        response = HttpResponse(batch, content_type="application/json")
    else:
        events = _server_sent_events(batches, refused, has_id=has_id)
        response = StreamingHttpResponse(events, content_type="text/event-stream")
        response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store, no-transform"
    return response


async def _server_sent_events(
    batches: AsyncGenerator[list[Message]], refused: Sequence[Refused], *, has_id: bool
) -> AsyncIterator[str]:
    """A comment at once, by which one sees that nothing holds the stream back, and in each silence of five seconds:
    proxies close connections on which nothing comes for a minute.
    """
    yield ": open\n\n"
    for each in refused:
        yield _event(each, has_id=False)
    async with aclosing(batches):
        async for messages in batches:
            yield "".join(_event(message, has_id=has_id) for message in messages) or ": waiting\n\n"


def _event(message: Message, *, has_id: bool) -> str:
    number = f"id: {message.seq}\n" if has_id and isinstance(message, Line) else ""
    return f"{number}data: {json_of(message)}\n\n"


def _user_id(request: ApiRequest) -> int | None:
    """Whose session it is, is looked up when it is asked for."""
    return request.user.pk


def _shared(found: Mapping[str, tuple[str, bool]]) -> dict[str, str]:
    """Of the runs of others, their conversations."""
    return {run: conversation for run, (conversation, is_own) in found.items() if not is_own}


def _read_watch(given: str | None) -> Watch | None:
    conversation, _colon, stamp = (given or "").partition(":")
    return Watch(conversation=conversation, stamp=stamp) if conversation else None


def _last_event_id(request: HttpRequest) -> int:
    given = request.headers.get("Last-Event-ID", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise BadInput("bad_event_id", _("Last-Event-ID must be a seq: a whole number."))
    return int(given)
