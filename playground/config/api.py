"""The HTTP API and its one error shape: `{"error": Problem}`."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from pydantic_core import from_json

from playground.accounts.api_auth import TokenOrSession, problem_response
from playground.artifacts.api import router as artifacts
from playground.artifacts.draft_api import router as drafts
from playground.builds.api import router as builds
from playground.checks.api import router as checks
from playground.errors import PlaygroundError
from playground.gallery.api import router as gallery
from playground.gallery.replay_api import router as replay
from playground.gateway.api import router as gateway
from playground.protocol import Problem
from playground.runs.api import router as runs
from playground.runs.events_api import router as events
from playground.runs.races_api import router as races
from playground.runs.sharing_api import router as sharing
from playground.takeout.api import router as takeout

logger = logging.getLogger(__name__)


class StrictParser(Parser):
    """JSON as the standard has it: NaN, or half of a surrogate pair, is text that nothing behind us could keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = from_json(request.body, allow_inf_nan=False)
        return body


api = NinjaAPI(
    title="Playground",
    version="1",
    description="Start runs, follow them, publish artifacts. Authenticate with `Authorization: Bearer <token>`.",
    urls_namespace="api",
    auth=TokenOrSession(),
    parser=StrictParser(),
    docs_url=None,  # its page loads scripts from elsewhere
)
api.add_router("", runs)
api.add_router("", events)
api.add_router("", races)
api.add_router("", sharing)
api.add_router("", artifacts)
api.add_router("", drafts)
api.add_router("", checks)
api.add_router("", builds)
api.add_router("", gateway)
api.add_router("", takeout)
api.add_router("", replay)
api.add_router("", gallery)


@api.exception_handler(PlaygroundError)
def refuse(request: HttpRequest, error: PlaygroundError) -> HttpResponse:
    return problem_response(error.problem(), error.status)


@api.exception_handler(ValidationError)
def refuse_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "chat", "build"))
    message = f"{place}: {first['msg']}" if place else str(first["msg"])
    return problem_response(Problem(code="bad_input", message=message), 422)


@api.exception_handler(Http404)
def refuse_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(Problem(code="not_found", message=_("There is nothing here.")), 404)


@api.exception_handler(HttpError)
def refuse_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_response(Problem(code="bad_request", message=str(error)), error.status_code)


@api.exception_handler(Exception)
def refuse_everything(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem_response(
        Problem(code="internal", message=_("Something went wrong on our side"), retryable=True), 500
    )
