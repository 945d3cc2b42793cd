"""The app answers its own pages, and people who follow a link to it. What other sites send for is refused.

Browsers say where a request comes from (`Sec-Fetch-*`); a page cannot forge that. Scripts outside of a browser do
not send it, and prove themselves otherwise.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from playground.accounts.api_auth import problem_response
from playground.host.hosts import is_artifact_host
from playground.middleware import AsyncMiddleware
from playground.protocol import Problem

# What other sites show, and what they ask about it: playground/gallery/embeds.py.
_FOR_ALL = re.compile(r"/(?:healthz|readyz|oembed|embed/[^/]+(?:/v/\d+)?|a/[^/]+/v/\d+/card\.jpg)")

type Application = Callable[[Any, Any, Any], Awaitable[Any]]


class IsolationMiddleware(AsyncMiddleware):
    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = await self.get_response(request) if is_welcome(request) else _refuse(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def is_welcome(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none"):
        return True
    if request.path.startswith(settings.STATIC_URL) or _FOR_ALL.fullmatch(request.path):
        return request.method in ("GET", "HEAD")  # the same for everybody
    if request.headers.get("Authorization", "").lower().startswith("bearer "):
        return True  # speaks for the token's owner, whatever the cookies say
    return (
        request.method in ("GET", "HEAD")
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )


def _refuse(request: HttpRequest) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        message = _("This request came from another site, so it was refused. Open the playground itself.")
    if request.path.startswith("/api/"):
        return problem_response(Problem(code="cross_site", message=message), 403)
    return HttpResponse(message, status=403, content_type="text/plain; charset=utf-8")


class SameOriginWebsockets:
    """Opens websockets to the app's own pages alone. An artifact's page sends the origin `null`."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        is_own = _is_own_page(headers.get(b"origin", ""), headers.get(b"host", ""))
        application: Application = self.application if is_own else WebsocketDenier()
        return await application(scope, receive, send)


def _is_own_page(origin: str, host: str) -> bool:
    name, _port = split_domain_port(host)
    if not validate_host(name, settings.ALLOWED_HOSTS) or is_artifact_host(host):
        return False
    parts = urlsplit(origin)
    return origin == settings.PUBLIC_URL or (parts.scheme in ("http", "https") and parts.netloc == host)
