"""The picture of a link, made once and kept with the version's renditions."""

import hashlib
import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from playground.artifacts.access import find_version
from playground.artifacts.addresses import public_url
from playground.artifacts.blobs import put_blob, read_blob
from playground.artifacts.models import Version
from playground.checks.services import check_of
from playground.errors import PlaygroundError
from playground.gallery.cards import REVISION, draw_card
from playground.host.models import Rendition

_SHOTS = ("5", "2", "0.5")
_CACHE = "public, no-cache"  # to be asked for each time: it may have been taken down, or back by its owner


def card_url(version: Version) -> str | None:
    """None where not everybody may see it. The address is another one when the picture is."""
    if not version.artifact.is_open:
        return None
    path = reverse("card", args=[version.artifact_id, version.number])
    return public_url(f"{path}?v={_key(version)[:8]}")


@require_safe
def show_card(request: HttpRequest, artifact_id: str, number: int) -> HttpResponseBase:
    """The same for everybody, whoever asks: other sites show it."""
    try:
        version = find_version(None, artifact_id, number, "artifact__owner", "checked")
    except PlaygroundError:
        raise Http404 from None
    key = _key(version)
    etag = f'"{key[:32]}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(_card(version, key), content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = _CACHE
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if not version.artifact.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def _card(version: Version, key: str) -> bytes:
    kept = Rendition.objects.filter(pk=key).first()
    if kept is None:
        screenshots = [read_blob(blob) for blob in _screenshots(version)]
        drawn = draw_card(version.artifact.title, _byline(version), screenshots)
        Rendition.objects.get_or_create(pk=key, defaults={"version": version, "forms": {"": put_blob(drawn)}})
        return drawn
    return read_blob(kept.forms[""])


def _byline(version: Version) -> str:
    """In no language: everybody gets the same picture."""
    return f"{version.artifact.owner.public_name} · Playground"


def _screenshots(version: Version) -> list[str]:
    check = check_of(version)
    pictures = check.pictures if check else {}
    return [pictures[name] for name in _SHOTS if name in pictures] or list(filter(None, [pictures.get("thumbnail")]))


def _key(version: Version) -> str:
    parts = ["card", REVISION, version.pk, version.artifact.title, _byline(version), _screenshots(version)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
