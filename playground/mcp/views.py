import asyncio
from importlib import import_module

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from playground.accounts.api_auth import address_of, problem_response
from playground.accounts.models import User
from playground.mcp.tools import Caller
from playground.protocol import Problem


@csrf_exempt  # a session does not speak here, only a token does
async def endpoint(request: HttpRequest) -> HttpResponse:
    """Streamable HTTP, a JSON answer for each POST; there is no stream to listen to, and no session to end."""
    user = await request.auser()
    if not getattr(request, "has_token", False) or not isinstance(user, User):
        message = _("Send a token along: “Authorization: Bearer …”. You make one on your settings page.")
        return problem_response(Problem(code="no_token", message=message), 401)
    if request.method != "POST":
        message = _("%(method)s does nothing here.") % {"method": request.method}
        refused = problem_response(Problem(code="bad_method", message=message), 405)
        refused["Allow"] = "POST"
        return refused
    try:
        body = request.body
    except RequestDataTooBig:
        message = _("This is too large: all files together may have at most 20 MB.")
        return problem_response(Problem(code="too_large", message=message), 413)
    # The protocol's package takes some time and 12 MB: it is loaded when the first agent comes, beside the loop.
    server = await asyncio.to_thread(import_module, "playground.mcp.server")
    answered: HttpResponse = await server.answer(request, body, Caller(user, address_of(request)))
    return answered
