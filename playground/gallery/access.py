"""Getting in with a password; and the owner, who decides who may, and says what it is."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from playground.accounts.api_auth import address_of, visitor
from playground.accounts.quotas import check_may_guess
from playground.accounts.services import ensure_user
from playground.artifacts.access import Locked, check_expiry, find_artifact, is_password, set_password, unlock
from playground.artifacts.models import Artifact, Visibility
from playground.errors import BadInput, QuotaExceeded
from playground.gallery.doors import ask_password, door


class AccessForm(forms.Form):
    """An empty password leaves it as it is; an empty time: the link lasts."""

    visibility = forms.ChoiceField(choices=Visibility)
    password = forms.CharField(required=False, max_length=128, strip=False)
    no_password = forms.BooleanField(required=False)
    expires_at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class WordsForm(forms.Form):
    title = forms.CharField(max_length=200)
    description = forms.CharField(required=False, max_length=500)


@require_POST
@sensitive_post_parameters("password")
@door
def give_password(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """A visitor who knows it becomes a guest, and need not give it again."""
    back = request.POST.get("back", "")
    if not back.startswith(f"/a/{artifact_id}") or not url_has_allowed_host_and_scheme(back, None):
        back = f"/a/{artifact_id}"
    try:
        find_artifact(visitor(request), artifact_id)
    except Locked:
        if refusal := _try_password(request, Artifact.objects.get(pk=artifact_id)):
            return ask_password(request, artifact_id, refusal, back)
    return redirect(back)


def _try_password(request: HttpRequest, artifact: Artifact) -> str:
    """Why not; empty where the person is let in."""
    try:
        check_may_guess(artifact.pk, address_of(request))
    except QuotaExceeded as refusal:
        return refusal.message
    if not is_password(artifact, request.POST.get("password", "")):
        return _("This is not the password.")
    unlock(artifact, ensure_user(request))
    return ""


@require_POST
@sensitive_post_parameters("password")
@door
def change_access(request: HttpRequest, artifact_id: str) -> HttpResponse:
    artifact = _own(request, artifact_id)
    return _save(request, artifact, AccessForm(request.POST), _change_access, "access")


@require_POST
@door
def change_words(request: HttpRequest, artifact_id: str) -> HttpResponse:
    artifact = _own(request, artifact_id)
    return _save(request, artifact, WordsForm(request.POST), _change_words, "words")


def _own(request: HttpRequest, artifact_id: str) -> Artifact:
    artifact = find_artifact(visitor(request), artifact_id)
    if artifact.owner_id != request.user.pk:
        raise Http404
    return artifact


def _save[Form: forms.Form](
    request: HttpRequest, artifact: Artifact, form: Form, change: Callable[[Artifact, Form], None], panel: str
) -> HttpResponse:
    """Back to the panel of the page, which says what came of it."""
    try:
        if not form.is_valid():
            raise BadInput("bad_form", _("This could not be read. Nothing was changed."))
        change(artifact, form)
    except BadInput as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Changed."))
    return redirect(f"{artifact.get_absolute_url()}#{panel}")


def _change_words(artifact: Artifact, form: WordsForm) -> None:
    artifact.title = " ".join(form.cleaned_data["title"].split())
    artifact.description = form.cleaned_data["description"]
    artifact.save(update_fields=["title", "description"])


def _change_access(artifact: Artifact, form: AccessForm) -> None:
    moment = form.cleaned_data["expires_at"]
    if artifact.expires_at is None or moment != artifact.expires_at.replace(second=0, microsecond=0):
        artifact.expires_at = check_expiry(moment)
    if form.cleaned_data["no_password"] or form.cleaned_data["password"]:
        set_password(artifact, "" if form.cleaned_data["no_password"] else form.cleaned_data["password"])
    artifact.visibility = form.cleaned_data["visibility"]
    artifact.save(update_fields=["visibility", "expires_at"])
