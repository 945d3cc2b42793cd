from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from playground.accounts.api_auth import address_of
from playground.accounts.models import User
from playground.curation.health import find_broken
from playground.curation.models import Repair, RepairState
from playground.curation.moderation import Curator
from playground.curation.reports import count_open
from playground.curation.roles import is_admin, is_curator
from playground.errors import PlaygroundError
from playground.gallery.models import Entry


class CuratorRequest(HttpRequest):
    user: User
    curator: Curator


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]
type Guarded[**P] = Callable[Concatenate[CuratorRequest, P], HttpResponse]


def for_curators[**P](view: Guarded[P]) -> View[P]:
    return _guard(view, is_curator)


def for_admins[**P](view: Guarded[P]) -> View[P]:
    return _guard(view, is_admin)


def _guard[**P](view: Guarded[P], may: Callable[[object], bool]) -> View[P]:
    """Visitors and guests are asked to sign in; who may not is refused."""

    @wraps(view)
    def guarded(request: CuratorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User) or request.user.is_guest:
            return redirect_to_login(request.get_full_path())
        if not may(request.user):
            raise PermissionDenied
        request.curator = Curator(request.user, address_of(request))
        try:
            response = view(request, *args, **kwargs)
        except PlaygroundError as refusal:
            messages.error(request, refusal.message)
            response = go_back(request, "/curate/")
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded  # type: ignore[return-value]  # what it adds to the request, it adds itself


def go_back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page with the form, among ours."""
    back = request.POST.get("next", "")
    is_ours = back.startswith("/curate/") and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if is_ours else otherwise)


def show(request: CuratorRequest, template: str, tab: str, context: Mapping[str, object]) -> HttpResponse:
    """A page with its tabs, and with how much waits behind each."""
    broken = find_broken().count()
    repaired = sum(repair.result is not None for repair in open_repairs())
    counts = {"queue": Entry.objects.waiting().count(), "reports": count_open(), "health": broken + repaired}
    common = {"tab": tab, "counts": counts, "broken": broken, "repaired": repaired, "is_admin": is_admin(request.user)}
    return render(request, f"curation/{template}.html", {**common, **context})


def open_repairs() -> list[Repair]:
    found = Repair.objects.filter(state=RepairState.OPEN)
    return list(found.select_related("run__version__artifact__owner", "entry__artifact__owner", "broken"))
