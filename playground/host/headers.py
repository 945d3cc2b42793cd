"""What confines an artifact. The reasons are in docs/security.md."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from playground.artifacts.addresses import host_url, shelf_url

SANDBOX = "allow-scripts allow-forms allow-pointer-lock"
_ALLOWED = ("accelerometer", "autoplay", "gamepad", "gyroscope")
_DENIED = (
    "browsing-topics",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "cross-origin-isolated",
    "deferred-fetch",
    "deferred-fetch-minimal",
    "digital-credentials-create",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "interest-cohort",
    "keyboard-map",
    "language-detector",
    "language-model",
    "local-fonts",
    "local-network",
    "local-network-access",
    "loopback-network",
    "magnetometer",
    "microphone",
    "midi",
    "on-device-speech-recognition",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "summarizer",
    "sync-xhr",
    "translator",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in _DENIED), *(f"{name}=*" for name in _ALLOWED)])
_PAGE = "text/html"
# What a browser shows as a page, too, but has no prelude: it may run no scripts.
_DOCUMENTS = (_PAGE, "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml")


def confine[Response: HttpResponseBase](
    request: HttpRequest, response: Response, *, label: str, hosts: Sequence[str], is_embedded: bool = False
) -> Response:
    """Set the headers of what the artifact `label` is answered with. `hosts` are those that it may reach besides;
    `is_embedded`: where pages of other sites stand around the app's frame, they may.
    """
    _set_common(response)
    is_page = _type(response) == _PAGE
    runs_scripts = is_page or not is_document(response)
    ancestors = " ".join([_app(), *(settings.EMBEDDERS if is_embedded else [])])
    response["Content-Security-Policy"] = _policy(label, hosts, ancestors, runs_scripts=runs_scripts)
    response["Permissions-Policy"] = PERMISSIONS_POLICY
    response["Connection-Allowlist"] = _connections(hosts)
    # Its page is framed by the app. But to its own files a page with an opaque origin is a stranger.
    response["Cross-Origin-Resource-Policy"] = "same-origin" if is_page else "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    response["Timing-Allow-Origin"] = "*"
    return response


def confine_own_page[Response: HttpResponseBase](response: Response, style: str = "") -> Response:
    """For the few pages of ours on an artifact host: nothing but `style`, the text of their one style element."""
    _set_common(response)
    allowed = f"; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" if style else ""
    response["Content-Security-Policy"] = f"default-src 'none'{allowed}; sandbox; frame-ancestors {_app()}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def shelf_headers[Response: HttpResponseBase](response: Response) -> Response:
    """For library files, which every artifact loads and nobody shows as a page."""
    _set_common(response)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    response["Timing-Allow-Origin"] = "*"
    return response


def is_document(response: HttpResponseBase) -> bool:
    """Whether a browser may show it as a page. A 304 has no type, and renews the headers of what is kept."""
    return _type(response) in _DOCUMENTS


def _type(response: HttpResponseBase) -> str:
    return response.get("Content-Type", "text/html").partition(";")[0].strip().lower()


def _set_common(response: HttpResponseBase) -> None:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-DNS-Prefetch-Control"] = "off"
    response["X-Robots-Tag"] = "noindex"
    response["Origin-Agent-Cluster"] = "?1"
    response["Cross-Origin-Opener-Policy"] = "same-origin"


def _policy(label: str, hosts: Sequence[str], ancestors: str, *, runs_scripts: bool) -> str:
    own = f"{host_url(label)}/"  # written out, because 'self' means nothing to an opaque origin
    shelf = f"{shelf_url()}/"
    pictures = " ".join([own, shelf, *(f"https://{host}" for host in hosts)])
    connections = " ".join([pictures, *(f"wss://{host}" for host in hosts)])
    scripts = f"'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data: {own} {shelf}"
    return "; ".join(
        [
            f"sandbox {SANDBOX}",
            "default-src 'none'",
            f"script-src {scripts if runs_scripts else "'none'"}",
            f"style-src 'unsafe-inline' blob: data: {own} {shelf}",
            f"img-src data: blob: {pictures}",
            f"font-src data: {own} {shelf}",
            f"media-src data: blob: {pictures}",
            f"connect-src data: blob: {connections}",
            "worker-src blob: data:",
            "child-src 'none'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "manifest-src 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


def _connections(hosts: Sequence[str]) -> str:
    """A structured field: the only header that stops WebRTC, in browsers that know it."""
    others = [f"{shelf_url()}/*", *(f"{scheme}://{host}/*" for host in hosts for scheme in ("https", "wss"))]
    return f"(response-origin {' '.join(f'"{pattern}"' for pattern in others)})"


def _app() -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(settings.PUBLIC_URL))
