"""What a service's refusal means, and what to do about it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from playground.errors import PlaygroundError
from playground.takeout.pushing.client import Refused

_A_WHILE = 60.0  # seconds to wait where the service does not say
# By the service's status: our code, our status (its 401 must not look like one of ours), the sentence.
_MEANINGS: dict[int, tuple[str, int, StrPromise]] = {
    401: (
        "push_bad_token",
        400,
        gettext_lazy("%(service)s does not know this token. It may have expired: make a new one."),
    ),
    403: (
        "push_forbidden",
        403,
        gettext_lazy("This token may not write to %(place)s. Make one that may. %(service)s says: %(said)s"),
    ),
    404: (
        "push_not_found",
        404,
        gettext_lazy("%(place)s is not there, or this token may not see it. Check the name, or let it be created."),
    ),
    409: (
        "push_conflict",
        409,
        gettext_lazy("%(place)s has changed in the meantime. Nothing of it was overwritten; try again."),
    ),
    422: ("push_invalid", 422, gettext_lazy("%(service)s does not accept this: %(said)s")),
}
_OTHER = gettext_lazy("%(service)s has a problem of its own (%(said)s). Nothing was lost; try again later.")


def explain(refused: Refused, service: str, place: str) -> PlaygroundError:
    """`place` is the repository or Space that was meant."""
    wait = _wait(refused)
    if wait is not None:
        message = _("%(service)s asks to slow down. Try again in %(minutes)d min.")
        details = {"service": service, "minutes": max(1, round(wait / 60))}
        return PlaygroundError("push_slow_down", message % details, status=429, retryable=True, retry_after=wait)
    known = {400: 422, 412: 409}.get(refused.status, refused.status)
    code, status, text = _MEANINGS.get(known, ("push_refused", 502, _OTHER))
    names = {"service": service, "place": place, "said": refused.message or str(refused.status)}
    return PlaygroundError(code, str(text) % names, status=status, retryable=status in (409, 502))


def conflict(service: str, place: str) -> PlaygroundError:
    return explain(Refused(409, "", {}), service, place)


def _wait(refused: Refused) -> float | None:
    """Seconds, where it is a rate limit. GitHub's answers 403 as well, with nothing remaining or a Retry-After."""
    after = refused.headers.get("retry-after", "")
    if refused.status == 429:
        return float(after) if after.isdigit() else _A_WHILE
    if refused.status == 403 and (after.isdigit() or refused.headers.get("x-ratelimit-remaining") == "0"):
        return float(after) if after.isdigit() else _A_WHILE
    return None
