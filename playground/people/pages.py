"""A person's public page. Without JavaScript, and the same for everybody but its owner."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Artifact
from playground.checks.models import Check
from playground.checks.presenting import picture_urls
from playground.checks.services import find_pictured
from playground.people.works import public_works

PAGE = 24


@dataclass(frozen=True, slots=True)
class Work:
    artifact: Artifact
    picture: str | None  # address of a WebP picture, 640 by 400 pixels


@require_safe
def show_person(request: HttpRequest, handle: str) -> HttpResponse:
    person = User.objects.filter(handle=handle.lower(), is_active=True, is_guest=False).first()
    if person is None:
        raise Http404
    if handle != person.handle:
        return redirect(person.get_absolute_url(), permanent=False)
    page = Paginator(public_works(person).order_by("-created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "person": person,
        "page": page,
        "works": _with_pictures(list(page.object_list)),
        "is_me": request.user.pk == person.pk,
        "address": public_url(person.get_absolute_url()),
    }
    response = render(request, "people/person.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


def _with_pictures(artifacts: list[Artifact]) -> list[Work]:
    checks = find_pictured([artifact.pk for artifact in artifacts])
    return [Work(artifact, _picture(checks.get(artifact.pk))) for artifact in artifacts]


def _picture(check: Check | None) -> str | None:
    return picture_urls(check.version, check).thumbnail if check else None
