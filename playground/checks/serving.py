"""A version as its page is served in production, with the same headers; answered in process, by the host's own code."""

from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agents.browser import Answer, Asked, Exhibit
from playground.artifacts.addresses import frame_url, host_url, public_url, shelf_url
from playground.artifacts.models import Version
from playground.host.middleware import ArtifactHostMiddleware
from playground.host.pages import refused

# What the browser would otherwise undo: it is given the plain bytes.
_OURS = ("content-length", "content-encoding", "transfer-encoding")


def exhibit_of(version: Version) -> Exhibit:
    origins = (f"{host_url(version.artifact_id)}/", f"{shelf_url()}/")
    return Exhibit(app=public_url(""), url=frame_url(version), origins=origins, fetch=fetch)


async def fetch(asked: Asked) -> Answer:
    response = await ArtifactHostMiddleware(_nothing_else)(_request(asked))
    headers = {name.lower(): value for name, value in response.items() if name.lower() not in _OURS}
    return Answer(response.status_code, headers, await _body(response))


async def _body(response: HttpResponseBase) -> bytes:
    if not getattr(response, "streaming", False):
        return bytes(response.content)  # type: ignore[attr-defined]
    return b"".join([bytes(part) async for part in response])  # type: ignore[attr-defined]


def _request(asked: Asked) -> HttpRequest:
    parts = urlsplit(asked.url)
    mode = "navigate" if asked.is_navigation else "cors"
    headers = {"host": parts.netloc, "sec-fetch-dest": asked.wanted_as, "sec-fetch-mode": mode}
    if "range" in asked.headers:
        headers["range"] = asked.headers["range"]
    scope = {
        "type": "http",
        "method": asked.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode("latin1")) for name, value in headers.items()],
        "server": (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)),
        "client": ("127.0.0.1", 0),
    }
    return ASGIRequest(scope, BytesIO())


async def _nothing_else(request: HttpRequest) -> HttpResponseBase:
    """The app itself is not part of what is checked."""
    return refused(404)
