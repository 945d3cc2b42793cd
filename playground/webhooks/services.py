"""The only writer of webhooks and deliveries."""

import base64
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Version
from playground.errors import BadInput
from playground.gateway.secrets import decrypt, encrypt
from playground.webhooks.models import TEST, Delivery, Event, State, Webhook
from playground.webhooks.sending import PREFIX, TIMEOUT, Message, Outcome

MOST = 10  # of one person
KEPT = timedelta(days=30)  # deliveries that are over
AWAY = timedelta(seconds=3 * TIMEOUT)  # after which the worker of an attempt counts as gone
# After each attempt that failed; after the last one it is given up: in all, about three days.
PAUSES = [timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 86_400, 86_400)]
_BATCH = 20
_AT_ONCE = 2  # of one webhook
_FINAL = ("gone", "no_secret")


def add_webhook(*, user: User, url: str, events: Sequence[str], hears_all: bool = False) -> tuple[Webhook, str]:
    """The webhook and its secret, which is told once. Raises BadInput."""
    if user.webhooks.count() >= MOST:
        raise BadInput("too_many_webhooks", _("At most %(count)d webhooks are possible. Delete one.") % {"count": MOST})
    if not events:
        raise BadInput("no_events", _("Choose what the webhook is to be told."))
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook.objects.create(
        user=user,
        url=check_url(url),
        secret=encrypt(secret),
        events=[event for event in Event.values if event in events],
        hears_all=hears_all and user.is_staff,
    )
    return webhook, secret


def check_url(url: str) -> str:
    """Where a name leads to is looked at when it is called. Raises BadInput."""
    url = url.strip()
    schemes = ("https", "http") if settings.WEBHOOK_NETWORKS else ("https",)
    try:
        parts = urlsplit(url)
        is_complete = bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.password)
    except ValueError:
        is_complete = False
    if not is_complete or parts.scheme not in schemes or len(url) > 500 or not url.isprintable() or " " in url:
        raise BadInput("bad_webhook_url", _("Enter a complete address that begins with https://, without a password."))
    return url


def emit(event: Event, version: Version) -> None:
    """Put down what is to be told to whom. Wake a worker afterwards."""
    hooks = Webhook.objects.filter(is_enabled=True).filter(
        Q(user=version.artifact.owner) | Q(hears_all=True, user__is_staff=True), user__is_active=True
    )
    body = _body(event, _tell(version))
    Delivery.objects.bulk_create(
        Delivery(webhook=hook, event=event, body=body) for hook in hooks if event in hook.events
    )


def send_test(webhook: Webhook) -> Delivery:
    return Delivery.objects.create(webhook=webhook, event=TEST, body=_body(TEST, {"message": "This is a test."}))


def turn_on(webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(is_enabled=True, fault="")


def claim_due() -> list[tuple[Delivery, Message]]:
    """What is due, a few of each webhook. Each counts as under way until `AWAY` has passed."""
    now = timezone.now()
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=now, webhook__is_enabled=True)
    taken: list[tuple[Delivery, Message]] = []
    counts: dict[int, int] = {}
    for delivery in due.select_related("webhook__user").order_by("due_at")[: 10 * _BATCH]:
        if len(taken) < _BATCH and counts.get(delivery.webhook_id, 0) < _AT_ONCE and _claim(delivery):
            counts[delivery.webhook_id] = counts.get(delivery.webhook_id, 0) + 1
            taken.append((delivery, _message(delivery)))
    return taken


def _claim(delivery: Delivery) -> bool:
    same = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    if not same.update(attempts=delivery.attempts + 1, due_at=timezone.now() + AWAY):
        return False
    delivery.attempts += 1
    return True


def _message(delivery: Delivery) -> Message:
    return Message(delivery.pk, delivery.webhook.url, decrypt(delivery.webhook.secret), delivery.body)


@transaction.atomic
def finish(delivery: Delivery, outcome: Outcome) -> bool:
    """Keep what came of an attempt. True where the webhook was turned off for it."""
    now = timezone.now()
    same = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    if not outcome.fault:
        Webhook.objects.filter(pk=delivery.webhook_id).update(succeeded_at=now)
        same.update(state=State.DELIVERED, status=outcome.status, fault="", finished_at=now)
        return False
    is_over = delivery.event == TEST or outcome.fault in _FINAL or delivery.attempts > len(PAUSES)
    if not is_over:
        same.update(status=outcome.status, fault=outcome.fault, due_at=now + PAUSES[delivery.attempts - 1])
        return False
    given_up = same.update(state=State.FAILED, status=outcome.status, fault=outcome.fault, finished_at=now)
    return bool(given_up) and delivery.event != TEST and _turn_off(delivery, outcome.fault)


def _turn_off(delivery: Delivery, fault: str) -> bool:
    """Where nothing has arrived since that message was new, or the other side wants no more."""
    hooks = Webhook.objects.filter(pk=delivery.webhook_id, is_enabled=True)
    if fault not in _FINAL:
        hooks = hooks.filter(Q(succeeded_at=None) | Q(succeeded_at__lt=delivery.created_at))
    if not hooks.update(is_enabled=False, fault=fault):
        return False
    waiting = Delivery.objects.filter(webhook=delivery.webhook_id, state=State.WAITING)
    waiting.update(state=State.FAILED, fault="turned_off", finished_at=timezone.now())
    return True


def forget_deliveries() -> None:
    Delivery.objects.filter(finished_at__lt=timezone.now() - KEPT).delete()


def _body(event: str, data: dict[str, Any]) -> str:
    at = timezone.now().isoformat(timespec="seconds")
    return json.dumps({"type": event, "timestamp": at, "data": data}, ensure_ascii=False)


def _tell(version: Version) -> dict[str, Any]:
    artifact = version.artifact
    return {
        "artifact": artifact.pk,
        "title": artifact.title,
        "owner": artifact.owner.public_name,
        "visibility": artifact.visibility,
        "permalink": public_url(artifact.get_absolute_url()),
        "version": version.number,
        "version_permalink": public_url(version.get_absolute_url()),
    }
