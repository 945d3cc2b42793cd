"""How a visitor reports a page: without signing in."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from playground.accounts.api_auth import address_of, visitor
from playground.artifacts.access import find_artifact
from playground.curation.models import ReportReason
from playground.curation.reports import LONGEST, report
from playground.errors import QuotaExceeded
from playground.gallery.doors import door


class ReportForm(forms.Form):
    reason = forms.ChoiceField(choices=ReportReason)
    text = forms.CharField(required=False, max_length=LONGEST)


@require_http_methods(["GET", "HEAD", "POST"])
@door
def report_artifact(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Of what one may not open, there is nothing to report either."""
    artifact = find_artifact(visitor(request), artifact_id)
    form = ReportForm(request.POST or None)
    refusal, status = "", 200
    is_told = False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            report(artifact, visitor(request), address_of(request), given["reason"], given["text"])
            is_told = True
        except QuotaExceeded as error:
            refusal, status = error.message, error.status
    elif request.method == "POST":
        refusal, status = _("Choose what is wrong with it, and use at most 2,000 characters."), 400
    context = {
        "artifact": artifact,
        "reasons": ReportReason.choices,
        "given": {name: request.POST.get(name, "") for name in ("reason", "text")},
        "refusal": refusal,
        "is_told": is_told,
        "longest": LONGEST,
    }
    response = render(request, "curation/report.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
