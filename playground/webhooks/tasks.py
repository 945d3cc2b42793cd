import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from celery import shared_task
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from playground.artifacts.addresses import public_url
from playground.artifacts.models import Artifact, Version
from playground.artifacts.signals import became_public, version_saved
from playground.webhooks.models import Delivery, Event
from playground.webhooks.sending import Message, send_all
from playground.webhooks.services import claim_due, emit, finish, forget_deliveries
from playground.webhooks.wording import tell_fault

logger = logging.getLogger(__name__)

_SENDING = "webhooks-sending"
_TURN = 25  # seconds that the right to send holds, from the beginning of a batch
_BATCHES = 20


@receiver(version_saved)
def tell_version(sender: object, *, version: Version, **kwargs: object) -> None:
    if is_open_to_all(version.artifact):
        announce(Event.PUBLISHED, version)


@receiver(became_public)
def tell_public(sender: object, *, artifact: Artifact, **kwargs: object) -> None:
    if is_open_to_all(artifact):
        announce(Event.PUBLISHED, artifact.latest)


def tell_submission(artifact: Artifact) -> None:
    """To be called by whoever submits an artifact to the gallery."""
    transaction.on_commit(lambda: announce(Event.SUBMITTED, artifact.latest), robust=True)


def is_open_to_all(artifact: Artifact) -> bool:
    return Artifact.objects.listed().filter(pk=artifact.pk).exists()


def announce(event: Event, version: Version) -> None:
    """Put down who is to be told, and wake a worker."""
    emit(event, version)
    wake_worker()


def wake_worker() -> None:
    """At once or not at all: where the queue cannot be reached, the sweep finds what is due."""
    with suppress(OperationalError):
        deliver.apply_async(retry=False)


@shared_task
def deliver() -> None:
    """All that is due. One worker at a time does it, so that slow addresses cannot hold them all."""
    if not cache.add(_SENDING, 1, _TURN):
        return
    try:
        for _batch in range(_BATCHES):
            due = claim_due()
            if not due:
                return
            cache.set(_SENDING, 1, _TURN)
            _send(due)
    finally:
        cache.delete(_SENDING)


@shared_task
def sweep_deliveries() -> None:
    forget_deliveries()
    deliver()


def _send(due: Sequence[tuple[Delivery, Message]]) -> None:
    outcomes = asyncio.run(send_all([message for _delivery, message in due]))
    for (delivery, _message), outcome in zip(due, outcomes, strict=True):
        if finish(delivery, outcome):
            _tell_owner(delivery, tell_fault(outcome.fault, outcome.status))


def _tell_owner(delivery: Delivery, why: str) -> None:
    """By e-mail; the settings page says it as well."""
    email = delivery.webhook.user.email
    if not email:
        return
    lines = [
        _("Nothing has arrived at this address for about three days, so the webhook was turned off:"),
        delivery.webhook.url,
        why,
        _("Turn it on again on your settings page: %(address)s") % {"address": public_url("/settings/#webhooks")},
    ]
    try:
        send_mail(_("A webhook was turned off"), "\n\n".join(lines), None, [email])
    except OSError:  # of which the mail server's own errors are, too
        logger.warning("no e-mail could be sent about a webhook", exc_info=True)
