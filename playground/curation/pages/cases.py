"""Reports: what visitors say, and what becomes of it. And takedowns and bans, to be taken back."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from playground.accounts.models import User
from playground.artifacts.models import Artifact
from playground.curation.models import ReportState
from playground.curation.moderation import ban, lift_ban, put_back, take_down
from playground.curation.pages.exhibits import exhibit
from playground.curation.pages.guard import CuratorRequest, for_admins, for_curators, go_back, show
from playground.curation.reports import close, list_cases
from playground.curation.roles import is_admin
from playground.errors import BadInput, NotFound, PlaygroundError
from playground.gallery import services
from playground.gallery.models import Entry, State

MOST = 30
_ID = re.compile(r"(?:.*/a/)?([a-z0-9]{16})(?:[/?#].*)?")


@require_safe
@for_curators
def show_reports(request: CuratorRequest) -> HttpResponse:
    state = request.GET.get("state", ReportState.OPEN)
    state = state if state in ReportState else ReportState.OPEN
    cases = [(case, exhibit(case.artifact)) for case in list_cases(state, MOST)]
    return show(request, "reports", "reports", {"cases": cases, "state": state, "states": ReportState.choices})


@require_POST
@for_curators
def decide_reports(request: CuratorRequest, artifact_id: str) -> HttpResponse:
    """`do`: dismiss; hide it from the gallery; take it down."""
    artifact = get_object_or_404(Artifact.objects.filter(reports__state=ReportState.OPEN).distinct(), pk=artifact_id)
    reason = request.POST.get("reason", "")
    match request.POST.get("do"):
        case "dismiss":
            close(artifact, request.curator, ReportState.DISMISSED)
            messages.success(request, _("Dismissed."))
        case "hide":
            entry = get_object_or_404(Entry, artifact=artifact, state=State.ACCEPTED)
            services.hide(entry, request.user, reason)
            request.curator.note("hid", entry, reason=entry.reason)
            close(artifact, request.curator, ReportState.ACTED)
            messages.success(request, _("Hidden from the gallery: its author sees why."))
        case "take_down":
            take_down(artifact, request.curator, reason)
            close(artifact, request.curator, ReportState.ACTED)
            messages.success(request, _("Taken down: nobody can open it any more."))
    return go_back(request, "/curate/reports")


@require_safe
@for_curators
def show_takedowns(request: CuratorRequest) -> HttpResponse:
    """What is down now, the latest first; for admins, who is banned, too."""
    down = Artifact.objects.exclude(taken_down_at=None).select_related("owner", "taken_down_by")
    banned = User.objects.filter(is_active=False) if is_admin(request.user) else User.objects.none()
    context = {"down": down.order_by("-taken_down_at")[:100], "banned": banned[:100]}
    return show(request, "takedowns", "takedowns", context)


@require_POST
@for_admins
def take_down_any(request: CuratorRequest) -> HttpResponse:
    """Any artifact, by its address: that is not the gallery's affair any more."""
    artifact = _find(request.POST.get("artifact", ""))
    take_down(artifact, request.curator, request.POST.get("reason", ""))
    close(artifact, request.curator, ReportState.ACTED)
    messages.success(request, _("Taken down: nobody can open it any more."))
    return go_back(request, "/curate/takedowns")


@require_POST
@for_curators
def put_back_artifact(request: CuratorRequest, artifact_id: str) -> HttpResponse:
    artifact = get_object_or_404(Artifact.objects.exclude(taken_down_at=None), pk=artifact_id)
    if is_admin(artifact.taken_down_by) and not is_admin(request.user):
        raise PlaygroundError("admins_word", _("An admin took this down: only an admin puts it back."), status=403)
    put_back(artifact, request.curator)
    messages.success(request, _("It is back, for whom its owner wants it to be."))
    return go_back(request, "/curate/takedowns")


@require_POST
@for_admins
def ban_user(request: CuratorRequest) -> HttpResponse:
    """By e-mail address, or as the owner of an artifact."""
    who = request.POST.get("who", "").strip()
    user = User.objects.filter(email__iexact=who).first() if "@" in who else _find(who).owner
    if user is None:
        raise NotFound("user_not_found", _("Nobody here has this e-mail address."))
    ban(user, request.curator, request.POST.get("reason", ""))
    messages.success(request, _("Banned. Nothing of theirs shows any more."))
    return go_back(request, "/curate/takedowns")


@require_POST
@for_admins
def lift_users_ban(request: CuratorRequest, user_id: int) -> HttpResponse:
    lift_ban(get_object_or_404(User, pk=user_id, is_active=False), request.curator)
    messages.success(request, _("The ban is lifted. What they made is there again."))
    return go_back(request, "/curate/takedowns")


def _find(address: str) -> Artifact:
    """By its permalink, or its id."""
    match = _ID.fullmatch(address.strip())
    if match is None:
        raise BadInput("bad_address", _("Enter the address of an artifact’s page, such as /a/abcdefgh23456789."))
    artifact = Artifact.objects.select_related("owner").filter(pk=match[1]).first()
    if artifact is None:
        raise NotFound("artifact_not_found", _("This artifact does not exist."))
    return artifact
