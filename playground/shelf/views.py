from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import translation

from playground.artifacts.compression import ENCODINGS, is_worthwhile, negotiate
from playground.shelf.answers import FOREVER, Content, answer
from playground.shelf.compression import compressed
from playground.shelf.failures import ShelfFailure, explain

_STATUS = {"slow": 504, "unreachable": 503}


async def shelved(request: HttpRequest, path: str) -> HttpResponseBase:
    """`path` has no slash at its start. What there is to say about a file goes into its Server-Timing header."""
    query = request.META.get("QUERY_STRING", "")
    with translation.override(translation.get_language_from_request(request)):
        try:
            found = await answer(f"/{path}?{query}" if query else f"/{path}", request.headers.get("Sec-Fetch-Dest", ""))
            response = await _respond(request, found)
        except ShelfFailure as failure:
            response = _refuse(path, failure)
    response["Access-Control-Allow-Origin"] = "*"
    response["Timing-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


async def _respond(request: HttpRequest, found: Content) -> HttpResponse:
    if request.headers.get("If-None-Match") == found.etag:
        return _head(HttpResponseNotModified(), found)
    return _head(await _encode(request, found), found)


async def _encode(request: HttpRequest, found: Content) -> HttpResponse:
    forms = ENCODINGS if is_worthwhile(found.mime, len(found.body)) else ()
    encoding = negotiate(request.headers.get("Accept-Encoding", ""), forms)
    if not encoding or found.package is None:
        return HttpResponse(found.body, content_type=found.mime)
    body = await sync_to_async(compressed)(found.package, found.body, encoding)
    return HttpResponse(body, content_type=found.mime, headers={"Content-Encoding": encoding})


def _head(response: HttpResponse, found: Content) -> HttpResponse:
    response["ETag"] = found.etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = f"public, max-age={found.max_age}" + (", immutable" if found.max_age == FOREVER else "")
    if found.note:
        _say(response, found.note)
    return response


def _refuse(path: str, failure: ShelfFailure) -> HttpResponse:
    what = failure.detail if failure.code == "no_file" else path.removeprefix("web/")
    sentence = explain(failure.code, what[:300])
    status = _STATUS.get(failure.code, 404)
    response = HttpResponse(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    _say(response, sentence)
    return response


def _say(response: HttpResponse, sentence: str) -> None:
    response["Server-Timing"] = f'shelf;desc="{quote(sentence)}"'
