from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from playground.admin_pages import ModelAdmin
from playground.artifacts.models import NetworkPolicy
from playground.artifacts.network import check_hosts
from playground.errors import BadInput
from playground.host.levels import MEANINGS, NAMES, level


class HostsField(forms.CharField):
    """Host names, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        try:
            return check_hosts(str(value or "").split())
        except BadInput as error:
            raise ValidationError(error.message) from error


class NetworkPolicyForm(forms.ModelForm[NetworkPolicy]):
    hosts = HostsField(
        label=_("hosts"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        help_text=_("One a line, such as api.example.com. They count for the second rule."),
    )

    class Meta:
        model = NetworkPolicy
        fields = ["rule", "hosts"]


@admin.register(NetworkPolicy)
class NetworkPolicyAdmin(ModelAdmin[NetworkPolicy]):
    """One row, and beside it in which words the level of isolation is told."""

    form = NetworkPolicyForm

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse | HttpResponseRedirect:
        policy = NetworkPolicy.objects.current()
        policy.save()
        return redirect("admin:artifacts_networkpolicy_change", policy.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = level()
        told = {"level": found.value, "level_name": NAMES[found], "level_meaning": MEANINGS[found]}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **told})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: NetworkPolicy | None = None) -> bool:
        return False
