"""What to take home is untrusted: it leaves as an attachment, and where it is shown all the same it has no rights."""

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import Router

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of, visitor
from playground.accounts.models import User
from playground.accounts.quotas import check_may_push
from playground.artifacts.access import find_version
from playground.artifacts.models import Version
from playground.errors import PlaygroundError
from playground.takeout.archive import Chunks, write_archive
from playground.takeout.pushing import github, huggingface
from playground.takeout.pushing.offers import offered_services
from playground.takeout.pushing.parcel import Parcel, make_parcel
from playground.takeout.recipe import make_recipe
from playground.takeout.services import file_name, make_page

router = Router(tags=["takeout"])
_VERSION = "/artifacts/{artifact_id}/versions/{number}"
_TOLD = ("artifact__owner", "artifact__remixed_from__artifact", "author", "parent__artifact")  # by the recipe


@router.get("/takeout", response=protocol.TakeoutServices)
def get_services(request: ApiRequest) -> protocol.TakeoutServices:
    """Where versions may be pushed to."""
    return offered_services()


@router.get(f"{_VERSION}/takeout", response=protocol.TakeoutInfo)
async def get_takeout(request: ApiRequest, artifact_id: str, number: int) -> protocol.TakeoutInfo:
    """What the one HTML file cannot hold."""
    page = await make_page(await _find(request, artifact_id, number))
    return protocol.TakeoutInfo(size=len(page.html), outside=page.outside)


@router.get(f"{_VERSION}/export.html")
async def export_page(request: ApiRequest, artifact_id: str, number: int) -> HttpResponse:
    version = await _find(request, artifact_id, number)
    page = await make_page(version)
    response = HttpResponse(page.html, content_type="text/html; charset=utf-8")
    return _attach(response, file_name(version, "html"))


@router.get(f"{_VERSION}/export.zip")
def export_archive(request: ApiRequest, artifact_id: str, number: int) -> HttpResponseBase:
    version = find_version(visitor(request), artifact_id, number, *_TOLD)
    file = write_archive(version, make_recipe(version, visitor(request)))
    response = StreamingHttpResponse(Chunks(file), content_type="application/zip")
    return _attach(response, file_name(version, "zip"))


@router.post(f"{_VERSION}/push/github", response=protocol.Pushed)
async def push_github(request: ApiRequest, artifact_id: str, number: int, body: protocol.GithubPush) -> protocol.Pushed:
    """The token is used for this one request and not kept."""
    _check_offered(settings.GITHUB_API, github.SERVICE)
    return await github.push(body, await _pack(request, artifact_id, number))


@router.post(f"{_VERSION}/push/huggingface", response=protocol.Pushed)
async def push_huggingface(
    request: ApiRequest, artifact_id: str, number: int, body: protocol.HuggingFacePush
) -> protocol.Pushed:
    """The token is used for this one request and not kept."""
    _check_offered(settings.HUGGINGFACE_URL, huggingface.SERVICE)
    return await huggingface.push(body, await _pack(request, artifact_id, number))


async def _pack(request: ApiRequest, artifact_id: str, number: int) -> Parcel:
    version = await _find(request, artifact_id, number)
    await sync_to_async(check_may_push)(visitor(request), address_of(request))
    page = await make_page(version)
    return await sync_to_async(_make_parcel)(version, page.html, visitor(request))


def _make_parcel(version: Version, page: bytes, reader: User | None) -> Parcel:
    return make_parcel(version, page, make_recipe(version, reader))


async def _find(request: ApiRequest, artifact_id: str, number: int) -> Version:
    reader = await sync_to_async(visitor)(request)
    return await sync_to_async(find_version)(reader, artifact_id, number, *_TOLD)


def _check_offered(address: str, service: str) -> None:
    if not address:
        message = _("This playground does not push to %(service)s. Take the zip, and upload it yourself.")
        raise PlaygroundError("push_off", message % {"service": service}, status=404)


def _attach[Response: HttpResponseBase](response: Response, name: str) -> Response:
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"  # the permalink is what may be found
    return response
