from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase


async def shelved(request: HttpRequest, path: str) -> HttpResponseBase:
    """The shelf is empty as yet."""
    raise Http404
