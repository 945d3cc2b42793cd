"""How far the artifacts' hosts are from the app's. The opaque origin holds at every level; what else holds, differs."""

from enum import IntEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from playground.host.hosts import is_artifact_host


class Level(IntEnum):
    """From best to refused."""

    OTHER_DOMAIN = 1
    SUBDOMAINS = 2
    ONE_HOST = 3
    SAME_HOST = 4


NAMES: dict[Level, StrPromise] = {
    Level.OTHER_DOMAIN: _("Each page has a host of its own, on a domain that is not the app's"),
    Level.SUBDOMAINS: _("Each page has a host of its own, below the app's domain"),
    Level.ONE_HOST: _("All pages share one spare host"),
    Level.SAME_HOST: _("Pages are on the app's own host"),
}
MEANINGS: dict[Level, StrPromise] = {
    Level.OTHER_DOMAIN: _(
        "The best there is: a page has a process of its own in the browser, and password managers keep the app's "
        "passwords away from it."
    ),
    Level.SUBDOMAINS: _(
        "A page has a process of its own in the browser. Password managers may offer the app's passwords in it; "
        "a wildcard name on another domain in PLAYGROUND_ARTIFACT_HOST prevents that."
    ),
    Level.ONE_HOST: _(
        "Pages are kept apart by the sandbox alone and may share a process in the browser: one that loops can freeze "
        "the others, and side channels between them are possible. A wildcard name in PLAYGROUND_ARTIFACT_HOST gives "
        "each a host of its own."
    ),
    Level.SAME_HOST: _(
        "Refused: nothing but the sandbox would stand between a page and the app. Set PLAYGROUND_ARTIFACT_HOST to "
        "another host or port."
    ),
}


def level() -> Level:
    app = urlsplit(settings.PUBLIC_URL)
    if not settings.ARTIFACT_WILDCARD:
        return Level.ONE_HOST if is_artifact_host(settings.ARTIFACT_HOST) else Level.SAME_HOST
    artifacts, _port = split_domain_port(settings.ARTIFACT_HOST)
    return Level.SUBDOMAINS if _are_related(app.hostname or "", artifacts) else Level.OTHER_DOMAIN


def _are_related(one: str, other: str) -> bool:
    """Whether both may lie under one registrable domain. The public suffixes are not known here: in doubt, yes."""
    return one.split(".")[-2:] == other.split(".")[-2:] or one.endswith(f".{other}") or other.endswith(f".{one}")
