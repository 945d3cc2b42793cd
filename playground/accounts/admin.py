from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import ApiToken, User
from playground.accounts.services import handing_over

_site_login = admin.site.login


def _login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The admin pages have a sign-in of their own, beside allauth's: a guest hands over there as well."""
    with handing_over(request):
        return _site_login(request, extra_context)


admin.site.login = _login  # type: ignore[method-assign]


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

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[User]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and not obj.email and "email" in form.base_fields:
            form.base_fields["email"].required = False  # a guest has none, and can still be blocked
        return form


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    list_display = ["name", "prefix", "user", "created_at", "last_used_at"]
    fields = ["name", "prefix", "user", "created_at", "last_used_at"]
    readonly_fields = ["name", "prefix", "user", "created_at", "last_used_at"]

    def has_add_permission(self, *args: object) -> bool:
        return False  # its plain form could not be shown
