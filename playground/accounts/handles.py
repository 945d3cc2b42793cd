"""Handles: the unique name in the address of a person's page, `/u/<handle>`. Kept in small letters."""

import re

from django.utils.translation import gettext as _

from playground.accounts.models import DELETED, User
from playground.errors import BadInput

_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,28}[a-z0-9]", re.ASCII)
# Names that speak for the playground, or that an address of ours may need one day.
_WORDS = """
about abuse account accounts admin administrator all anonymous api app artifact artifacts assets blog bot
collection collections contact curator curators deleted demo demos docs edit embed everyone feed feeds gallery
guest guests healthz help home house info join legal login logout mail mcp me media metrics mod moderator
moderators new news nobody null oembed official operator owner playground postmaster privacy profile public root
search security self settings shelf signin signup sitemap staff static status support sysadmin system tag tags
team terms test undefined user users webhook webhooks webmaster www you
"""
RESERVED = frozenset([DELETED, *_WORDS.split()])


def choose_handle(user: User, text: str) -> None:
    """Empty: none, and so no page. Raises BadInput for one that is impossible, reserved or taken."""
    handle = text.strip().lower().removeprefix("@")
    if handle and not _HANDLE.fullmatch(handle):
        raise BadInput(
            "bad_handle",
            _("A handle has 3 to 30 letters from a to z, digits, and single hyphens between them."),
        )
    if handle in RESERVED or User.objects.filter(handle=handle).exclude(pk=user.pk).exists():
        raise BadInput("handle_taken", _("The handle “%(handle)s” is taken. Choose another one.") % {"handle": handle})
    user.handle = handle or None
