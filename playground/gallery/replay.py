"""The page that plays the film of how an artifact came to be. Without scripts it tells the chapters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from playground.accounts.api_auth import visitor
from playground.artifacts.access import find_artifact, find_version
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Version
from playground.gallery.doors import door
from playground.gallery.films import MOST, versions_to
from playground.gallery.framing import frame_only


@require_safe
@door
@ensure_csrf_cookie
def show_latest(request: HttpRequest, artifact_id: str) -> HttpResponse:
    return _show(request, find_artifact(visitor(request), artifact_id).latest)


@require_safe
@door
@ensure_csrf_cookie
def show_version(request: HttpRequest, artifact_id: str, number: int) -> HttpResponse:
    return _show(request, find_version(visitor(request), artifact_id, number, "artifact__owner"))


def _show(request: HttpRequest, version: Version) -> HttpResponse:
    artifact = version.artifact
    context = {
        "artifact": artifact,
        "version": version,
        "versions": versions_to(version)[-MOST:],
        "permalink": public_url(f"{version.get_absolute_url()}/replay"),
        "shown": {"artifact": artifact.pk, "number": version.number, "title": artifact.title},
    }
    response = render(request, "gallery/replay.html", context)
    response["Cache-Control"] = "private, no-cache"
    return frame_only(request, response, artifact.pk)
