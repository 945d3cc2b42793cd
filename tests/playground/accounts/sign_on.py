"""A single sign-on server over real HTTP. It lets everybody in as `email`."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

LOGIN = "/accounts/oidc/oidc/login/"


@dataclass
class SignOn:
    url: str = ""
    email: str = "ada@example.com"

    def answers(self) -> dict[str, object]:
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
            },
            "/token": {"access_token": "opaque", "token_type": "Bearer"},
            "/userinfo": {"sub": self.email or "nameless", "email": self.email, "email_verified": True},
        }

    def providers(self) -> dict[str, object]:
        """For SOCIALACCOUNT_PROVIDERS."""
        app = {"provider_id": "oidc", "name": "Lab", "client_id": "playground", "secret": "s"}
        return {"openid_connect": {"APPS": [app | {"settings": {"server_url": self.url}}]}}


@contextmanager
def running_sign_on() -> Iterator[SignOn]:
    sign_on = SignOn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(sign_on.answers()[urlsplit(self.path).path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        sign_on.url = f"http://127.0.0.1:{server.server_port}"
        yield sign_on
        server.shutdown()


def sign_on_with(client: Client, process: str = "login") -> HttpResponse:
    """What the browser does: to the server and back with its code."""
    away = client.post(f"{LOGIN}?process={process}")
    (state,) = parse_qs(urlsplit(away.headers["Location"]).query)["state"]
    return client.get(f"{LOGIN}callback/", {"code": "c", "state": state})  # type: ignore[return-value]
