from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from playground.ids import new_id

TEST = "webhook.test"


class Event(models.TextChoices):
    PUBLISHED = "artifact.published", _("An artifact is published, or a new version of it")
    SUBMITTED = "gallery.submitted", _("An artifact is submitted to the gallery")


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class Webhook(models.Model):
    """An address that one person has named. It hears of what is theirs; where a curator asks for it, of everybody's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    secret = models.TextField(editable=False)  # encrypted: playground.gateway.secrets
    events = models.JSONField[list[str]](_("events"), default=list)
    hears_all = models.BooleanField(_("of everybody"), default=False)  # holds as long as the person is staff
    is_enabled = models.BooleanField(_("on"), default=True)
    fault = models.CharField(max_length=20, blank=True)  # why it was turned off by us: `wording`
    succeeded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.url


def new_message_id() -> str:
    return f"msg_{new_id()}"


class Delivery(models.Model):
    """One message to one address. Its id and body stay the same in all attempts, so that a receiver can tell."""

    id = models.CharField(primary_key=True, max_length=24, default=new_message_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=30)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When the next attempt may begin. One that is under way holds it in the future: if its worker is killed, it is due
    # again when that has passed.
    due_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last HTTP answer
    fault = models.CharField(max_length=20, blank=True)  # what went wrong last: `wording`
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="deliveries_that_are_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
