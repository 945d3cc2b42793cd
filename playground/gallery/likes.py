from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from playground.accounts.api_auth import address_of, problem_response, visitor
from playground.accounts.quotas import check_may_like
from playground.accounts.services import ensure_user
from playground.artifacts.access import find_artifact
from playground.artifacts.models import Artifact, Like
from playground.errors import QuotaExceeded
from playground.gallery.doors import door


@require_POST
@door
def like(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Like it, or no longer. A visitor becomes a guest. Our script asks for JSON, so that the page need not reload."""
    artifact = find_artifact(visitor(request), artifact_id)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    try:
        check_may_like(visitor(request), address_of(request))
    except QuotaExceeded as refusal:
        if wants_json:
            return problem_response(refusal.problem(), refusal.status)
        messages.error(request, refusal.message)
    else:
        _toggle(request, artifact)
    if wants_json:
        return JsonResponse({"is_liked": is_liked(artifact, request), "likes": artifact.likes.count()})
    return redirect(f"{artifact.get_absolute_url()}#about")


def is_liked(artifact: Artifact, request: HttpRequest) -> bool:
    return request.user.pk is not None and Like.objects.filter(artifact=artifact, user_id=request.user.pk).exists()


def _toggle(request: HttpRequest, artifact: Artifact) -> None:
    user = ensure_user(request)
    if not Like.objects.filter(artifact=artifact, user=user).delete()[0]:
        Like.objects.get_or_create(artifact=artifact, user=user)
