"""The settings page: what it shows. What its forms do is in `account` and `webhooks`, and in the accounts' views."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.accounts.forms import ProfileForm
from playground.accounts.models import ApiToken
from playground.accounts.sign_ins import list_sign_ins
from playground.accounts.views import NEW_TOKEN, MemberRequest, for_members
from playground.artifacts.addresses import public_url
from playground.people.models import Export
from playground.webhooks.models import TEST, Delivery, Event, State, Webhook
from playground.webhooks.wording import tell_delivery, tell_fault

NEW_SECRET = "new_webhook_secret"
_SHOWN_DELIVERIES = 10


@require_safe
@for_members
def show_settings(request: MemberRequest) -> HttpResponse:
    user = request.user
    context = {
        "tokens": ApiToken.objects.of(user),
        "new_token": request.session.pop(NEW_TOKEN, None),  # shown once
        "profile_form": ProfileForm(instance=user),
        "page_address": public_url("/u/"),
        "mcp_address": public_url("/mcp"),
        "webhooks": [_tell_webhook(webhook) for webhook in Webhook.objects.filter(user=user)],
        "new_secret": request.session.pop(NEW_SECRET, None),
        "events": Event.choices,
        "sign_ins": list_sign_ins(user),
        "session_key": request.session.session_key,
        "export": Export.objects.filter(user=user).first(),
    }
    response = render(request, "people/settings.html", context)
    response["Cache-Control"] = "no-store"  # it may hold a secret
    return response


def _tell_webhook(webhook: Webhook) -> dict[str, object]:
    deliveries = webhook.deliveries.all()[:_SHOWN_DELIVERIES]
    return {
        "webhook": webhook,
        "events": [Event(event).label for event in webhook.events],
        "why": "" if webhook.is_enabled else tell_fault(webhook.fault),
        "deliveries": [_tell(delivery) for delivery in deliveries],
    }


def _tell(delivery: Delivery) -> dict[str, object]:
    return {
        "delivery": delivery,
        "event": delivery.event if delivery.event == TEST else Event(delivery.event).value,
        "state": State(delivery.state),
        "why": tell_delivery(delivery),
    }
