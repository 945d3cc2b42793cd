from django.contrib import admin
from django.http import HttpRequest

from playground.admin_pages import ModelAdmin
from playground.builds.models import Build


@admin.register(Build)
class BuildAdmin(ModelAdmin[Build]):
    list_display = ["run", "author", "engine", "step", "outcome", "code", "queued_at", "served_at"]
    list_filter = ["outcome", "code", "engine"]
    list_select_related = ["run__author"]
    search_fields = ["run__id", "run__prompt"]

    @admin.display
    def author(self, build: Build) -> str:
        return str(build.run.author or "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Build | None = None) -> bool:
        return False
