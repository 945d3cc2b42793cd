"""The attacker's server: whatever reaches it has leaked."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Evil:
    """Requests to `/leak/<name>` and packets, each noted under its name."""

    def __init__(self) -> None:
        self.leaks: set[str] = set()
        self.pages: dict[str, str] = {}  # of the attacker's own site, by path
        self.origin = ""
        self.ports: dict[str, int] = {}  # for packets, by name

    def wait(self, wanted: set[str], seconds: float) -> set[str]:
        """What has leaked of `wanted` by then; at once when all has."""
        deadline = time.monotonic() + seconds
        while not wanted <= self.leaks and time.monotonic() < deadline:
            time.sleep(0.05)
        return wanted & self.leaks


@contextmanager
def serve_evil() -> Iterator[Evil]:
    evil = Evil()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(evil))
    evil.origin = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sockets = [_listen(evil, name) for name in ("webrtc", "webrtc-nested", "webtransport")]
    yield evil
    for opened in sockets:
        opened.close()
    server.shutdown()
    server.server_close()


def _listen(evil: Evil, name: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    evil.ports[name] = listener.getsockname()[1]
    threading.Thread(target=_note_packets, args=(evil, name, listener), daemon=True).start()
    return listener


def _note_packets(evil: Evil, name: str, listener: socket.socket) -> None:
    while True:
        try:
            listener.recvfrom(2048)
        except OSError:  # closed
            return
        evil.leaks.add(name)


def _handler(evil: Evil) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith("/leak/"):
                evil.leaks.add(path.removeprefix("/leak/"))
            body = evil.pages.get(path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if body else "text/javascript")
            self.send_header("Content-Length", str(len(body)))
            for name in ("Origin", "Headers", "Methods"):
                self.send_header(f"Access-Control-Allow-{name}", "*")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_OPTIONS = do_HEAD = _answer

        def log_message(self, format: str, *args: object) -> None: ...

    return Handler
