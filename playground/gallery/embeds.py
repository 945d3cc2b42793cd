"""A version in a page of another site: a picture with a button at first, since what runs costs the visitor.

It knows nobody: whoever looks, signed in or not, sees what any stranger sees.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from playground.artifacts.access import find_artifact
from playground.artifacts.addresses import embedded_url, host_url, public_url
from playground.artifacts.models import Artifact, Version
from playground.checks.presenting import picture_urls
from playground.checks.services import check_of
from playground.errors import NotFound, PlaygroundError
from playground.gallery.framing import describe_frame, with_policy
from playground.gallery.visits import count_visit


@require_safe
@xframe_options_exempt
def show_embed(request: HttpRequest, artifact_id: str, number: int | None = None) -> HttpResponse:
    try:
        artifact = find_artifact(None, artifact_id)
        version = _version(artifact, number)
    except PlaygroundError as refusal:
        return _show_closed(request, artifact_id, refusal)
    is_running = "run" in request.GET
    if is_running:
        count_visit(request, artifact)
    address = embedded_url(version)
    context: dict[str, object] = {
        "artifact": artifact,
        "version": version,
        "is_running": is_running,
        "run_url": f"{request.path}?run=1",
        "poster": _poster(version),
        "permalink": public_url(artifact.get_absolute_url() if number is None else version.get_absolute_url()),
        "frame_url": address,
        "shown": describe_frame(version, address, is_mine=False),
    }
    response = render(request, "gallery/embed.html", context)
    return _frameable(request, response, [f"{host_url(artifact.pk)}/"])


def _show_closed(request: HttpRequest, artifact_id: str, refusal: PlaygroundError) -> HttpResponse:
    context = {"message": refusal.message, "permalink": public_url(f"/a/{artifact_id}")}
    return _frameable(request, render(request, "gallery/embed_closed.html", context, status=refusal.status), [])


def _version(artifact: Artifact, number: int | None) -> Version:
    versions = artifact.versions.select_related("checked")
    version = versions.first() if number is None else versions.filter(number=number).first()
    if version is None:
        raise NotFound("version_not_found", _("This version does not exist."))
    version.artifact = artifact
    return version


def _poster(version: Version) -> str | None:
    check = check_of(version)
    if check is None:
        return None
    pictures = picture_urls(version, check)
    return pictures.shots.get("2") or pictures.thumbnail


def _frameable(request: HttpRequest, response: HttpResponse, frames: list[str]) -> HttpResponse:
    """Other sites may show it; it shows the one artifact."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    ancestors = settings.EMBEDDERS or [CSP.NONE]
    return with_policy(request, response, {"frame-src": frames or [CSP.NONE], "frame-ancestors": ancestors})
