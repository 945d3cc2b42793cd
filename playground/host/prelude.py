"""The script that stands first in every artifact's document; `frontend/src/prelude` is its source."""

from functools import cache
from html import escape
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from playground.artifacts.addresses import shelf_url


@cache
def script() -> str:
    """Raises ImproperlyConfigured where it has not been built."""
    path = settings.ROOT / "frontend" / "dist" / "prelude" / "prelude.js"
    try:
        text: str = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImproperlyConfigured(
            _("The prelude of the artifacts is not built (%(path)s): run “npm run build” in the folder frontend.")
            % {"path": path}
        ) from error
    return text.strip().replace("</script", "<\\/script")


def tag() -> str:
    return f'<script data-shelf="{escape(shelf_url())}">{script()}</script>'


@register
def check_prelude(**kwargs: Any) -> list[CheckMessage]:
    try:
        script()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="host.E010")]
    return []
