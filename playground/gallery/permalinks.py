"""Permalinks: a version's page for everybody who may see it, without our JavaScript."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from playground import protocol
from playground.accounts.api_auth import address_of
from playground.accounts.models import User
from playground.accounts.quotas import check_may_verify
from playground.accounts.services import ensure_user
from playground.artifacts.addresses import frame_url, public_url
from playground.artifacts.models import Artifact, ArtifactQuerySet, NetworkPolicy, Version
from playground.artifacts.network import cut_hosts
from playground.artifacts.services import remix_version
from playground.checks.presenting import check_info
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker
from playground.errors import QuotaExceeded
from playground.gallery.framing import frame_only
from playground.gallery.submissions import standing_of
from playground.runs.models import Conversation
from playground.runs.services import continue_version


@require_safe
def show_latest(request: HttpRequest, artifact_id: str) -> HttpResponse:
    artifact = _visible(request, artifact_id)
    return _show(request, artifact, artifact.latest)


@require_safe
def show_version(request: HttpRequest, artifact_id: str, number: int) -> HttpResponse:
    artifact = _visible(request, artifact_id)
    return _show(request, artifact, _version(artifact, number))


@require_POST
def remix(request: HttpRequest, artifact_id: str) -> HttpResponseRedirect:
    """A copy under one's own name, opened in the workbench. A visitor becomes a guest."""
    artifact = _visible(request, artifact_id)
    number = request.POST.get("version", "")
    version = _version(artifact, int(number)) if number.isdigit() else artifact.latest
    user = ensure_user(request)
    return _to_workbench(continue_version(user, remix_version(version=version, owner=user)))


@require_POST
def verify(request: HttpRequest, artifact_id: str, number: int) -> HttpResponseRedirect:
    """Check the version once more. A visitor becomes a guest."""
    version = _version(_visible(request, artifact_id), number)
    try:
        check_may_verify(ensure_user(request), address_of(request))
    except QuotaExceeded as refusal:
        messages.error(request, refusal.message)
    else:
        order_check(version)
        wake_worker()
    return redirect(f"{version.get_absolute_url()}#check")


@require_POST
def open_in_workbench(request: HttpRequest, artifact_id: str) -> HttpResponseRedirect:
    """The owner goes on in the conversation that made the artifact, or in a new one."""
    artifact = _visible(request, artifact_id)
    if artifact.owner_id != request.user.pk or not isinstance(request.user, User):
        raise Http404
    conversation = artifact.conversations.filter(owner=request.user).first()
    return _to_workbench(conversation or continue_version(request.user, artifact.latest))


def _show(request: HttpRequest, artifact: Artifact, version: Version) -> HttpResponse:
    version.artifact = artifact
    context = {
        "artifact": artifact,
        "version": version,
        "versions": artifact.versions.all(),
        "is_mine": artifact.owner_id == request.user.pk,
        "standing": _standing(request, artifact),
        "is_latest": version.number == artifact.latest.number,
        "remixed_from": _source(request, artifact),
        "frame_url": frame_url(version),
        "shown": _shown(request, version),
        "allowed_hosts": cut_hosts(artifact.allowed_hosts),
        "check": check_info(version),
        "permalink": public_url(version.get_absolute_url()),
        "fullscreen_url": f"{request.path}?full=1",
        "export_url": f"/api/artifacts/{artifact.pk}/versions/{version.number}/export",
    }
    template = "gallery/full.html" if "full" in request.GET else "gallery/permalink.html"
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-cache"
    return frame_only(request, response, artifact.pk)


def _standing(request: HttpRequest, artifact: Artifact) -> protocol.GalleryStanding | None:
    user = request.user
    return standing_of(artifact, user) if isinstance(user, User) and artifact.owner_id == user.pk else None


def _shown(request: HttpRequest, version: Version) -> dict[str, object]:
    """What the page's own script wants to know."""
    policy = NetworkPolicy.objects.current()
    return {
        "id": version.artifact.pk,
        "title": version.artifact.title,
        "frame_url": frame_url(version),
        "is_mine": version.artifact.owner_id == request.user.pk,
        "network": policy.rule,
        "network_hosts": policy.hosts,
    }


def _source(request: HttpRequest, artifact: Artifact) -> Version | None:
    """What this is a remix of, where the visitor may see that."""
    source = artifact.remixed_from
    return source if source and _visible_to(request).filter(pk=source.artifact_id).exists() else None


def _visible_to(request: HttpRequest) -> ArtifactQuerySet:
    return Artifact.objects.visible_to(request.user if isinstance(request.user, User) else None)


def _visible(request: HttpRequest, artifact_id: str) -> Artifact:
    artifact = _visible_to(request).select_related("owner", "remixed_from__artifact").filter(pk=artifact_id).first()
    if artifact is None:
        raise Http404
    return artifact


def _version(artifact: Artifact, number: int) -> Version:
    version = artifact.versions.select_related("author").filter(number=number).first()
    if version is None:
        raise Http404
    return version


def _to_workbench(conversation: Conversation) -> HttpResponseRedirect:
    return redirect(reverse("conversation", args=[conversation.pk]))
