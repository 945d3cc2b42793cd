"""The page that plays the film of how an artifact came to be. Without scripts it tells the chapters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Artifact, Version
from playground.gallery.films import MOST, versions_to
from playground.gallery.framing import frame_only


@require_safe
@ensure_csrf_cookie
def show_latest(request: HttpRequest, artifact_id: str) -> HttpResponse:
    artifact = _visible(request, artifact_id)
    return _show(request, artifact, artifact.latest)


@require_safe
@ensure_csrf_cookie
def show_version(request: HttpRequest, artifact_id: str, number: int) -> HttpResponse:
    artifact = _visible(request, artifact_id)
    version = artifact.versions.filter(number=number).first()
    if version is None:
        raise Http404
    return _show(request, artifact, version)


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


def _visible(request: HttpRequest, artifact_id: str) -> Artifact:
    visitor = request.user if isinstance(request.user, User) else None
    artifact = Artifact.objects.visible_to(visitor).select_related("owner").filter(pk=artifact_id).first()
    if artifact is None:
        raise Http404
    return artifact
