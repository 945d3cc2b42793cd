"""The code that shows an artifact within a page of another site."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from playground.artifacts.addresses import public_url
from playground.artifacts.models import Artifact

WIDTH, HEIGHT = 800, 500  # pixels
_ALLOWED = "fullscreen; autoplay; gamepad; accelerometer; gyroscope"


def embed_path(artifact_id: str, number: int | None = None) -> str:
    return f"/embed/{artifact_id}" if number is None else f"/embed/{artifact_id}/v/{number}"


def embed_code(artifact: Artifact, number: int | None = None, width: int = WIDTH, height: int = HEIGHT) -> SafeString:
    """HTML. Without a number it shows the latest version."""
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" allow="{}" allowfullscreen loading="lazy"'
        ' style="border:0;max-width:100%"></iframe>',
        public_url(embed_path(artifact.pk, number)),
        width,
        height,
        artifact.title,
        _ALLOWED,
    )
