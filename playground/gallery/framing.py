"""Which artifact a page of the app may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csp import csp_override

from playground.artifacts.addresses import host_url


def frame_only(request: HttpRequest, response: HttpResponse, label: str) -> HttpResponse:
    """A page that is framed cannot be led to another host then, neither by itself nor by what it links to."""
    policy: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [f"{host_url(label)}/"]}
    return csp_override(policy)(lambda request: response)(request)
