from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from playground.artifacts.addresses import open_token
from playground.artifacts.files import mime_type, read_file
from playground.artifacts.models import Artifact, Version
from playground.host.preview import preview_file


async def version_file(request: HttpRequest, label: str, number: int, path: str) -> HttpResponseBase:
    """A file of a version that anybody with the link may open."""
    return await sync_to_async(_shared_file)(label, number, path)


async def signed_file(request: HttpRequest, label: str, token: str, path: str) -> HttpResponseBase:
    """A file of what the token opens: a version of a private artifact, or a run's preview."""
    target = open_token(token, label)
    if target == "run":
        return await preview_file(label, path)
    if target is None:
        raise Http404
    number = int(target.removeprefix("v/"))
    return await sync_to_async(_private_file)(label, number, path)


def _shared_file(artifact: str, number: int, path: str) -> HttpResponse:
    if not Artifact.objects.visible_to(None).filter(pk=artifact).exists():
        raise Http404
    response = _file(artifact, number, path)
    # Not for ever: an owner may make it private. The answer to a revalidation is cheap.
    response["Cache-Control"] = "public, max-age=60"
    return response


def _private_file(artifact: str, number: int, path: str) -> HttpResponse:
    response = _file(artifact, number, path)
    response["Cache-Control"] = "private, no-store"
    return response


def _file(artifact: str, number: int, path: str) -> HttpResponse:
    version = Version.objects.filter(artifact_id=artifact, number=number).first()
    if version is None:
        raise Http404
    path = path or version.entry
    stored = version.files.get(path)
    if stored is None:
        raise Http404
    return HttpResponse(read_file(stored), content_type=mime_type(path))
