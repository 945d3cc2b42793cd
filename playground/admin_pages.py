"""What the admin pages are made of: Django's classes, as django-unfold draws them.

Its package has no types, so they come from Django's own. How it runs without `unsafe-eval`: frontend/src/admin.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _ModelAdmin
    from django.contrib.admin import StackedInline, TabularInline
else:
    from unfold.admin import ModelAdmin as _ModelAdmin
    from unfold.admin import StackedInline, TabularInline

__all__ = ["ModelAdmin", "StackedInline", "TabularInline"]


class ModelAdmin[M: Model](_ModelAdmin[M]):
    """unfold would let its pages be framed, for a dialog that shows one page within another. Ours open a window."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return _deny_frames(super().changelist_view(request, extra_context))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return _deny_frames(super().changeform_view(request, object_id, form_url, extra_context))

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: list[tuple[str, Any]] | None = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, Any]]:
        """As unfold's, which does not know of places yet, and so makes Django warn."""
        choices = default_choices or [("", _("Select action"))]
        return admin.ModelAdmin.get_action_choices(self, request, choices, action_location)


def _deny_frames(response: HttpResponse) -> HttpResponse:
    response["X-Frame-Options"] = "DENY"
    return response
