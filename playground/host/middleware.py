from collections.abc import Awaitable, Callable

from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from playground.host.headers import confine
from playground.host.pages import not_found

type Next = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class ArtifactHostMiddleware:
    """Answers for `<label>.<artifact host>` and passes on everything else.

    It stands first, so that for an artifact host no session, cookie or app route exists, and the app's host knows
    none of the routes here.
    """

    sync_capable = False
    async_capable = True

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        label = artifact_label(request.get_host())
        if label is None:
            return await self.get_response(request)
        return confine(request, await _answer(request, label))


def artifact_label(host: str) -> str | None:
    """`abc` for `abc.localhost:8000`; None for a host that is not an artifact's."""
    label, dot, parent = host.partition(".")
    return label if dot and parent == settings.ARTIFACT_HOST else None


async def _answer(request: HttpRequest, label: str) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405)
    if "Service-Worker" in request.headers:
        return HttpResponse(status=403)
    try:
        match = resolve(request.path_info, urlconf="playground.host.urls")
        response: HttpResponseBase = await match.func(request, label, *match.args, **match.kwargs)
    except Http404:
        return not_found()
    return response
