"""The attacker's server: whatever reaches it has leaked."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Evil:
    """Requests to `/leak/<name>`, packets and connections, each noted under its name."""

    def __init__(self) -> None:
        self.leaks: set[str] = set()
        self.pages: dict[str, str] = {}  # of the attacker's own site, by path
        self.origin = ""
        self.ports: dict[str, int] = {}  # by what a bare connection or packet to it proves

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
    sockets = [_listen(evil, name, socket.SOCK_DGRAM) for name in ("webrtc", "webrtc-nested", "webtransport")]
    sockets.append(_listen(evil, "preconnect", socket.SOCK_STREAM))
    yield evil
    for opened in sockets:
        opened.close()
    server.shutdown()
    server.server_close()


def _listen(evil: Evil, name: str, kind: socket.SocketKind) -> socket.socket:
    listener = socket.socket(socket.AF_INET, kind)
    listener.bind(("127.0.0.1", 0))
    evil.ports[name] = listener.getsockname()[1]
    if kind == socket.SOCK_STREAM:
        listener.listen()
    threading.Thread(target=_note_first, args=(evil, name, listener), daemon=True).start()
    return listener


def _note_first(evil: Evil, name: str, listener: socket.socket) -> None:
    receive: Callable[[], object] = (
        listener.accept if listener.type == socket.SOCK_STREAM else lambda: listener.recvfrom(2048)
    )
    while True:
        try:
            received = receive()
        except OSError:  # closed
            return
        evil.leaks.add(name)
        if isinstance(received, tuple) and isinstance(received[0], socket.socket):
            received[0].close()


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

        do_GET = do_POST = do_OPTIONS = do_HEAD = _answer  # noqa: N815 - the names that the base class calls

        def log_message(self, format: str, *args: object) -> None: ...

    return Handler
