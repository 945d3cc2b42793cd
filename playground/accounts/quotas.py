"""How many runs a person may start, and pages a guest may publish. Counted in the cache, in windows of an hour."""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.errors import QuotaExceeded

HOUR = 3600
PUSHES_PER_HOUR = 60

logger = logging.getLogger(__name__)


def check_may_start(user: User, address: str, runs: int = 1) -> None:
    """Count so many more runs. Raises QuotaExceeded. Guests are counted by IP address as well."""
    if user.is_staff:
        return
    if user.is_guest:
        _count(f"user:{user.pk}", runs, settings.GUEST_RUNS_PER_HOUR, is_guest=True)
        _count(f"address:{address}", runs, settings.ADDRESS_RUNS_PER_HOUR, is_guest=True)
    else:
        _count(f"user:{user.pk}", runs, settings.USER_RUNS_PER_HOUR, is_guest=False)


def check_may_publish(user: User, address: str) -> None:
    """A guest's upload counts like a run; a member's are free. Raises QuotaExceeded."""
    if user.is_guest:
        check_may_start(user, address)


def check_may_push(user: User | None, address: str) -> None:
    """Count one more push to another service: what we send there is sent in our name. Raises QuotaExceeded."""
    try:
        _count(f"push:{user.pk if user else address}", 1, PUSHES_PER_HOUR, is_guest=False)
    except QuotaExceeded as error:
        text = _("You may push %(limit)d times an hour. Come back in %(minutes)d min.")
        details = {"limit": PUSHES_PER_HOUR, "minutes": -(-int(error.retry_after or HOUR) // 60)}
        raise QuotaExceeded(error.code, text % details, retry_after=error.retry_after) from None


def _count(who: str, runs: int, limit: int, *, is_guest: bool) -> None:
    window, elapsed = divmod(int(time.time()), HOUR)
    try:
        count = _add(f"quota:{who}:{window}", runs)
        if count > limit:
            _add(f"quota:{who}:{window}", -runs)  # of what was refused, nothing counts
    except Exception as error:  # whatever the cache's client raises: its outage must not stop people
        logger.warning("quotas are not enforced, the cache does not answer: %s", error)
        return
    if count > limit:
        wait = HOUR - elapsed
        raise QuotaExceeded("quota_exceeded", _sentence(limit, wait, is_guest=is_guest), retry_after=wait)


def _add(key: str, runs: int) -> int:
    cache.add(key, 0, HOUR)
    return cache.incr(key, runs)


def _sentence(limit: int, wait: int, *, is_guest: bool) -> str:
    if is_guest:
        text = _(
            "Guests may start %(limit)d answers or uploads an hour. Sign up to go on, or come back in %(minutes)d min."
        )
    else:
        text = _("You may start %(limit)d answers an hour. Come back in %(minutes)d min.")
    return text % {"limit": limit, "minutes": -(-wait // 60)}
