"""Where an artifact stands with the gallery, and what its owner may do about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from playground import protocol
from playground.accounts.models import User
from playground.artifacts.models import Artifact
from playground.errors import PlaygroundError
from playground.gallery.models import Entry, State
from playground.gallery.services import submit, withdraw


@require_POST
def submit_artifact(request: HttpRequest, artifact_id: str) -> HttpResponseRedirect:
    artifact, user = _own(request, artifact_id)
    try:
        submit(artifact, user)
    except PlaygroundError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is public now, and waits for a curator."))
    return redirect(artifact)


@require_POST
def withdraw_artifact(request: HttpRequest, artifact_id: str) -> HttpResponseRedirect:
    artifact, user = _own(request, artifact_id)
    withdraw(artifact, user)
    messages.success(request, _("It is not in the gallery any more. Whoever has the link can still open it."))
    return redirect(artifact)


def standing_of(artifact: Artifact, user: User) -> protocol.GalleryStanding:
    """As its owner sees it. What was accepted and is not public any more does not show."""
    entry = Entry.objects.filter(artifact=artifact).first()
    if entry is None:
        return protocol.GalleryStanding(state="none", words="", reason="", needs_account=user.is_guest)
    return protocol.GalleryStanding(
        state=State(entry.state).value,
        words=str(State(entry.state).label),
        reason=entry.reason if entry.state in (State.DECLINED, State.HIDDEN) else "",
        needs_account=user.is_guest,
    )


def _own(request: HttpRequest, artifact_id: str) -> tuple[Artifact, User]:
    artifact = Artifact.objects.filter(pk=artifact_id, owner_id=request.user.pk).first()
    if artifact is None or not isinstance(request.user, User):
        raise Http404
    return artifact, request.user
