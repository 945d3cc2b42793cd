"""Where things are: permalinks on the app's host, pages on the artifact host.

Each artifact and each running preview has a host of its own, `<id>.<artifact host>`, or, where the operator has but
one spare host, a path of its own on it. What is not for everybody is reached through a signed path, `s/<token>/…`, so
that relative links inside the page carry the right along. The library shelf is at the label `shelf`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

from playground import protocol
from playground.artifacts.models import Version

SHELF = "shelf"  # no artifact has so short an id
TOKEN_AGE = 12 * 3600  # seconds
_SALT = "playground.frame"


def host_url(label: str) -> str:
    """The prefix of everything that `label` (an artifact, a running preview, the shelf) serves; no slash at its end."""
    scheme = urlsplit(settings.PUBLIC_URL).scheme
    if settings.ARTIFACT_WILDCARD:
        return f"{scheme}://{label}.{settings.ARTIFACT_HOST}"
    return f"{scheme}://{settings.ARTIFACT_HOST}/{label}"


def shelf_url() -> str:
    return host_url(SHELF)


def frame_url(version: Version) -> str:
    """The page itself. Where the artifact is not open to everybody, the address is signed and short-lived."""
    artifact = version.artifact
    if not artifact.is_open:
        return signed_url(artifact.id, f"v/{version.number}@{artifact.seal}")
    return f"{host_url(artifact.id)}/v/{version.number}/"


def embedded_url(version: Version) -> str:
    """The page of an artifact that is open to everybody, for a frame within pages of other sites."""
    return f"{host_url(version.artifact_id)}/e/{version.number}/"


def signed_url(label: str, target: str) -> str:
    """An address on the host `label` that opens `target` until the signature is too old."""
    return f"{host_url(label)}/s/{signing.dumps([label, target], salt=_SALT)}/"


def open_token(token: str, label: str) -> str | None:
    """The target that `token` opens on the host `label`, or None where it opens nothing there."""
    try:
        signed_label, target = signing.loads(token, salt=_SALT, max_age=TOKEN_AGE)
    except (signing.BadSignature, ValueError):
        return None
    return str(target) if signed_label == label else None


def public_url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def version_ref(version: Version) -> protocol.VersionRef:
    return protocol.VersionRef(
        artifact=version.artifact_id,
        number=version.number,
        url=public_url(version.get_absolute_url()),
        frame_url=frame_url(version),
        title=version.artifact.title,
    )
