from datetime import timedelta

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from playground.accounts.models import User
from playground.accounts.signals import guest_joined

SEEN = timedelta(hours=1)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def ensure_user(request: HttpRequest) -> User:
    """Who makes this request; a visitor becomes a guest, bound to the session."""
    user = request.user
    if isinstance(user, User):
        _note_visit(user)
        return user
    guest = User.objects.create_guest()
    login(request, guest, backend=_BACKEND)
    return guest


def adopt_guest(guest: User, user: User) -> None:
    """Give `user` what the guest made, and forget the guest."""
    with transaction.atomic():
        guest_joined.send(sender=User, guest=guest, user=user)
        guest.delete()


def _note_visit(user: User) -> None:
    if timezone.now() - user.last_seen > SEEN:
        User.objects.filter(pk=user.pk).update(last_seen=timezone.now())
