"""Machines: an agent's own client against `/mcp`, and an address that webhooks are sent to."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import signal
import socketserver
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from tests.e2e.stack import Stack, second_node, start_stack

PAGE = '<!doctype html><html lang="en"><head><title>Hello</title></head><body><h1>Hello</h1></body></html>'


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("machines"), PLAYGROUND_WEBHOOK_NETWORKS="127.0.0.0/8")
    yield running
    running.stop()


NAMES = ("auto", "legacy", "alice", "bob", "grace")
_MAKE = f"""
import json
from playground.accounts.models import ApiToken, User
made = [User.objects.create_user(f"{{name}}@example.com", "correct horse") for name in {NAMES}]
print(json.dumps([ApiToken.objects.issue(user, "test")[1] for user in made]))
"""


@pytest.fixture(scope="module")
def tokens(machines: Stack) -> dict[str, str]:
    """Members, `NAME@example.com`, each with a token."""
    made = machines.manage("shell", "-v", "0", "-c", _MAKE)
    return dict(zip(NAMES, json.loads(made), strict=True))


@asynccontextmanager
async def agent(url: str, token: str, mode: Any = "auto") -> AsyncIterator[Client]:
    """As `mode` says it speaks today's protocol, or begins with the handshake of the years before."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: this one's loop may be a browser's."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, work).result()


def found(result: CallToolResult) -> Any:
    assert not result.is_error, result.content
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert json.loads(content.text) == result.structured_content
    return result.structured_content


def refusal(result: CallToolResult) -> str:
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_agent_publishes_reads_updates_and_checks(machines: Stack, tokens: dict[str, str], mode: str) -> None:
    token = tokens[mode]

    async def work() -> None:
        async with agent(machines.url, token, mode) as ada:
            assert {tool.name for tool in (await ada.list_tools()).tools} == {
                "publish",
                "list",
                "read",
                "update",
                "check",
            }
            made = found(await ada.call_tool("publish", {"files": {"index.html": PAGE}, "title": "Hello"}))
            opened = httpx2.get(made["permalink"])
            assert opened.status_code == 200
            assert "Hello" in opened.text
            files = {"index.html": PAGE.replace("Hello", "Bye"), "style.css": "h1 { color: red }"}
            updated = found(await ada.call_tool("update", {"artifact": made["permalink"], "files": files}))
            assert (updated["version"], updated["permalink"]) == (2, made["permalink"])
            read = found(await ada.call_tool("read", {"artifact": made["artifact"]}))
            assert {file["path"]: file["content"] for file in read["files"]} == files
            listed = found(await ada.call_tool("list", {}))
            assert [each["version"] for each in listed["artifacts"]] == [2]
            report = found(await ada.call_tool("check", {"artifact": made["artifact"], "wait": 1}))
            assert report["state"] in ("queued", "running", "done")
            until = time.monotonic() + 150
            while mode == "auto" and report["state"] != "done" and time.monotonic() < until:
                report = found(await ada.call_tool("check", {"artifact": made["artifact"], "wait": 25}))
            assert mode == "legacy" or report["verdict"] in ("works_well", "usable")

    run(work())


def test_any_node_answers_and_hostile_calls_get_words(machines: Stack, tokens: dict[str, str]) -> None:
    """A page of five megabytes and one byte, names that lead out, somebody else's private page."""
    alice, bob = tokens["alice"], tokens["bob"]

    async def work(other_node: str) -> None:
        async with agent(machines.url, alice) as client:
            private = {"files": {"index.html": PAGE}, "visibility": "private"}
            secret = found(await client.call_tool("publish", private))
            large = {"files": {"index.html": "x" * (5 * 1024 * 1024 + 1)}}
            assert "at most 5 MB" in refusal(await client.call_tool("publish", large))
            hostile = {"files": {"../../etc/passwd": "x"}}
            assert "no possible file name" in refusal(await client.call_tool("publish", hostile))
            assert "files: " in refusal(await client.call_tool("publish", {"files": {}}))
        async with agent(other_node, alice) as client:
            assert found(await client.call_tool("read", {"artifact": secret["artifact"]}))["is_mine"]
        async with agent(other_node, bob) as client:
            for tool in ("read", "check"):
                refused = refusal(await client.call_tool(tool, {"artifact": secret["permalink"]}))
                assert "does not exist" in refused
            files = {"artifact": secret["artifact"], "files": {"index.html": "mine"}}
            assert "not yours" in refusal(await client.call_tool("update", files))
            assert found(await client.call_tool("list", {}))["artifacts"] == []

    with second_node(machines) as node:
        run(work(node.url))


def test_a_wrong_token_is_told_by_the_standard(machines: Stack) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Authorization": "Bearer pg_wrong", "Accept": "application/json, text/event-stream"}
    answer = httpx2.post(f"{machines.url}/mcp", json=message, headers=headers)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]

    async def work() -> None:
        async with agent(machines.url, "pg_wrong") as client:
            await client.list_tools()

    with pytest.raises(BaseException) as refused:  # noqa: PT011 - whatever the client makes of it, it gets nothing
        run(work())
    assert not isinstance(refused.value, AssertionError)


class Receiver(socketserver.ThreadingTCPServer):
    """Keeps what it is sent. `hold`: answers nothing, so that the attempt is under way when its worker is killed."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.hold = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"

    def wait_for(self, count: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < until:
            time.sleep(0.2)
        assert len(self.received) >= count


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_held = self.server.hold.is_set()
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if is_held:
            time.sleep(8)
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def workers_of(stack: Stack) -> list[int]:
    """The worker and its children: processes below the launcher that run Celery."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    mine = {stack.launcher.pid}
    for _generation in range(3):
        mine |= {int(pid) for pid, parent, _what in rows if int(parent) in mine}
    return [int(pid) for pid, _parent, what in rows if int(pid) in mine and " celery " in what]


def test_a_webhook_is_told_though_its_worker_is_killed(
    machines: Stack, tokens: dict[str, str], receiver: Receiver
) -> None:
    token = tokens["grace"]
    add = (
        "from playground.accounts.models import User; from playground.webhooks.services import add_webhook\n"
        "user = User.objects.get(email='grace@example.com')\n"
        f"print(add_webhook(user=user, url='{receiver.url}', events=['artifact.published'])[1])"
    )
    secret = machines.manage("shell", "-v", "0", "-c", add).splitlines()[-1]
    receiver.hold.set()
    body = {"title": "Hello", "files": {"index.html": PAGE}, "visibility": "public"}
    headers = {"Authorization": f"Bearer {token}"}
    made = httpx2.post(f"{machines.url}/api/artifacts", json=body, headers=headers, timeout=60).json()
    receiver.wait_for(1, 60)
    workers = workers_of(machines)
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    receiver.hold.clear()
    receiver.wait_for(2, 150)
    (first, text), (second, again) = receiver.received[0], receiver.received[-1]
    assert first["webhook-id"] == second["webhook-id"]
    assert text == again
    told = json.loads(again)
    assert told["type"] == "artifact.published"
    assert told["data"]["permalink"] == made["url"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{second['webhook-id']}.{second['webhook-timestamp']}.".encode() + again
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert second["webhook-signature"] == f"v1,{signature}"
    read = "from playground.webhooks.models import Delivery; print(Delivery.objects.get().state)"
    until = time.monotonic() + 30
    while machines.manage("shell", "-v", "0", "-c", read) != "delivered":
        assert time.monotonic() < until
