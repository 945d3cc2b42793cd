"""What the fakes of other services have in common: an HTTP server in a thread, and failures on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit

type Answer = tuple[int, Any]


class FakeServer:
    def __init__(self) -> None:
        self.port = 0
        self.requests: list[tuple[str, str]] = []
        # Instead of an answer, for every request whose path contains the key: status, JSON, headers.
        self.failures: dict[str, tuple[int, Any, dict[str, str]]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[Self]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = unquote(urlsplit(self.path).path)
                fake.requests.append((self.command, path))
                named = {name.lower(): value for name, value in self.headers.items()}
                failure = next((failure for part, failure in fake.failures.items() if part in path), None)
                status, value, extra = failure or (*fake.answer(self.command, path, body, named), {})
                content = json.dumps(value).encode()
                self.send_response(status)
                for name, text in {"Content-Length": str(len(content)), **extra}.items():
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = handle_any

            def log_message(self, format: str, *arguments: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
