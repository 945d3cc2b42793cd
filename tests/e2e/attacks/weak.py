"""A playground that makes every mistake: artifacts on the app's own origin, no sandbox, no policy, a trusting page."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from tests.e2e.attacks.deployment import SECRET, Shown

FEATURES = (
    "autoplay camera microphone geolocation clipboard-read clipboard-write fullscreen midi encrypted-media payment "
    "picture-in-picture display-capture keyboard-map sync-xhr local-fonts storage-access unload"
)
ALLOW = "; ".join(f"{name} *" for name in FEATURES.split())
_APP = """<!doctype html><meta charset="utf-8"><title>Weak app</title><h1>Weak app</h1>
<input id="field"><button id="button" onclick="this.textContent = 'pressed'">press</button><div id="log"></div>
<script>
document.cookie = "sessionid={secret}; path=/";
localStorage.secret = sessionStorage.secret = appSecret = "{secret}";
indexedDB.open("{secret}");
caches.open("{secret}");
const settings = {{}};
const merge = (target, source) => {{
  for (const key in source)
    if (typeof source[key] === "object") merge(target[key] ??= {{}}, source[key]);
    else target[key] = source[key];
}};
let began = 0;
const receive = ({{ data }}) => {{
  began ||= performance.now();
  if (performance.now() - began > 5000) return; // until then a flood has kept it busy for long enough
  if (data.text) document.getElementById("log").insertAdjacentHTML("beforeend", String(data.text));
  if (data.text) document.body.offsetHeight;
  if (data.options) merge(settings, data.options);
}};
addEventListener("message", (event) => event.ports[0] ? (event.ports[0].onmessage = receive) : receive(event));
console.log = (text) => receive({{ data: {{ text }} }});
</script>
<iframe src="{frame}" allow="{allow}" allowfullscreen style="width:800px;height:500px"></iframe>"""


class Weak:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.app = ""
        self.other = ""
        self.frames = 0
        self.requests: set[str] = set()  # values of `?leak=` that the app has answered

    def show(self, files: dict[str, str]) -> Shown:
        self.frames += 1
        folder = self.root / str(self.frames)
        folder.mkdir()
        for path, text in files.items():
            (folder / path).write_text(text)
        frame = f"{self.app}/artifact/{self.frames}/index.html"
        return Shown(page=f"{self.app}/app/{self.frames}", frame=frame)

    def written(self) -> set[str]:
        return self.requests


@contextmanager
def serve_weak(root: Path) -> Iterator[Weak]:
    weak = Weak(root / "artifacts")
    weak.root.mkdir()
    (root / "secret").write_text(SECRET)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"weak": weak}))
    weak.app = f"http://localhost:{server.server_address[1]}"
    weak.other = weak.show({"index.html": SECRET}).frame
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield weak
    server.shutdown()
    server.server_close()


def _find(weak: Weak, path: str) -> tuple[bytes, str]:
    """Body and type of what is at `path`: an app page with a frame, a file of an artifact, or else the secret."""
    if path.startswith("/app/"):
        frame = f"/artifact/{path.removeprefix('/app/')}/index.html"
        return _APP.format(secret=SECRET, frame=frame, allow=ALLOW).encode(), "text/html"
    if path.startswith("/artifact/"):
        file = weak.root / path.removeprefix("/artifact/")
        mime = "text/javascript" if file.suffix == ".js" else "text/html"
        return (file.read_bytes() if file.is_file() else b""), mime
    return SECRET.encode(), "text/html"


class Handler(BaseHTTPRequestHandler):
    weak: ClassVar[Weak]
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if length := int(self.headers.get("Content-Length", 0)):
            self._note(self.rfile.read(length).decode(errors="replace"))
        self._note(unquote(urlsplit(self.path).query))
        if "Upgrade" in self.headers:
            self._open_socket()
        else:
            self._send(*_find(self.weak, path))

    def _note(self, text: str) -> None:
        if "leak=" in text:
            self.weak.requests.add(text.partition("leak=")[2].partition("&")[0])

    def _send(self, body: bytes, mime: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def _open_socket(self) -> None:
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.wfile.flush()
        self.connection.settimeout(5)
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_OPTIONS = _answer

    def log_message(self, format: str, *args: object) -> None: ...
