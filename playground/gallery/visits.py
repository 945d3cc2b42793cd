"""How many people have opened an artifact: each counts once, however often the page is loaded.

Who has a session is known by the account. Of everybody else nothing is stored: a keyed hash of address and browser
stands in the cache for a day, with a key that is another one every day. The database holds the number alone.
"""

import logging
import re

from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from playground.accounts.api_auth import address_of
from playground.artifacts.models import Artifact

_DAY = 86_400
_ACCOUNTS = 30 * _DAY  # seconds until somebody with a session counts again
_BOTS = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|scrap|preview|prerender|fetch|monitor|headless|lighthouse|validator|embedly"
    r"|facebookexternalhit|whatsapp|skypeuripreview|curl/|wget/|python|okhttp|java/|go-http|node|libwww|http-?client",
    re.IGNORECASE,
)

logger = logging.getLogger(__name__)


def count_visit(request: HttpRequest, artifact: Artifact) -> None:
    """Count the person behind the request, unless it is the owner, a program, or a page loaded in advance."""
    if request.method != "GET" or artifact.owner_id == request.user.pk or _is_program(request):
        return
    who, seconds = _person(request)
    try:
        is_new = cache.add(f"visit:{artifact.pk}:{who}", 1, seconds)
    except Exception as error:  # whatever the cache's client raises: its outage must not keep people away
        logger.warning("views are not counted, the cache does not answer: %s", error)
        return
    if is_new:
        Artifact.objects.filter(pk=artifact.pk).update(views=F("views") + 1)
        artifact.views += 1


def _is_program(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    return not agent or bool(_BOTS.search(agent)) or "prefetch" in request.headers.get("Sec-Purpose", "")


def _person(request: HttpRequest) -> tuple[str, int]:
    """A name for who asks, and for how many seconds it is remembered."""
    if request.user.pk:
        return f"user:{request.user.pk}", _ACCOUNTS
    today = timezone.now().date().isoformat()
    traits = f"{address_of(request)}\n{request.headers.get('User-Agent', '')}"
    return salted_hmac(f"visit {today}", traits, algorithm="sha256").hexdigest()[:32], _DAY
