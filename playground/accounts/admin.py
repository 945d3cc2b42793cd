from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import ApiToken, User


@admin.register(User)
class PlaygroundUserAdmin(UserAdmin[User]):
    ordering = ["-date_joined"]
    list_display = ["__str__", "name", "is_guest", "is_staff", "is_active", "last_seen"]
    list_filter = ["is_guest", "is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "password1", "password2"]})]


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    list_display = ["name", "prefix", "user", "created_at", "last_used_at"]
    fields = ["name", "prefix", "user", "created_at", "last_used_at"]
    readonly_fields = ["name", "prefix", "user", "created_at", "last_used_at"]

    def has_add_permission(self, *args: object) -> bool:
        return False  # its plain form could not be shown
