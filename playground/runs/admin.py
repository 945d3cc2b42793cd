from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from playground.admin_pages import ModelAdmin
from playground.runs.board import list_rows, write_csv
from playground.runs.models import Race


@admin.register(Race)
class RaceBoardAdmin(ModelAdmin[Race]):
    """No list of races, which are their owners' own, but what the votes say of the models."""

    def get_urls(self) -> list[URLPattern]:
        download = path("board.csv", self.admin_site.admin_view(self.download), name="runs_race_csv")
        return [download, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"title": _("Race board"), "rows": list_rows()}
        return TemplateResponse(request, "admin/runs/race/board.html", context)

    def download(self, request: HttpRequest) -> HttpResponse:
        headers = {"Content-Disposition": 'attachment; filename="race-board.csv"', "Cache-Control": "no-store"}
        return HttpResponse(write_csv(list_rows()), content_type="text/csv; charset=utf-8", headers=headers)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Race | None = None) -> bool:
        return obj is None and self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Race | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Race | None = None) -> bool:
        return False
