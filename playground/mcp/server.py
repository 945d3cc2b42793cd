"""The protocol: the `mcp` package, a server for each request, so that no state is to be found again."""

import json
import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError

from playground.errors import PlaygroundError
from playground.mcp import tools
from playground.mcp.tools import Caller

type Context = ServerRequestContext[Any]

INSTRUCTIONS = (
    "Puts web pages on this playground and gives back a permalink to share. `publish` makes a new page from whole "
    "files (index.html is the page; at most 200 files, 5 MB each, 20 MB together). `update` makes its next version. "
    "Each version is then opened in a real browser: `check` says whether it works. Pages run in a sandbox without "
    "access to other hosts; common libraries from CDNs such as esm.sh, jsdelivr and unpkg are served to them."
)

logger = logging.getLogger(__name__)


async def answer(request: HttpRequest, body: bytes, caller: Caller) -> HttpResponse:
    """Hand one message to the package, and its answer to Django."""
    server = Server(
        "playground",
        title="Playground",
        instructions=INSTRUCTIONS,
        website_url=settings.PUBLIC_URL,
        on_list_tools=_list_tools,
        on_call_tool=partial(_call_tool, caller),
        get_tool_input_schema=_schema_of,
    )
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=limit)
    reply = _Reply()
    async with manager.run():
        await manager.handle_request(_scope_of(request), _receiver(body), reply.send)
    return reply.response()


async def _list_tools(context: Context, parameters: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(
        tools=[
            Tool(
                name=tool.name,
                title=tool.title,
                description=tool.description,
                input_schema=tool.schema,
                annotations=ToolAnnotations(
                    read_only_hint=tool.only_reads, destructive_hint=False, open_world_hint=False
                ),
            )
            for tool in tools.TOOLS.values()
        ]
    )


async def _call_tool(caller: Caller, context: Context, parameters: CallToolRequestParams) -> CallToolResult:
    """A failure is the tool's answer, not the protocol's: the model reads it, and can do better."""
    try:
        found = await tools.call(caller, parameters.name, parameters.arguments or {})
    except ValidationError as error:
        return _failure(tools.tell_mistakes(error))
    except PlaygroundError as error:
        after = f" (retry after {round(error.retry_after)} s)" if error.retry_after else ""
        return _failure(f"{error.message} [{error.code}]{after}")
    except Exception:
        logger.exception("the tool %s failed", parameters.name)
        return _failure(_("Something went wrong on our side"))
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=found)


def _failure(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _schema_of(name: str) -> dict[str, Any] | None:
    tool = tools.TOOLS.get(name)
    return tool.schema if tool else None


def _scope_of(request: HttpRequest) -> dict[str, Any]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "headers": headers,
    }


def _receiver(body: bytes) -> Any:
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(parts, {"type": "http.disconnect"})

    return receive


class _Reply:
    """What an ASGI application sends."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message["headers"])
        else:
            self._body += message.get("body", b"")

    def response(self) -> HttpResponse:
        response = HttpResponse(self._body, status=self._status)
        for name, value in self._headers:
            response[name.decode("latin-1")] = value.decode("latin-1")
        return response
