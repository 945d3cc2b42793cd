"""The app's host. The artifact hosts have their own addresses: `playground.host.urls`."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from playground.config.api import api
from playground.config.health import healthz, readyz
from playground.mcp.views import endpoint as mcp

urlpatterns = [
    path("", include("playground.curation.urls")),
    path("", include("playground.gallery.urls")),
    path("", include("playground.accounts.urls")),
    path("", include("playground.people.urls")),
    path("", include("playground.operations.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("mcp", mcp),
    path("healthz", healthz),
    path("readyz", readyz),
    # Without a token, so that a page for everybody can offer it. Other sites' requests are refused in any case.
    path("i18n/setlang/", csrf_exempt(set_language), name="set_language"),
]
