"""Forms of the settings page, which `playground.people` shows."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from playground.accounts.forms import ProfileForm, TokenForm
from playground.accounts.handles import choose_handle
from playground.accounts.models import ApiToken, User
from playground.errors import BadInput

NEW_TOKEN = "new_token"


class MemberRequest(HttpRequest):
    user: User


def for_members[**P](
    view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
) -> Callable[Concatenate[MemberRequest, P], HttpResponseBase]:
    """Visitors and guests are asked to sign in."""

    @wraps(view)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User) or request.user.is_guest:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


@require_POST
@for_members
def update_profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST, instance=request.user)
    if not form.is_valid():
        messages.error(request, _("A display name has at most 60 characters."))
        return redirect("settings")
    try:
        choose_handle(form.instance, request.POST.get("handle", ""))
        form.save()
    except BadInput as refusal:
        messages.error(request, refusal.message)
    except IntegrityError:  # somebody else has taken it this very moment
        messages.error(request, _("This handle has just been taken. Choose another one."))
    else:
        messages.success(request, _("Saved."))
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
