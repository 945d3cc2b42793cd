from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve

from playground.artifacts.addresses import SHELF, open_token, public_url
from playground.host import pages
from playground.host.headers import confine, confine_own_page, is_document, shelf_headers
from playground.host.hosts import Place, is_artifact_host, locate
from playground.host.levels import MEANINGS, Level, level
from playground.host.network import allowed_hosts
from playground.host.withholding import Withheld
from playground.middleware import AsyncMiddleware, Next
from playground.shelf.views import shelved


class ArtifactHostMiddleware(AsyncMiddleware):
    """Answers for the artifact hosts and passes on everything else.

    It stands first, so that for an artifact host no session, cookie or app route exists, and the app's host knows
    none of the routes here.
    """

    def __init__(self, get_response: Next) -> None:
        if level() == Level.SAME_HOST:
            raise ImproperlyConfigured(str(MEANINGS[Level.SAME_HOST]))
        super().__init__(get_response)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host()
        if not is_artifact_host(host):
            return await self.get_response(request)
        place = locate(host, request.path_info)
        response = await _answer(request, place)
        if isinstance(response, pages.OwnPage):
            return confine_own_page(response, pages.STYLE)
        if place.label == SHELF:
            return shelf_headers(response)
        hosts = await allowed_hosts(place.label) if is_document(response) else []
        is_embedded = place.path.startswith("/e/")
        return confine(request, response, label=place.label, hosts=hosts, is_embedded=is_embedded)


async def _answer(request: HttpRequest, place: Place) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return pages.refused(405)
    if "Service-Worker" in request.headers:
        return pages.refused(403)
    try:
        if place.label == SHELF:
            return await shelved(request, place.path.removeprefix("/"))
        match = resolve(place.path, urlconf="playground.host.urls")
        if _is_outside(request):
            return pages.elsewhere(_permalink(place.label, match.kwargs))
        response: HttpResponseBase = await match.func(request, place.label, *match.args, **match.kwargs)
    except Withheld:
        return pages.taken_down(public_url(f"/a/{place.label}"))
    except Http404:
        return pages.not_found()
    return response


def _is_outside(request: HttpRequest) -> bool:
    """Whether a browser would show the answer as a page elsewhere than in a frame; which the policy then names."""
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") != "iframe"


def _permalink(label: str, address: dict[str, object]) -> str:
    """Nothing is looked up: whether there is such a permalink, and for whom, is the app's business."""
    target = f"v/{address['number']}" if "number" in address else open_token(str(address["token"]), label)
    if target and target.startswith("draft"):
        return public_url(f"/a/{label}")
    version, _at, _seal = (target or "").partition("@")
    return public_url(f"/a/{label}/{version}" if version.startswith("v/") else "/")
