"""The settings page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from playground.accounts.forms import ProfileForm, TokenForm
from playground.accounts.models import ApiToken, User

NEW_TOKEN = "new_token"


class MemberRequest(HttpRequest):
    user: User


def for_members[**P](
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Callable[Concatenate[MemberRequest, P], HttpResponse]:
    """Visitors and guests are asked to sign in."""

    @wraps(view)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User) or request.user.is_guest:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_members
def show_settings(request: MemberRequest) -> HttpResponse:
    context = {
        "tokens": ApiToken.objects.of(request.user),
        "new_token": request.session.pop(NEW_TOKEN, None),  # shown once
        "profile_form": ProfileForm(instance=request.user),
    }
    return render(request, "accounts/settings.html", context)


@require_POST
@for_members
def update_profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("A display name has at most 60 characters."))
    return redirect("settings")


@require_POST
@for_members
def create_token(request: MemberRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if form.is_valid():
        _token, request.session[NEW_TOKEN] = ApiToken.objects.issue(request.user, form.cleaned_data["name"])
    else:
        messages.error(request, _("Give the token a name of at most 60 characters."))
    return redirect("settings")


@require_POST
@for_members
def delete_token(request: MemberRequest, token_id: int) -> HttpResponse:
    get_object_or_404(ApiToken.objects.of(request.user), pk=token_id).delete()
    messages.success(request, _("The token no longer works."))
    return redirect("settings")
