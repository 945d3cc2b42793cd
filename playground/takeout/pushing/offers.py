"""Where this playground pushes to, and where a token for it is made."""

from urllib.parse import urlsplit

from django.conf import settings

from playground import protocol

_PUBLIC_GITHUB = "api.github.com"


def offered_services() -> protocol.TakeoutServices:
    return protocol.TakeoutServices(github=_github_tokens(), huggingface=_huggingface_tokens())


def _github_tokens() -> str | None:
    """A company's own server has its pages beside the API: `https://github.example.com/api/v3`."""
    if not settings.GITHUB_API:
        return None
    parts = urlsplit(settings.GITHUB_API)
    host = "github.com" if parts.hostname == _PUBLIC_GITHUB else parts.netloc
    return f"{parts.scheme}://{host}/settings/tokens/new?scopes=repo&description=Playground"


def _huggingface_tokens() -> str | None:
    address = settings.HUGGINGFACE_URL.rstrip("/")
    return f"{address}/settings/tokens/new?tokenType=write" if address else None
