"""`/metrics`, for Prometheus, and the page on which a person sees what they have used."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, REGISTRY, CollectorRegistry, generate_latest

from playground.accounts.api_auth import address_of
from playground.accounts.models import User
from playground.operations.collecting import StoresCollector
from playground.operations.usage import overview

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Of this process, and of what all share. Each web process is to be scraped."""
    if not _may_read(request):
        return HttpResponse("Not from here, or not with this token.\n", status=403, content_type="text/plain")
    shared = CollectorRegistry(auto_describe=False)
    shared.register(StoresCollector())
    text = generate_latest(REGISTRY) + generate_latest(shared)
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


@require_safe
def show_usage(request: HttpRequest) -> HttpResponse:
    """Of whoever asks, guests too. A visitor has used nothing, and is asked to sign in."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    return render(request, "operations/usage.html", {"usage": overview(request.user)})


def _may_read(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        wanted = settings.METRICS_TOKEN.encode()
        return bool(wanted) and scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), wanted)
    if any(name in request.headers for name in _FORWARDED):
        return False  # a proxy stands between: whose address this is, anybody may have made up
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_NETWORKS)
