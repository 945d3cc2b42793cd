"""A person's public page. Without JavaScript, and the same for everybody but its owner."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Artifact
from playground.checks.models import Check
from playground.checks.presenting import picture_urls
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
    """Of each, the newest version that has a picture: the very newest may wait for its own."""
    pictured = Check.objects.filter(version__artifact=OuterRef("pk"), pictures__has_key="thumbnail")
    newest = Artifact.objects.filter(pk__in=[artifact.pk for artifact in artifacts]).values_list(
        Subquery(pictured.order_by("-version__number").values("pk")[:1])
    )
    checks = Check.objects.filter(pk__in=newest).select_related("version")
    found = {check.version.artifact_id: picture_urls(check.version, check).thumbnail for check in checks}
    return [Work(artifact, found.get(artifact.pk)) for artifact in artifacts]
