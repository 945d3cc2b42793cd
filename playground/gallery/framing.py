"""What a page of the app may show in a frame, and what the script around that frame wants to know."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csp import csp_override

from playground.artifacts.addresses import host_url
from playground.artifacts.models import NetworkPolicy, Version


def frame_only(request: HttpRequest, response: HttpResponse, label: str) -> HttpResponse:
    """A page that is framed cannot be led to another host then, neither by itself nor by what it links to."""
    return with_policy(request, response, {"frame-src": [f"{host_url(label)}/"]})


def with_policy(request: HttpRequest, response: HttpResponse, directives: Mapping[str, Sequence[str]]) -> HttpResponse:
    """The app's Content-Security-Policy, but for these directives."""
    policy: dict[str, Any] = {**settings.SECURE_CSP, **directives}
    return csp_override(policy)(lambda request: response)(request)


def describe_frame(version: Version, address: str, *, is_mine: bool) -> dict[str, object]:
    policy = NetworkPolicy.objects.current()
    return {
        "id": version.artifact_id,
        "title": version.artifact.title,
        "frame_url": address,
        "is_mine": is_mine,
        "network": policy.rule,
        "network_hosts": policy.hosts,
    }
