"""HTTP's part of serving a file: encodings, revalidation, ranges, HEAD."""

import re

from django.http import HttpRequest, HttpResponse

from playground.artifacts.compression import negotiate
from playground.host.renditions import Served

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(request: HttpRequest, served: Served, *, cache: str, salt: str = "") -> HttpResponse:
    """`salt`: what else the answer's headers depend on, so that a cached one is not taken for this one."""
    wants_range = "Range" in request.headers
    encoding = "" if wants_range else negotiate(request.headers.get("Accept-Encoding", ""), served.forms)
    etag = f'"{"-".join(part for part in (served.digest[:32], salt, encoding) if part)}"'
    if _matches(request.headers.get("If-None-Match", ""), etag):
        response = HttpResponse(status=304, content_type=served.content_type)
    elif wants_range and request.headers.get("If-Range", etag) == etag:
        response = _answer_range(request.headers["Range"], served)
    else:
        response = HttpResponse(served.forms[encoding], content_type=served.content_type)
        response["Content-Length"] = str(len(served.forms[encoding]))
    if encoding:
        response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["Vary"] = "Accept-Encoding, Sec-Fetch-Dest"
    response["Accept-Ranges"] = "bytes"
    if request.method == "HEAD":
        response.content = b""
    return response


def _answer_range(header: str, served: Served) -> HttpResponse:
    """One range; several at once are answered by the whole, as HTTP allows."""
    content = served.forms[""]
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if not found or found[0] == "bytes=-":
        return HttpResponse(content, content_type=served.content_type)
    start, end = _bounds(found[1], found[2], len(content))
    if start >= end:
        refused = HttpResponse(status=416, content_type=served.content_type)
        refused["Content-Range"] = f"bytes */{len(content)}"
        return refused
    response = HttpResponse(content[start:end], status=206, content_type=served.content_type)
    response["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
    response["Content-Length"] = str(end - start)
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """`bytes=-5` are the last five."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _matches(header: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags
