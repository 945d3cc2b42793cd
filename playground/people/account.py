"""Where one is signed in, the export of one's data, and the end of the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.accounts.models import SignIn, User
from playground.accounts.quotas import check_may_confirm
from playground.accounts.sign_ins import end_sign_ins
from playground.accounts.views import MemberRequest, for_members
from playground.errors import BadInput, PlaygroundError
from playground.people.deletion import close_account
from playground.people.exports import open_export, order_export
from playground.people.models import Export
from playground.people.tasks import wake_worker
from playground.people.works import public_works
from playground.takeout.archive import Chunks


@require_POST
@for_members
def end_others(request: MemberRequest) -> HttpResponse:
    others = SignIn.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    end_sign_ins(list(others))
    messages.success(request, _("You are signed out everywhere else."))
    return _back("sign-ins")


@require_POST
@for_members
def end_one(request: MemberRequest, sign_in_id: int) -> HttpResponse:
    end_sign_ins([get_object_or_404(SignIn, pk=sign_in_id, user=request.user)])
    messages.success(request, _("That device is signed out."))
    return _back("sign-ins")


@require_POST
@for_members
def order(request: MemberRequest) -> HttpResponse:
    try:
        order_export(request.user)
    except PlaygroundError as refusal:
        messages.error(request, refusal.message)
    else:
        wake_worker()
    return _back("data")


@require_safe
@for_members
def download(request: MemberRequest, export_id: str) -> HttpResponseBase:
    """For its owner alone, and not for ever."""
    export = get_object_or_404(Export, pk=export_id, user=request.user)
    if not export.is_ready:
        raise Http404
    try:
        file = open_export(export)
    except OSError:
        raise Http404 from None
    response = StreamingHttpResponse(Chunks(file), content_type="application/zip")
    name = f"playground-{export.created_at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Content-Length"] = str(export.size)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@for_members
def delete(request: MemberRequest) -> HttpResponse:
    user = request.user
    problem = ""
    if request.method == "POST":
        try:
            _confirm(user, request.POST.get("confirmation", ""))
            close_account(user, keeps_public=request.POST.get("keep") == "public")
        except PlaygroundError as refusal:
            problem = refusal.message
        else:
            logout(request)
            wake_worker()
            return render(request, "people/deleted.html")
    context = {
        "problem": problem,
        "has_password": user.has_usable_password(),
        "phrase": _phrase(user),
        "public_works": public_works(user).count(),
        "works": user.artifacts.count(),
        "conversations": user.conversations.count(),
        "keeps": request.POST.get("keep", ""),
    }
    return render(request, "people/delete.html", context, status=400 if problem else 200)


def _confirm(user: User, given: str) -> None:
    """Raises BadInput, and QuotaExceeded for who tries too often."""
    check_may_confirm(user)
    if user.has_usable_password():
        if not user.check_password(given):
            raise BadInput("wrong_password", _("This is not your password. Nothing was deleted."))
    elif given.strip().lower().removeprefix("@") != _phrase(user).lower():
        raise BadInput(
            "not_confirmed", _("Type “%(phrase)s” to confirm. Nothing was deleted.") % {"phrase": _phrase(user)}
        )


def _phrase(user: User) -> str:
    """What somebody without a password types."""
    return user.handle or user.email or user.public_name


def _back(section: str) -> HttpResponseRedirect:
    return redirect(f"{reverse('settings')}#{section}")
