"""Permalinks: a version's page for everybody who may see it, without our JavaScript."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from playground import protocol
from playground.accounts.api_auth import address_of, visitor
from playground.accounts.models import User
from playground.accounts.quotas import check_may_verify
from playground.accounts.services import ensure_user
from playground.artifacts.access import find_artifact, find_version
from playground.artifacts.addresses import frame_url
from playground.artifacts.lineage import remixes_of, source_of
from playground.artifacts.models import Artifact, Version, Visibility
from playground.artifacts.network import cut_hosts
from playground.artifacts.services import remix_version
from playground.checks.presenting import check_info
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker
from playground.errors import QuotaExceeded
from playground.gallery.cards import SIZE
from playground.gallery.doors import door
from playground.gallery.framing import describe_frame, frame_only
from playground.gallery.likes import is_liked
from playground.gallery.links import describe, share_links
from playground.gallery.oembed import discovery_urls
from playground.gallery.pictures import card_url
from playground.gallery.recipes import recipe_facts
from playground.gallery.submissions import standing_of
from playground.gallery.visits import count_visit
from playground.runs.models import Conversation
from playground.runs.services import continue_version

SHOWN_REMIXES = 12


@require_safe
@door
def show_latest(request: HttpRequest, artifact_id: str) -> HttpResponse:
    artifact = _visible(request, artifact_id)
    return _show(request, artifact.latest)


@require_safe
@door
def show_version(request: HttpRequest, artifact_id: str, number: int) -> HttpResponse:
    related = ("author", "artifact__owner", "artifact__remixed_from__artifact")
    return _show(request, find_version(visitor(request), artifact_id, number, *related))


@require_POST
@door
def remix(request: HttpRequest, artifact_id: str) -> HttpResponseRedirect:
    """A copy under one's own name, opened in the workbench. A visitor becomes a guest."""
    number = request.POST.get("version", "")
    if number.isdigit():
        version = find_version(visitor(request), artifact_id, int(number))
    else:
        version = _visible(request, artifact_id).latest
    user = ensure_user(request)
    return _to_workbench(continue_version(user, remix_version(version=version, owner=user)))


@require_POST
@door
def verify(request: HttpRequest, artifact_id: str, number: int) -> HttpResponseRedirect:
    """Check the version once more. A visitor becomes a guest."""
    version = find_version(visitor(request), artifact_id, number)
    try:
        check_may_verify(ensure_user(request), address_of(request))
    except QuotaExceeded as refusal:
        messages.error(request, refusal.message)
    else:
        order_check(version)
        wake_worker()
    return redirect(f"{version.get_absolute_url()}#check")


@require_POST
@door
def open_in_workbench(request: HttpRequest, artifact_id: str) -> HttpResponseRedirect:
    """The owner goes on in the conversation that made the artifact, or in a new one."""
    artifact = _visible(request, artifact_id)
    if artifact.owner_id != request.user.pk or not isinstance(request.user, User):
        raise Http404
    conversation = artifact.conversations.filter(owner=request.user).first()
    return _to_workbench(conversation or continue_version(request.user, artifact.latest))


def _show(request: HttpRequest, version: Version) -> HttpResponse:
    artifact = version.artifact
    is_mine, address = artifact.owner_id == request.user.pk, frame_url(version)
    count_visit(request, artifact)
    reader = visitor(request)
    context = {
        "artifact": artifact,
        "version": version,
        "versions": artifact.versions.all(),
        "is_mine": is_mine,
        "standing": _standing(request, artifact),
        "is_latest": version.number == artifact.latest.number,
        "remixed_from": source_of(artifact, reader),
        "remixes": remixes_of(artifact, reader).select_related("owner")[:SHOWN_REMIXES],
        "likes": artifact.likes.count(),
        "is_liked": is_liked(artifact, request),
        "frame_url": address,
        "shown": describe_frame(version, address, is_mine=is_mine),
        "recipe": recipe_facts(version, reader),
        "allowed_hosts": cut_hosts(artifact.allowed_hosts),
        "check": check_info(version),
        "visibilities": Visibility.choices,
        "links": share_links(artifact, version),
        "description": describe(version),
        "card": card_url(version),
        "card_size": SIZE,
        "oembed": discovery_urls(request.path) if artifact.is_open else {},
        "fullscreen_url": f"{request.path}?full=1",
        "export_url": f"/api/artifacts/{artifact.pk}/versions/{version.number}/export",
    }
    template = "gallery/full.html" if "full" in request.GET else "gallery/permalink.html"
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-cache"
    if not artifact.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return frame_only(request, response, artifact.pk)


def _standing(request: HttpRequest, artifact: Artifact) -> protocol.GalleryStanding | None:
    user = request.user
    return standing_of(artifact, user) if isinstance(user, User) and artifact.owner_id == user.pk else None


def _visible(request: HttpRequest, artifact_id: str) -> Artifact:
    return find_artifact(visitor(request), artifact_id, "remixed_from__artifact")


def _to_workbench(conversation: Conversation) -> HttpResponseRedirect:
    return redirect(reverse("conversation", args=[conversation.pk]))
