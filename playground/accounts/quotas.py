"""How much a person may start, and a guest publish. Counted in the cache, in windows of an hour; and what answers use
in a day, in the database: `playground.accounts.charges`.
"""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from playground.accounts.charges import check_day
from playground.accounts.models import User
from playground.errors import QuotaExceeded

HOUR = 3600
PUSHES_PER_HOUR = 60
GUESSES_PER_HOUR = 20
LIKES_PER_HOUR = 60
TESTS_PER_HOUR = 30
EXPORTS_PER_HOUR = 4
CONFIRMATIONS_PER_HOUR = 10
REPORTS_PER_HOUR = 10

logger = logging.getLogger(__name__)


def check_may_start(user: User, address: str, runs: int = 1) -> None:
    """Count so many more runs. Raises QuotaExceeded. Guests are counted by IP address as well."""
    if user.is_staff:
        return
    check_day(user, address, runs)
    _check_hour(user, address, runs)


def _check_hour(user: User, address: str, runs: int) -> None:
    if user.is_guest:
        sentence = _(
            "Guests may start %(limit)d answers or uploads an hour. Sign up to go on, or come back in %(minutes)d min."
        )
        _count(f"user:{user.pk}", runs, settings.GUEST_RUNS_PER_HOUR, sentence)
        _count(f"address:{address}", runs, settings.ADDRESS_RUNS_PER_HOUR, sentence)
    else:
        sentence = _("You may start %(limit)d answers an hour. Come back in %(minutes)d min.")
        _count(f"user:{user.pk}", runs, settings.USER_RUNS_PER_HOUR, sentence)


def check_may_publish(user: User, address: str) -> None:
    """A guest's upload counts like a run; a member's are free. Raises QuotaExceeded."""
    if user.is_guest:
        _check_hour(user, address, 1)


def check_may_push(user: User | None, address: str) -> None:
    """Count one more push to another service: what we send there is sent in our name. Raises QuotaExceeded."""
    sentence = _("You may push %(limit)d times an hour. Come back in %(minutes)d min.")
    _count(f"push:{user.pk if user else address}", 1, PUSHES_PER_HOUR, sentence)


def check_may_guess(artifact_id: str, address: str) -> None:
    """Count one more password that was tried from this address. Raises QuotaExceeded."""
    sentence = _("A password may be tried %(limit)d times an hour. Come back in %(minutes)d min.")
    _count(f"guess:{artifact_id}:{address}", 1, GUESSES_PER_HOUR, sentence)


def check_may_like(user: User | None, address: str) -> None:
    """Count one more like, by address where there is no account: a guest is soon made. Raises QuotaExceeded."""
    sentence = _("You may like %(limit)d things an hour. Come back in %(minutes)d min.")
    is_member = user is not None and not user.is_guest
    _count(f"like:{user.pk if user and is_member else address}", 1, LIKES_PER_HOUR, sentence)


def check_may_test(user: User) -> None:
    """Count one more test of a webhook. Raises QuotaExceeded."""
    sentence = _("You may send %(limit)d tests an hour. Come back in %(minutes)d min.")
    _count(f"test:{user.pk}", 1, TESTS_PER_HOUR, sentence)


def check_may_export(user: User) -> None:
    """Count one more export of all that is theirs. Raises QuotaExceeded."""
    sentence = _("You may make %(limit)d exports an hour. Come back in %(minutes)d min.")
    _count(f"export:{user.pk}", 1, EXPORTS_PER_HOUR, sentence)


def check_may_confirm(user: User) -> None:
    """Count one more password that was given to confirm something. Raises QuotaExceeded."""
    sentence = _("You have tried %(limit)d times within an hour. Come back in %(minutes)d min.")
    _count(f"confirm:{user.pk}", 1, CONFIRMATIONS_PER_HOUR, sentence)


def check_may_report(user: User | None, address: str) -> None:
    """Count one more report, of the person and of the address: nobody has to be known for one. Raises QuotaExceeded."""
    sentence = _("You may report %(limit)d pages an hour. Come back in %(minutes)d min.")
    for who in [f"address:{address}", *([f"user:{user.pk}"] if user else [])]:
        _count(f"report:{who}", 1, REPORTS_PER_HOUR, sentence)


def check_may_verify(user: User, address: str) -> None:
    """Count one more check that somebody asked for. Raises QuotaExceeded."""
    if user.is_staff:
        return
    sentence = _("You may have %(limit)d versions checked an hour. Come back in %(minutes)d min.")
    for who in [f"user:{user.pk}", *([f"address:{address}"] if user.is_guest else [])]:
        _count(f"checks:{who}", 1, settings.CHECKS_PER_HOUR, sentence)


def _count(who: str, runs: int, limit: int, sentence: str) -> None:
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
        message = sentence % {"limit": limit, "minutes": -(-wait // 60)}
        raise QuotaExceeded("quota_exceeded", message, retry_after=wait)


def _add(key: str, runs: int) -> int:
    cache.add(key, 0, HOUR)
    return cache.incr(key, runs)
