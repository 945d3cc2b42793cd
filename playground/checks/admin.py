from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from playground.admin_pages import ModelAdmin
from playground.checks.models import Check
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker


@admin.register(Check)
class CheckAdmin(ModelAdmin[Check]):
    list_display = ["version", "verdict", "state", "reason", "level", "duration_ms", "finished_at"]
    list_filter = ["verdict", "state", "reason", "level"]
    list_select_related = ["version"]
    search_fields = ["version__artifact__id", "version__artifact__title"]
    actions = ["verify_again"]

    @admin.action(description=_("Verify again"))
    def verify_again(self, request: HttpRequest, checks: QuerySet[Check]) -> None:
        for check in checks.select_related("version"):
            order_check(check.version)
        wake_worker()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Check | None = None) -> bool:
        return False
