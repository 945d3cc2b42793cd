"""Who calls the API: a bearer token, or the browser's session (which then has to prove that it is our page)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf

from playground.accounts.models import ApiToken, User
from playground.errors import PlaygroundError
from playground.protocol import Problem


class ApiRequest(HttpRequest):
    """A request to the API. Check `user.pk`: it is None for a visitor without a session."""

    user: User
    has_token: bool


class BearerTokenMiddleware(MiddlewareMixin):
    """`Authorization: Bearer pg_…` speaks for the token's owner, whatever the cookies say."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        scheme, _space, plain = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or request.path == "/metrics":  # that one has a token of its own
            return None
        user = ApiToken.objects.authenticate(plain.strip())
        if user is None:
            message = _("This token is not valid. Make a new one on your settings page.")
            return problem_response(Problem(code="bad_token", message=message), 401)
        request.user = user

        async def auser() -> User:
            return user

        request.auser = auser
        request.has_token = True  # type: ignore[attr-defined]
        return None


class TokenOrSession(HttpAuthBase):
    """Ninja's `auth`: a session's write needs the CSRF token, a bearer token needs nothing more."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> bool:
        if getattr(request, "has_token", False) or not check_csrf(request):
            return True
        if not request.COOKIES:  # a script
            message = _("Send a token along: “Authorization: Bearer …”. You make one on your settings page.")
            raise PlaygroundError("no_token", message, status=401)
        message = _("The page is too old, or this request did not come from it. Reload the page and try again.")
        raise PlaygroundError("csrf", message, status=403)


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def problem_response(problem: Problem, status: int) -> JsonResponse:
    """The one JSON shape of every error."""
    response = JsonResponse({"error": problem.model_dump()}, status=status)
    if problem.retry_after is not None:
        response["Retry-After"] = str(max(1, round(problem.retry_after)))
    if status == 401:
        error = ', error="invalid_token"' if problem.code == "bad_token" else ""
        response["WWW-Authenticate"] = f'Bearer realm="Playground"{error}'
    return response


def visitor(request: HttpRequest) -> User | None:
    """Whoever asks; None without a session and a token."""
    return request.user if isinstance(request.user, User) else None
