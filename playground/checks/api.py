from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of, visitor
from playground.accounts.quotas import check_may_verify
from playground.accounts.services import ensure_user
from playground.artifacts.access import find_version
from playground.artifacts.blobs import read_blob
from playground.checks.presenting import check_info
from playground.checks.services import check_of, order_check
from playground.checks.tasks import wake_worker
from playground.errors import NotFound

router = Router(tags=["checks"])

_KEPT = "private, max-age=31536000, immutable"
type Shot = Literal["thumbnail", "0.5", "2", "5", "phone"]


@router.get("/artifacts/{artifact_id}/versions/{number}/check", response=protocol.CheckInfo)
def get_check(request: ApiRequest, artifact_id: str, number: int) -> protocol.CheckInfo:
    return check_info(find_version(visitor(request), artifact_id, number, "checked"))


@router.post("/artifacts/{artifact_id}/versions/{number}/check", response={202: protocol.CheckInfo})
def verify_again(request: ApiRequest, artifact_id: str, number: int) -> Status[protocol.CheckInfo]:
    """Check the version once more, with the same seed. Follow it by asking for the check."""
    version = find_version(visitor(request), artifact_id, number, "checked")
    check_may_verify(ensure_user(request), address_of(request))
    version.checked = order_check(version)
    wake_worker()
    return Status(202, check_info(version))


@router.get("/artifacts/{artifact_id}/versions/{number}/picture")
def get_picture(
    request: ApiRequest, artifact_id: str, number: int, shot: Shot = "thumbnail", animated: bool = False
) -> HttpResponse:
    """WebP. `animated`: in motion, where the page moves. 404 while there is none."""
    check = check_of(find_version(visitor(request), artifact_id, number, "checked"))
    pictures = check.pictures if check else {}
    blob = (animated and pictures.get("film")) or pictures.get(shot)
    if not blob:
        raise NotFound("no_picture", _("There is no picture of this version."))
    return _picture(request, blob)


def _picture(request: HttpRequest, blob: str) -> HttpResponse:
    """The addresses in a check's answer name the picture, and never change what they lead to."""
    etag = f'"{blob[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(read_blob(blob), content_type="image/webp")
    response["ETag"] = etag
    response["Cache-Control"] = _KEPT if request.GET.get("v") == blob[:8] else "private, no-cache"
    return response
