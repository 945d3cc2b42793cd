from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from openai import OpenAI, OpenAIError

from playground.gateway.models import Endpoint, Model


class EndpointForm(forms.ModelForm[Endpoint]):
    api_key = forms.CharField(
        label=_("API key"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Stored encrypted and never shown again. Leave empty to keep the present one."),
    )

    class Meta:
        model = Endpoint
        fields = ["name", "base_url", "api_key", "is_enabled"]

    def save(self, commit: bool = True) -> Endpoint:
        if plain := self.cleaned_data["api_key"].strip():
            self.instance.set_api_key(plain)
        return super().save(commit)


class ModelInline(admin.StackedInline[Model, Endpoint]):
    model = Model
    extra = 0


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin[Endpoint]):
    form = EndpointForm
    list_display = ["name", "base_url", "source", "is_enabled"]
    inlines = [ModelInline]
    actions = ["ask_for_models"]

    @admin.action(description=_("Ask the endpoint which models it has"))
    def ask_for_models(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            level, answer = _ask_for_models(endpoint)
            self.message_user(request, f"{endpoint.name}: {answer}", level)


def _ask_for_models(endpoint: Endpoint) -> tuple[int, str]:
    try:
        with OpenAI(
            base_url=endpoint.base_url, api_key=endpoint.api_key or "none", timeout=10, max_retries=0
        ) as client:
            names = [model.id for model in client.models.list()]
    except OpenAIError as error:
        return messages.ERROR, str(error)[:300]
    return messages.SUCCESS, ", ".join(names[:50]) or "-"


@admin.register(Model)
class ModelAdmin(admin.ModelAdmin[Model]):
    list_display = ["name", "model_id", "endpoint", "audience", "is_default", "is_enabled", "position"]
    list_filter = ["endpoint", "audience", "is_enabled"]

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        if obj.is_default:
            Model.objects.exclude(pk=obj.pk).update(is_default=False)
        super().save_model(request, obj, form, change)
