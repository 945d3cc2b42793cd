"""The addresses on an artifact host. Views are called with the host's label first."""

from django.urls import path

from playground.host.views import signed_file, version_file

urlpatterns = [
    path("v/<int:number>/<path:path>", version_file),
    path("v/<int:number>/", version_file, {"path": ""}),
    # What other sites embed: the same, but for who may frame it.
    path("e/<int:number>/<path:path>", version_file),
    path("e/<int:number>/", version_file, {"path": ""}),
    path("s/<str:token>/<path:path>", signed_file),
    path("s/<str:token>/", signed_file, {"path": ""}),
]
