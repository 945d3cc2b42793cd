"""The page that plays the film of how an artifact came to be. Without scripts it tells the chapters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from playground.artifacts.access import find_artifact, find_version
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Artifact, Version
from playground.gallery.doors import door, visitor
from playground.gallery.films import MOST, versions_to
from playground.gallery.framing import frame_only


@require_safe
@door
@ensure_csrf_cookie
def show_latest(request: HttpRequest, artifact_id: str) -> HttpResponse:
    artifact = find_artifact(visitor(request), artifact_id)
    return _show(request, artifact, artifact.latest)


@require_safe
@door
@ensure_csrf_cookie
def show_version(request: HttpRequest, artifact_id: str, number: int) -> HttpResponse:
    version = find_version(visitor(request), artifact_id, number, "artifact__owner")
    return _show(request, version.artifact, version)


def _show(request: HttpRequest, artifact: Artifact, version: Version) -> HttpResponse:
    version.artifact = artifact
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
