from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from playground.accounts.models import User

IDLE = timedelta(days=30)


@shared_task
def forget_idle_guests() -> None:
    """Guests that did not come back are deleted, with what only they could reach."""
    User.objects.filter(is_guest=True, last_seen__lt=timezone.now() - IDLE).delete()
