"""Files in a browser as the product shows them, without its web server: with its own first script, and locked in."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from agents.browser import Answer, Asked, Exhibit
from agents.inspection import Files

ORIGIN = "http://artifact.invalid"
PRELUDE = Path(__file__).parents[2] / "frontend" / "dist" / "prelude" / "prelude.js"
POLICY = "sandbox allow-scripts allow-forms; default-src 'self' 'unsafe-inline' data: blob:"


def exhibit_files(files: Files) -> Exhibit:
    async def fetch(asked: Asked) -> Answer:
        path = urlsplit(asked.url).path.removeprefix("/")
        if path not in files:
            return Answer(404, {"content-type": "text/plain"}, b"There is no such file.")
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        body = files[path]
        if kind == "text/html":
            script = PRELUDE.read_text().replace("</script", "<\\/script")
            body = b"<script>" + script.encode() + b"</script>" + body
        return Answer(200, {"content-type": kind, "content-security-policy": POLICY}, body)

    return Exhibit(app="http://app.invalid", url=f"{ORIGIN}/index.html", origins=(f"{ORIGIN}/",), fetch=fetch)
