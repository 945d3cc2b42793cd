"""What stands in place of an artifact's page for somebody who may not open it."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from playground.artifacts.access import Expired, Locked, TakenDown
from playground.artifacts.models import Artifact
from playground.errors import NotFound


def door[**Rest](view: Callable[Rest, HttpResponse]) -> Callable[Rest, HttpResponse]:
    """Around the views of one artifact. They find it by `find_artifact`, and need not know why somebody may not."""

    @wraps(view)
    def answer(*args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        request = cast(HttpRequest, args[0])
        try:
            return view(*args, **kwargs)
        except NotFound:
            raise Http404 from None
        except Locked:
            return ask_password(request, str(kwargs["artifact_id"]))
        except Expired:
            return _hidden(render(request, "gallery/expired.html", status=410))
        except TakenDown as refusal:
            return _hidden(_tell_takedown(request, refusal.artifact))

    return answer


def ask_password(request: HttpRequest, artifact_id: str, refusal: str = "", back: str = "") -> HttpResponse:
    """It tells nothing of the artifact, not even its title. `back`: where the person wanted to go."""
    wanted = back or (request.get_full_path() if request.method == "GET" else f"/a/{artifact_id}")
    context = {"artifact_id": artifact_id, "refusal": refusal, "back": wanted}
    return _hidden(render(request, "gallery/locked.html", context, status=403))


def _tell_takedown(request: HttpRequest, artifact: Artifact) -> HttpResponse:
    """Its title is part of what was taken down: only its owner reads that here."""
    context = {
        "reason": artifact.takedown_reason,
        "at": artifact.taken_down_at,
        "title": artifact.title if artifact.owner_id == request.user.pk else "",
    }
    return render(request, "gallery/taken_down.html", context, status=410)


def _hidden(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
