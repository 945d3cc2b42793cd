"""The admin's page about usage and cost: by user, model or day, and as a file."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from playground.accounts.charges import today
from playground.accounts.models import Charge
from playground.admin_pages import ModelAdmin
from playground.operations.usage import GROUPS, MOST, Group, Use, between, group, total, write_csv

DAYS = 30
_A_DAY = {"type": "date", "class": " ".join(INPUT_CLASSES)}


class Period(forms.Form):
    by = forms.ChoiceField(
        label=gettext_lazy("By"),
        widget=UnfoldAdminSelectWidget(),
        choices=[("user", gettext_lazy("person")), ("model", gettext_lazy("model")), ("day", gettext_lazy("day"))],
    )
    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs=_A_DAY))
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs=_A_DAY))

    def uses(self) -> tuple[list[Use], Use]:
        """The groups, and all together. The form is valid."""
        charges = between(self.cleaned_data["first"], self.cleaned_data["last"])
        return group(charges, self.group), total(charges)

    @property
    def group(self) -> Group:
        return cast(Group, self.cleaned_data["by"])


@admin.register(Charge)
class UsageAdmin(ModelAdmin[Charge]):
    """No list of single answers, but their sums."""

    def get_urls(self) -> list[URLPattern]:
        download = path("usage.csv", self.admin_site.admin_view(self.download), name="accounts_charge_csv")
        return [download, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        period = _read_period(request)
        uses, together = period.uses() if period.is_valid() else ([], None)
        context = (
            self.admin_site.each_context(request)
            | {
                "title": _("Usage and cost"),
                "form": period,
                "by": dict(period.fields["by"].choices)[period.group] if period.is_valid() else "",  # type: ignore[attr-defined]
                "uses": uses[:MOST],
                "left_out": max(0, len(uses) - MOST),
                "together": together,
                "query": urlencode(period.cleaned_data) if period.is_valid() else "",
            }
        )
        return TemplateResponse(request, "admin/accounts/charge/usage.html", context)

    def download(self, request: HttpRequest) -> HttpResponse:
        period = _read_period(request)
        if not self.has_view_permission(request) or not period.is_valid():
            return HttpResponse(status=403 if period.is_valid() else 400)
        headers = {"Content-Disposition": 'attachment; filename="usage.csv"', "Cache-Control": "no-store"}
        text = write_csv(period.uses()[0], period.group)
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Charge | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Charge | None = None) -> bool:
        return False


def _read_period(request: HttpRequest) -> Period:
    """What is asked for; where nothing is, the last days by person."""
    last = today().date()
    asked = request.GET.copy()
    for name, value in (("by", GROUPS[0]), ("first", str(last - timedelta(days=DAYS - 1))), ("last", str(last))):
        asked.setdefault(name, value)
    return Period(asked)
