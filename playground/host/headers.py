"""What confines an artifact. The reasons are in docs/security.md."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

SANDBOX = "allow-scripts allow-forms allow-pointer-lock"
_ALLOWED = ("autoplay", "gamepad", "accelerometer", "gyroscope")
_DENIED = [
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "local-network-access",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "sync-xhr",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
]
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in _DENIED), *(f"{name}=(self)" for name in _ALLOWED)])


def confine[Response: HttpResponseBase](request: HttpRequest, response: Response) -> Response:
    """Set the headers of everything that an artifact host answers."""
    own = f"{request.scheme}://{request.get_host()}"
    app = "{0.scheme}://{0.netloc}".format(urlsplit(settings.PUBLIC_URL))
    response["Content-Security-Policy"] = _policy(own, app)
    response["Permissions-Policy"] = PERMISSIONS_POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-DNS-Prefetch-Control"] = "off"
    response["X-Robots-Tag"] = "noindex"
    response["Origin-Agent-Cluster"] = "?1"
    # A sandboxed page has an opaque origin: to its own files it is a stranger, who needs these two.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _policy(own: str, app: str) -> str:
    """`own` is written out, because 'self' means nothing to an opaque origin."""
    return "; ".join(
        [
            f"sandbox {SANDBOX}",
            "default-src 'none'",
            f"script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data: {own}",
            f"style-src 'unsafe-inline' blob: data: {own}",
            f"img-src data: blob: {own}",
            f"font-src data: {own}",
            f"media-src data: blob: {own}",
            f"connect-src data: blob: {own}",
            "worker-src blob: data:",
            "child-src 'none'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "manifest-src 'none'",
            f"frame-ancestors {app}",
        ]
    )
