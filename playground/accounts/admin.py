from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from playground.accounts.models import ApiToken, AuditEntry, User
from playground.accounts.services import handing_over
from playground.admin_pages import ModelAdmin

_site_login = admin.site.login


def _login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The admin pages have a sign-in of their own, beside allauth's: a guest hands over there as well."""
    with handing_over(request):
        return _site_login(request, extra_context)


admin.site.login = _login  # type: ignore[method-assign]


def _redraw(model: type[Model]) -> None:
    """The pages that another package has registered, with the look of ours."""
    theirs = type(admin.site._registry[model])
    admin.site.unregister(model)
    admin.site.register(model, type(theirs.__name__, (theirs, ModelAdmin), {}))


for model in (Group, EmailAddress, SocialAccount, SocialApp, SocialToken):
    _redraw(model)


@admin.register(User)
class PlaygroundUserAdmin(UserAdmin[User], ModelAdmin[User]):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ["-date_joined"]
    list_display = ["__str__", "name", "is_guest", "is_staff", "is_active", "last_seen"]
    list_filter = ["is_guest", "is_staff", "is_active", "groups"]
    search_fields = ["email", "name", "handle"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "handle"]}),
        (_("Limits a day"), {"fields": ["runs_per_day", "tokens_per_day", "cost_per_day"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "ban_reason", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
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
class ApiTokenAdmin(ModelAdmin[ApiToken]):
    list_display = ["name", "prefix", "user", "created_at", "last_used_at"]
    fields = ["name", "prefix", "user", "created_at", "last_used_at"]
    readonly_fields = ["name", "prefix", "user", "created_at", "last_used_at"]

    def has_add_permission(self, *args: object) -> bool:
        return False  # its plain form could not be shown


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin[AuditEntry]):
    """To be read, by superusers; and by nobody to be changed."""

    list_display = ["at", "actor_name", "address", "action", "summary"]
    search_fields = ["actor_name", "address", "action"]
    date_hierarchy = "at"
    list_per_page = 50
    fields = ["at", "actor_name", "address", "action", "told"]
    readonly_fields = ["at", "actor_name", "address", "action", "told"]

    @admin.display(description=_("changes"))
    def summary(self, entry: AuditEntry) -> str:
        told = [_tell(change) for change in entry.changes[:3]]
        return "; ".join(told) + (" …" if len(entry.changes) > 3 else "")

    @admin.display(description=_("changes"))
    def told(self, entry: AuditEntry) -> SafeString:
        lines = [line for change in entry.changes for line in (_tell(change), *_tell_fields(change))]
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False


def _tell(change: dict[str, Any]) -> str:
    if change["what"] == "more":
        return f"and {change['count']} more"
    return f"{change['what']}: {change['kind']} {change['id']} “{change['name']}”"


def _tell_fields(change: dict[str, Any]) -> list[str]:
    return [f"\u2003{name}: {old} → {new}" for name, (old, new) in change.get("fields", {}).items()]
