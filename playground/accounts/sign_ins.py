"""Where a member is signed in. A row for each browser, noted when it comes and then at most once an hour."""

import time
from collections.abc import Sequence
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from playground.accounts.models import SignIn, User
from playground.middleware import AsyncMiddleware

AGAIN = timedelta(hours=1).total_seconds()
_NOTED = "sign_in"  # in the session: its key and when it was noted; the key changes with the password


class SignInMiddleware(AsyncMiddleware):
    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = await self.get_response(request)
        if _is_due(request):
            await sync_to_async(note_sign_in)(request)
        return response


def _is_due(request: HttpRequest) -> bool:
    """Looks only at what the request has loaded anyway."""
    session = request.session
    if not session.accessed or getattr(request, "has_token", False) or not session.session_key:
        return False
    if SESSION_KEY not in session:
        return False
    key, noted = session.get(_NOTED) or ("", 0.0)
    return bool(key != session.session_key or time.time() - noted > AGAIN)


def note_sign_in(request: HttpRequest) -> None:
    """Guests are at one browser alone, and have no settings."""
    session = request.session
    user = request.user
    before = (session.get(_NOTED) or [""])[0]
    session[_NOTED] = [session.session_key, time.time()]
    if not isinstance(user, User) or user.is_guest:
        return
    key = session.session_key or ""
    agent = request.headers.get("User-Agent", "")[:300].replace("\0", "")
    known = SignIn.objects.filter(user=user, session_key__in=[key, before])
    if not known.update(session_key=key, agent=agent, last_used_at=timezone.now()):
        # Two requests may come at once, and each find none.
        SignIn.objects.bulk_create([SignIn(user=user, session_key=key, agent=agent)], ignore_conflicts=True)


def list_sign_ins(user: User) -> list[SignIn]:
    """Those whose session still holds, the latest first. The others are forgotten."""
    sign_ins = list(SignIn.objects.filter(user=user))
    keys = [sign_in.session_key for sign_in in sign_ins]
    live = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    held = set(live.values_list("session_key", flat=True))
    SignIn.objects.filter(user=user).exclude(session_key__in=held).filter(session_key__in=keys).delete()
    return [sign_in for sign_in in sign_ins if sign_in.session_key in held]


def end_sign_ins(sign_ins: Sequence[SignIn]) -> None:
    keys = [sign_in.session_key for sign_in in sign_ins]
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        SignIn.objects.filter(session_key__in=keys).delete()


@receiver(user_logged_out)
def forget_sign_in(sender: object, *, request: HttpRequest | None, **kwargs: object) -> None:
    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        SignIn.objects.filter(session_key=session.session_key).delete()
