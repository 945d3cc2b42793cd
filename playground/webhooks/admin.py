from django.contrib import admin
from django.http import HttpRequest

from playground.admin_pages import ModelAdmin
from playground.webhooks.models import Webhook


@admin.register(Webhook)
class WebhookAdmin(ModelAdmin[Webhook]):
    """To be turned off or deleted; made only on the settings page of whom it belongs to."""

    list_display = ["url", "user", "is_enabled", "hears_all", "fault", "succeeded_at", "created_at"]
    list_filter = ["is_enabled", "hears_all"]
    list_select_related = ["user"]
    search_fields = ["url", "user__email"]
    fields = ["url", "user", "events", "hears_all", "is_enabled", "fault", "succeeded_at", "created_at"]
    readonly_fields = ["url", "user", "events", "hears_all", "fault", "succeeded_at", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
