"""Errors under `/api/` that the API itself never sees: an address that is none, a method that is none there."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from playground.accounts.api_auth import problem_response
from playground.middleware import AsyncMiddleware
from playground.protocol import Problem


class ApiErrorMiddleware(AsyncMiddleware):
    """Gives them the API's one shape."""

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/"):
            return await self.get_response(request)
        if "\0" in request.path_info:  # PostgreSQL would choke on it
            return _missing()
        response = await self.get_response(request)
        if response.get("Content-Type", "").startswith("application/json"):
            return response
        if response.status_code == 404:
            return _missing()
        if response.status_code == 405:
            problem = Problem(
                code="bad_method", message=_("%(method)s does nothing here.") % {"method": request.method}
            )
            refused = problem_response(problem, 405)
            refused["Allow"] = response.get("Allow", "")
            return refused
        return response


def _missing() -> HttpResponseBase:
    return problem_response(Problem(code="not_found", message=_("There is nothing here.")), 404)
