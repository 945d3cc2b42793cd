"""The app answers its own pages and people who follow a link; the rest of the web gets nothing."""

import pytest
from channels.testing import WebsocketCommunicator
from django.test import Client

from playground.accounts.models import ApiToken, User
from playground.artifacts.services import create_artifact
from playground.config.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)


def ask(path: str, site: str, mode: str, dest: str, method: str = "GET", **headers: str) -> int:
    sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest, **headers}
    return Client().generic(method, path, headers=sent).status_code


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_elsewhere_opens(alice: User, site: str) -> None:
    artifact = create_artifact(owner=alice, title="Game", files={"index.html": b""}).artifact
    for path in ("/", artifact.get_absolute_url(), "/accounts/login/"):
        assert ask(path, site, "navigate", "document") == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("method", "mode", "dest"),
    [
        ("POST", "navigate", "document"),
        ("GET", "navigate", "iframe"),
        ("GET", "navigate", "embed"),
        ("GET", "navigate", "object"),
        ("GET", "cors", "empty"),
        ("POST", "cors", "empty"),
        ("GET", "no-cors", "image"),
        ("GET", "no-cors", "script"),
        ("GET", "websocket", "websocket"),
        ("OPTIONS", "cors", "empty"),
    ],
)
def test_all_else_from_elsewhere_is_refused(site: str, method: str, mode: str, dest: str) -> None:
    assert ask("/", site, mode, dest, method) == 403
    assert ask("/api/models", site, mode, dest, method) == 403


def test_own_pages_scripts_and_old_browsers_are_answered() -> None:
    assert ask("/api/models", "same-origin", "cors", "empty") == 200
    assert ask("/api/models", "none", "navigate", "document") == 200
    assert Client().get("/api/models").status_code == 200


def test_a_token_speaks_for_itself(alice: User) -> None:
    _token, plain = ApiToken.objects.issue(alice, "script")
    assert ask("/api/models", "cross-site", "cors", "empty", Authorization=f"Bearer {plain}") == 200


def test_what_is_the_same_for_everybody() -> None:
    assert ask("/static/nothing.css", "cross-site", "no-cors", "style") == 404
    assert ask("/healthz", "cross-site", "cors", "empty") in (200, 503)


def test_a_refusal_says_why() -> None:
    sent = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    answer = Client().get("/api/models", headers=sent)
    assert answer.json()["error"]["code"] == "cross_site"
    chinese = Client().get("/", headers={**sent, "Accept-Language": "zh-hans"})
    assert "已被拒绝" in chinese.content.decode()


def test_the_headers_of_the_app() -> None:
    answer = Client().get("/accounts/login/")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action"):
        assert part in policy
    assert "unsafe" not in policy


def test_a_permalink_frames_its_own_artifact_alone(alice: User) -> None:
    artifact = create_artifact(owner=alice, title="Game", files={"index.html": b""}).artifact
    for path in (artifact.get_absolute_url(), f"{artifact.get_absolute_url()}?full=1"):
        assert f"frame-src http://{artifact.pk}.localhost:8000/;" in Client().get(path)["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("origin", "host", "opens"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://localhost:8000", "127.0.0.1:8000", True),  # a proxy that changes the Host header
        ("null", "localhost:8000", False),
        ("", "localhost:8000", False),
        ("http://abc.localhost:8000", "localhost:8000", False),
        ("http://localhost:9000", "localhost:8000", False),
        ("http://evil.example", "localhost:8000", False),
        ("http://abc.localhost:8000", "abc.localhost:8000", False),
        ("http://localhost:8000", "abc.localhost:8000", False),
        ("http://evil.example", "evil.example", False),
    ],
)
async def test_websockets_open_to_the_app_alone(origin: str, host: str, opens: bool) -> None:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin else [])
    socket = WebsocketCommunicator(application, "/ws", headers=headers)
    connected, _code = await socket.connect()
    assert connected is opens
    await socket.disconnect()
