from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from playground.ids import new_id


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class Export(models.Model):
    """All that a person has made, as one zip for a few days. At most one of each person."""

    KEPT = timedelta(days=7)

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    # Counted up by each worker that takes it; whoever holds an older number has lost it.
    attempt = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def path(self) -> str:
        """In the artifacts' storage, which all nodes share."""
        return f"exports/{self.pk}.zip"

    @property
    def is_pending(self) -> bool:
        return self.state in (State.WAITING, State.WORKING)

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY and self.expires_at is not None and self.expires_at > timezone.now()


class Deletion(models.Model):
    """An account that is closed, and whose rows are still to be taken away. It goes with the account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletion")
    ordered_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"of {self.user_id}"
