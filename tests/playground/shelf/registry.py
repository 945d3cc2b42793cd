"""A small npm registry over real HTTP, whose packages are made in the tests."""

import base64
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@dataclass
class Registry:
    port: int = 0
    packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    tarballs: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def publish(self, name: str, version: str, files: dict[str, str], **manifest: Any) -> None:
        """A package as npm packs it. `manifest` becomes its package.json."""
        fields = {"name": name, "version": version, **manifest}
        self.publish_tarball(name, version, pack({"package.json": json.dumps(fields), **files}))

    def publish_tarball(self, name: str, version: str, tarball: bytes, integrity: str = "") -> None:
        path = f"/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
        self.tarballs[path] = tarball
        package = self.packages.setdefault(name, {"dist-tags": {}, "versions": {}})
        dist = {"tarball": f"https://registry.npmjs.org{path}", "integrity": integrity or checksum(tarball)}
        package["versions"][version] = {"dist": dist}
        package["dist-tags"]["latest"] = version

    def answer(self, path: str) -> bytes | None:
        self.requests.append(path)
        if path in self.tarballs:
            return self.tarballs[path]
        package = self.packages.get(path.removeprefix("/"))
        return json.dumps(package).encode() if package else None

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Registry"]:
        registry = cls()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = registry.answer(unquote(self.path))
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        registry.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield registry
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def pack(files: dict[str, str]) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for path, text in files.items():
            add_file(archive, f"package/{path}", text.encode())
    return output.getvalue()


def add_file(archive: tarfile.TarFile, path: str, content: bytes) -> None:
    member = tarfile.TarInfo(path)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def checksum(tarball: bytes, method: str = "sha512") -> str:
    return f"{method}-{base64.b64encode(hashlib.new(method, tarball).digest()).decode()}"
