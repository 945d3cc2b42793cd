"""The app's host. The artifact hosts have their own addresses: `playground.host.urls`."""

from django.contrib import admin
from django.urls import include, path

from playground.config.api import api
from playground.config.health import healthz, readyz

admin.site.site_header = admin.site.site_title = "Playground"

urlpatterns = [
    path("", include("playground.gallery.urls")),
    path("", include("playground.accounts.urls")),
    path("", include("playground.operations.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path("i18n/", include("django.conf.urls.i18n")),
]
