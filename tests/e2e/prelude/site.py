"""A tiny app and artifact host: the recipe's headers, the built prelude, and a page that speaks the protocol."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

DIST = Path(__file__).resolve().parents[3] / "frontend" / "dist" / "prelude"
SANDBOX = "allow-scripts allow-forms allow-pointer-lock"

APP = """<!doctype html><title>app</title><button id=elsewhere>app</button><div id=stage></div><script>
"use strict";
const messages = [];
let introduction, frame, port, moved = [], hellos = 0;
function mount(url, given) {
  introduction = { nonce: crypto.randomUUID(), app: location.origin, language: "en", local: {}, session: {},
    cookie: "", databases: "", ...introduction, ...given };
  frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "SANDBOX");
  frame.allow = "autoplay; gamepad; accelerometer; gyroscope";
  frame.style.cssText = "width: 800px; height: 500px";
  frame.name = given?.name ?? JSON.stringify(introduction);
  frame.src = url;
  stage.replaceChildren(frame);
}
function keep(message) {
  if (message.type === "storage") {
    const area = introduction[message.area];
    if (message.clear) introduction[message.area] = {};
    for (const [key, value] of message.changes) {
      if (value === null) delete introduction[message.area][key];
      else introduction[message.area][key] = value;
    }
  }
  if (message.type === "cookie") introduction.cookie = message.value;
  if (message.type === "databases") introduction.databases = message.dump;
  if (message.type === "navigate") mount(message.url);
  if (message.type === "download") message.content = new TextDecoder().decode(message.content);
  messages.push(message);
}
addEventListener("message", (event) => {
  if (event.source !== frame?.contentWindow || event.origin !== "null") return;
  if (event.data?.playground === "moved") { moved.push(event.data.url); return; }
  if (event.data?.playground !== "hello" || event.data.nonce !== introduction.nonce) { messages.push(event.data); return; }
  hellos += 1;
  port = event.ports[0];
  port.onmessage = (event) => keep(event.data);
});
</script>""".replace("SANDBOX", SANDBOX)


@dataclass
class Site:
    """What is served, by path. HTML of the artifact gets the prelude unless `bare`."""

    port: int
    files: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    bare: bool = False
    hits: list[str] = field(default_factory=list)

    @property
    def app(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def own(self) -> str:
        return f"http://x.localhost:{self.port}"

    @property
    def shelf(self) -> str:
        return f"http://shelf.localhost:{self.port}"

    @property
    def page(self) -> str:
        return f"{self.own}/v/1/"

    def document(self, html: str) -> str:
        if self.bare:
            return html
        script = (DIST / "prelude.js").read_text()
        tag = f'<script data-shelf="{self.shelf}">{script}</script>'
        doctype, _, rest = html.partition("<!doctype html>")
        return f"{doctype}<!doctype html>{tag}{rest}" if rest else tag + html

    @property
    def policy(self) -> str:
        return "; ".join(
            [
                f"sandbox {SANDBOX}",
                "default-src 'none'",
                f"script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data: {self.shelf} {self.own}",
                f"style-src 'unsafe-inline' blob: data: {self.shelf} {self.own}",
                f"img-src data: blob: {self.shelf} {self.own}",
                f"connect-src data: blob: {self.shelf} {self.own}",
                "worker-src blob: data:",
                "child-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'",
                f"frame-ancestors {self.app}",
            ]
        )


class Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path
        host = self.headers["Host"].split(":")[0]
        site.hits.append(f"{host}{self.path}")
        if host == "localhost":
            return self.answer(200, "text/html", APP, {})
        headers = {"Access-Control-Allow-Origin": "*", "Timing-Allow-Origin": "*"}
        if path in site.notes:
            headers["Server-Timing"] = f'shelf;desc="{site.notes[path]}"'
        if path in ("/playground/databases.js", "/playground/pointing.js"):
            return self.answer(200, "text/javascript", (DIST / path.rpartition("/")[2]).read_text(), headers)
        name = path.removeprefix("/v/1/") or "index.html"
        content = site.files.get(name)
        if content is None:
            return self.answer(404, "text/plain", "not found", headers)
        if name.endswith(".html"):
            headers |= {"Content-Security-Policy": site.policy, "Permissions-Policy": "sync-xhr=(), clipboard-write=()"}
            content = site.document(content)
        kind = {"html": "text/html", "js": "text/javascript", "json": "application/json", "css": "text/css"}
        return self.answer(200, kind.get(name.rpartition(".")[2], "text/plain"), content, headers)

    def answer(self, status: int, kind: str, body: str, headers: dict[str, str]) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(content)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serve() -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Handler.site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
