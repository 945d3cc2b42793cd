"""The webhooks' forms on the settings page."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from playground.accounts.quotas import check_may_test
from playground.accounts.views import MemberRequest, for_members
from playground.errors import PlaygroundError
from playground.people.settings_page import NEW_SECRET
from playground.webhooks.models import Webhook
from playground.webhooks.services import add_webhook, send_test, turn_on
from playground.webhooks.tasks import wake_worker


@require_POST
@for_members
def create(request: MemberRequest) -> HttpResponse:
    try:
        _webhook, request.session[NEW_SECRET] = add_webhook(
            user=request.user,
            url=request.POST.get("url", ""),
            events=request.POST.getlist("events"),
            hears_all="hears_all" in request.POST,
        )
    except PlaygroundError as refusal:
        messages.error(request, refusal.message)
    return _back()


@require_POST
@for_members
def test(request: MemberRequest, webhook_id: int) -> HttpResponse:
    webhook = _own(request, webhook_id)
    try:
        check_may_test(request.user)
    except PlaygroundError as refusal:
        messages.error(request, refusal.message)
        return _back()
    send_test(webhook)
    wake_worker()
    messages.success(request, _("A test is on its way. Reload this page to see what became of it."))
    return _back()


@require_POST
@for_members
def turn_on_again(request: MemberRequest, webhook_id: int) -> HttpResponse:
    turn_on(_own(request, webhook_id))
    messages.success(request, _("The webhook is on again."))
    return _back()


@require_POST
@for_members
def delete(request: MemberRequest, webhook_id: int) -> HttpResponse:
    _own(request, webhook_id).delete()
    messages.success(request, _("The webhook is deleted."))
    return _back()


def _own(request: MemberRequest, webhook_id: int) -> Webhook:
    return get_object_or_404(Webhook, pk=webhook_id, user=request.user)


def _back() -> HttpResponseRedirect:
    return redirect(reverse("settings") + "#webhooks")
