from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from playground.accounts.models import Charge, User
from playground.accounts.signals import guest_joined

SEEN = timedelta(hours=1)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_ASIDE = "guest"  # key in the session


def ensure_user(request: HttpRequest) -> User:
    """Who makes this request; a visitor becomes a guest, bound to the session."""
    user = request.user
    if isinstance(user, User):
        _note_visit(user)
        return user
    guest = guest_of(request) or User.objects.create_guest()
    login(request, guest, backend=_BACKEND)
    return guest


def guest_of(request: HttpRequest) -> User | None:
    """The guest of this session, also one who was set aside."""
    guest_id = request.user.pk or request.session.get(_ASIDE)
    return User.objects.filter(pk=guest_id, is_guest=True).first() if guest_id else None


def set_guest_aside(request: HttpRequest) -> bool:
    """Sign a guest out for a sign-in that takes several requests. False where there is none."""
    guest = guest_of(request)
    if guest is None:
        return False
    logout(request)
    request.session[_ASIDE] = guest.pk
    return True


@contextmanager
def handing_over(request: HttpRequest) -> Iterator[None]:
    """Around a sign-in: who is signed in afterwards takes over what the guest of this session made."""
    guest = guest_of(request)
    yield
    user = request.user
    if guest and isinstance(user, User) and user.pk != guest.pk:
        adopt_guest(guest, user)


def adopt_guest(guest: User, user: User) -> None:
    """Give `user` what the guest made, and forget the guest."""
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=guest.pk).first()  # a run that saves its version now comes first
        Charge.objects.filter(user=guest).update(user=user)  # what the guest has used today counts for the member
        guest_joined.send(sender=User, guest=guest, user=user)
        guest.delete()


def _note_visit(user: User) -> None:
    if timezone.now() - user.last_seen > SEEN:
        User.objects.filter(pk=user.pk).update(last_seen=timezone.now())
