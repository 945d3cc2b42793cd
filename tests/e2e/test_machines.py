"""Machines: an agent's own client against `/mcp`."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
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
    running = start_stack(tmp_path_factory.mktemp("machines"))
    yield running
    running.stop()


def make_member(stack: Stack, email: str) -> str:
    """A member's token."""
    make = f"from playground.accounts.models import User; User.objects.create_user('{email}', 'correct horse')"
    stack.manage("shell", "-c", make)
    return stack.manage("create_token", email)


@asynccontextmanager
async def agent(url: str, token: str, mode: Any = "auto") -> AsyncIterator[Client]:
    """As `mode` says it speaks today's protocol, or begins with the handshake of the years before."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


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
def test_an_agent_publishes_reads_updates_and_checks(machines: Stack, mode: str) -> None:
    token = make_member(machines, f"ada-{mode}@example.com")

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
            report = found(await ada.call_tool("check", {"artifact": made["artifact"]}))
            until = time.monotonic() + 150
            while report["state"] != "done" and time.monotonic() < until:
                report = found(await ada.call_tool("check", {"artifact": made["artifact"], "wait": 25}))
            assert report["verdict"] in ("works_well", "usable")
            assert {gate["name"] for gate in report["gates"]}

    asyncio.run(work())


def test_any_node_answers_and_hostile_calls_get_words(machines: Stack) -> None:
    """A page of five megabytes and one byte, names that lead out, somebody else's private page."""
    alice, bob = (make_member(machines, f"{name}@example.com") for name in ("alice", "bob"))

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
        asyncio.run(work(node.url))


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
        asyncio.run(work())
    assert not isinstance(refused.value, AssertionError)
