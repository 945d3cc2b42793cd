"""Every request has an id, in the log lines and in the answer, and is timed for `/metrics`."""

import re
import secrets
import time

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from playground.logs import of_request
from playground.metrics import REQUESTS
from playground.middleware import AsyncMiddleware

HEADER = "X-Request-ID"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_GIVEN = re.compile(r"[\w-]{8,64}", re.ASCII)


class RequestMiddleware(AsyncMiddleware):
    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")  # of a proxy that numbers requests itself
        request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        began = time.monotonic()
        with of_request(request_id):
            response = await self.get_response(request)
        response[HEADER] = request_id
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, str(response.status_code)).observe(time.monotonic() - began)
        return response
