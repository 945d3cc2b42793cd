"""Who may open the websocket, and whose session it is."""

import subprocess
import sys
from pathlib import Path

import pytest
from channels.testing import WebsocketCommunicator

from playground.config.asgi import application
from tests.e2e.stack import clean_environment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("origin", "is_welcome"),
    [
        ("http://localhost:8000", True),
        ("http://abcdefgh.localhost:8000", False),
        ("http://example.com", False),
        ("null", False),
        (None, False),
    ],
)
async def test_the_socket_opens_for_our_own_page_alone(origin: str | None, is_welcome: bool) -> None:
    headers = [(b"origin", origin.encode())] if origin else []
    socket = WebsocketCommunicator(application, "/ws", headers=headers)
    connected, _ = await socket.connect()
    assert connected == is_welcome
    await socket.disconnect()


def test_playgrounds_side_by_side_keep_their_sessions_apart(tmp_path: Path) -> None:
    """A browser sends a cookie of localhost:8000 to localhost:8001, too."""
    show = "from playground.config.settings import SESSION_COOKIE_NAME; print(SESSION_COOKIE_NAME)"
    environment = clean_environment() | {"PLAYGROUND_DATA": str(tmp_path)}
    names = {
        subprocess.check_output([sys.executable, "-c", show], env=environment | {"PORT": port})
        for port in ("8000", "8001")
    }
    assert len(names) == 2
