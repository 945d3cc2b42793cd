from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from agents.errors import ProviderError
from playground.admin_pages import ModelAdmin as PageAdmin
from playground.admin_pages import StackedInline
from playground.gateway.listing import list_models, take_windows
from playground.gateway.models import Endpoint, Model, Source

NAMED = 50  # models that an endpoint's answer is shown with


class EndpointForm(forms.ModelForm[Endpoint]):
    api_key = forms.CharField(
        label=_("API key"),
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=_("Stored encrypted and never shown again. Leave empty to keep the present one."),
    )

    class Meta:
        model = Endpoint
        fields = ["name", "base_url", "api_key", "is_enabled"]

    def save(self, commit: bool = True) -> Endpoint:
        if plain := self.cleaned_data["api_key"].strip():
            self.instance.set_api_key(plain)
        return super().save(commit)


class ModelInline(StackedInline[Model, Endpoint]):
    model = Model
    extra = 0


@admin.register(Endpoint)
class EndpointAdmin(PageAdmin[Endpoint]):
    form = EndpointForm
    list_display = ["name", "base_url", "source", "is_enabled"]
    inlines = [ModelInline]
    actions = ["ask_for_models"]

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> list[Any]:
        if _is_admins(obj):
            return ["name", "base_url", "api_key", "is_enabled"]
        return ["source", "name", "base_url", "is_enabled"]

    def get_readonly_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> list[Any]:
        """What the environment says of an endpoint is changed there; its models can be changed here."""
        return [] if _is_admins(obj) else ["source", "name", "base_url", "is_enabled"]

    @admin.action(description=_("Ask the endpoint which models it has, and take over their windows"))
    def ask_for_models(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            level, answer = _ask_for_models(endpoint)
            self.message_user(request, f"{endpoint.name}: {answer}", level)


def _is_admins(endpoint: Endpoint | None) -> bool:
    return endpoint is None or endpoint.source == Source.ADMIN


def _ask_for_models(endpoint: Endpoint) -> tuple[int, str]:
    try:
        listed = list_models(endpoint)
    except ProviderError as error:
        return messages.ERROR, error.message
    take_windows(endpoint, listed)
    return messages.SUCCESS, ", ".join(entry.id for entry in listed[:NAMED]) or gettext("It names no models.")


@admin.register(Model)
class ModelAdmin(PageAdmin[Model]):
    list_display = ["name", "model_id", "endpoint", "audience", "is_default", "is_enabled", "position"]
    list_filter = ["endpoint", "audience", "is_enabled"]
