"""The addresses that people send around."""

from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from playground.artifacts.addresses import public_url
from playground.artifacts.embedding import embed_code
from playground.artifacts.models import Artifact, Version


@dataclass(frozen=True, slots=True)
class ShareLinks:
    latest: str
    version: str
    code: SafeString  # an SVG element: the QR code of `latest`
    embed: str | None  # HTML for pages of other sites; None where they could not show it


def share_links(artifact: Artifact, version: Version) -> ShareLinks:
    latest = public_url(artifact.get_absolute_url())
    embed = embed_code(artifact) if artifact.is_open else None
    return ShareLinks(latest, public_url(version.get_absolute_url()), qr_code(latest), embed)


def qr_code(text: str) -> SafeString:
    """Black, for a white ground."""
    made = segno.make(text, micro=False, error="m").svg_inline(svgclass="qr", lineclass=None, omitsize=True)
    return mark_safe(made)


def describe(version: Version) -> str:
    """What search engines and chats show below the title: the owner's words, else the wish."""
    words = " ".join((version.artifact.description or version.prompt).split())
    return Truncator(words).chars(200) if words else _("A page made on Playground. Open it, and remix it.")
