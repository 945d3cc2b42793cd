"""What an agent from elsewhere may do, at the protocol's own door. A real client asks in tests/e2e/test_machines.py."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, override_settings

from playground.accounts.models import ApiToken, User
from playground.artifacts.models import Artifact, Version, Visibility
from playground.artifacts.services import create_artifact
from playground.checks.models import Check

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "<!doctype html><title>Hello</title>"


class Agent:
    """Speaks to `/mcp` with a token."""

    def __init__(self, token: str | None) -> None:
        self.client = AsyncClient(enforce_csrf_checks=True)
        self.headers = {"Accept": "application/json, text/event-stream"}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    async def post(self, method: str, parameters: Mapping[str, Any]) -> Any:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        return await self.client.post(
            "/mcp", json.dumps(message), content_type="application/json", headers=self.headers
        )

    async def call(self, name: str, **arguments: Any) -> Any:
        """What a tool found."""
        result = await self.result(name, **arguments)
        assert not result.get("isError"), result
        return result["structuredContent"]

    async def refused(self, name: str, **arguments: Any) -> str:
        result = await self.result(name, **arguments)
        assert result["isError"]
        return str(result["content"][0]["text"])

    async def result(self, name: str, **arguments: Any) -> Any:
        answer = await self.post("tools/call", {"name": name, "arguments": arguments})
        assert answer.status_code == 200, answer.content
        return answer.json()["result"]


@sync_to_async
def agent_of(user: User) -> Agent:
    return Agent(ApiToken.objects.issue(user, "agent")[1])


@sync_to_async
def make_page(owner: User, visibility: str = Visibility.LINK, **files: bytes) -> Version:
    return create_artifact(
        owner=owner, title="Page", files=files or {"index.html": PAGE.encode()}, visibility=visibility
    )


async def test_a_page_is_published_listed_read_and_updated(alice: User) -> None:
    agent = await agent_of(alice)
    made = await agent.call("publish", files={"index.html": PAGE}, title="Hello", visibility="public")
    assert made["permalink"].endswith(f"/a/{made['artifact']}")
    assert made["version"] == 1
    listed = await agent.call("list", query="hell")
    assert [each["artifact"] for each in listed["artifacts"]] == [made["artifact"]]
    assert listed["next_page"] is None
    read = await agent.call("read", artifact=made["permalink"])
    assert read["files"] == [
        {"path": "index.html", "mime": "text/html; charset=utf-8", "size": len(PAGE), "content": PAGE}
    ]
    changed = {"index.html": PAGE + "more", "about.html": "<p>"}
    updated = await agent.call("update", artifact=made["artifact"], files=changed)
    assert updated["version"] == 2
    assert updated["permalink"] == made["permalink"]
    first = await agent.call("read", artifact=made["version_permalink"])
    assert first["version"] == 1
    gone = await agent.call("update", artifact=made["artifact"], files={"about.html": None})
    last = await agent.call("read", artifact=made["artifact"])
    assert gone["version"] == last["version"] == 3
    assert [file["path"] for file in last["files"]] == ["index.html"]


async def test_all_tools_are_described(alice: User) -> None:
    agent = await agent_of(alice)
    answer = await agent.post("tools/list", {})
    found = {tool["name"]: tool for tool in answer.json()["result"]["tools"]}
    assert set(found) == {"publish", "list", "read", "update", "check"}
    assert found["publish"]["inputSchema"]["required"] == ["files"]
    assert found["read"]["annotations"]["readOnlyHint"] is True


async def test_what_is_no_text_is_read_when_it_is_named_and_may_be_sent_back(alice: User) -> None:
    agent = await agent_of(alice)
    files = {"index.html": PAGE, "dot.png": "base64:iVBORw0KGgo="}
    made = await agent.call("publish", files=files)
    shown = await agent.call("read", artifact=made["artifact"])
    assert {file["path"]: file.get("content") for file in shown["files"]} == {"index.html": PAGE, "dot.png": None}
    named = await agent.call("read", artifact=made["artifact"], paths=["dot.png"])
    assert {file["path"]: file.get("content") for file in named["files"]} == {
        "index.html": None,
        "dot.png": files["dot.png"],
    }
    assert "no file" in await agent.refused("read", artifact=made["artifact"], paths=["other.png"])


async def test_a_check_is_ordered_once_and_reported(alice: User) -> None:
    agent = await agent_of(alice)
    version = await make_page(alice)
    await Check.objects.all().adelete()
    found = await agent.call("check", artifact=version.artifact_id, wait=0)
    assert found["state"] == "queued"
    assert "again" in found["next"]
    await Check.objects.aupdate(state="done", verdict="works_well")
    found = await agent.call("check", artifact=version.artifact_id)
    assert (found["state"], found["verdict"]) == ("done", "works_well")
    assert (await agent.call("check", artifact=version.artifact_id, again=True, wait=0))["state"] == "queued"


@pytest.mark.parametrize("token", [None, "", "pg_wrong"])
async def test_without_a_valid_token_nobody_comes_in(token: str | None) -> None:
    answer = await Agent(token).post("tools/list", {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Bearer realm="Playground"')
    assert "settings page" in answer.json()["error"]["message"]


async def test_a_browsers_session_is_no_token(alice: User) -> None:
    agent = Agent(None)
    await agent.client.aforce_login(alice)
    assert (await agent.post("tools/list", {})).status_code == 401


async def test_there_is_nothing_to_listen_to(alice: User) -> None:
    agent = await agent_of(alice)
    answer = await agent.client.get("/mcp", headers=agent.headers)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


async def test_what_is_somebody_elses_stays_so(alice: User, bob: User) -> None:
    agent = await agent_of(bob)
    private = await make_page(alice, Visibility.PRIVATE)
    for tool in ("read", "check"):
        for place in (private.artifact_id, f"http://testserver/a/{private.artifact_id}/v/1"):
            assert "does not exist" in await agent.refused(tool, artifact=place)
    linked = await make_page(alice)
    assert (await agent.call("read", artifact=linked.artifact_id))["is_mine"] is False
    assert "not yours" in await agent.refused("update", artifact=linked.artifact_id, files={"index.html": "x"})
    assert (await agent.call("list"))["artifacts"] == []
    assert await Version.objects.acount() == 2


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b", "C:\\x", "a\0b", "", "con\ntrol"])
async def test_hostile_paths_are_refused_or_stay_inside(alice: User, path: str) -> None:
    agent = await agent_of(alice)
    result = await agent.result("publish", files={path: "text"})
    if result.get("isError"):
        assert "no possible file name" in result["content"][0]["text"]
        assert not await Artifact.objects.aexists()
    else:
        (kept,) = (await Version.objects.aget()).files
        assert not kept.startswith("/")
        assert ".." not in kept.split("/")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "files: Field required"),
        ({"files": {}}, "files: "),
        ({"files": {"index.html": 3}}, "files.index.html: "),
        ({"files": {"index.html": PAGE}, "visibility": "everybody"}, "visibility: "),
        ({"files": {"index.html": PAGE}, "owner": "bob"}, "owner: "),
        ({"files": {"index.html": PAGE}, "title": "a\0b"}, "NUL"),
        ({"files": {"dot.png": "base64:?"}}, "no valid base64"),
        ({"files": {"dot.png": "no picture"}}, "dot.png"),
        ({"files": {"index.html": "x" * (5 * 1024 * 1024 + 1)}}, "at most 5 MB"),
        ({"files": {f"{n}.html": "x" for n in range(201)}}, "200"),
    ],
)
async def test_wrong_arguments_are_told(alice: User, arguments: dict[str, Any], told: str) -> None:
    agent = await agent_of(alice)
    assert told in await agent.refused("publish", **arguments)
    assert not await Artifact.objects.aexists()


async def test_half_a_surrogate_pair_is_refused(alice: User) -> None:
    agent = await agent_of(alice)
    body = (
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", '
        b'"params": {"name": "publish", "arguments": {"files": {"index.html": "\\ud800"}}}}'
    )
    answer = await agent.client.post("/mcp", body, content_type="application/json", headers=agent.headers)
    assert answer.status_code == 400
    assert not await Artifact.objects.aexists()


async def test_a_tool_that_is_none_is_told(alice: User) -> None:
    agent = await agent_of(alice)
    assert "publish, list, read, update, check" in await agent.refused("delete")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
async def test_a_body_beyond_all_limits_is_refused(alice: User) -> None:
    agent = await agent_of(alice)
    answer = await agent.post("tools/call", {"name": "publish", "arguments": {"files": {"index.html": "x" * 2000}}})
    assert answer.status_code == 413
    assert "20 MB" in answer.json()["error"]["message"]


async def test_a_conflict_is_told(alice: User) -> None:
    agent = await agent_of(alice)
    made = await agent.call("publish", files={"index.html": "one\n"})
    await agent.call("update", artifact=made["artifact"], files={"index.html": "two\n"}, base=1)
    refused = await agent.refused("update", artifact=made["artifact"], files={"index.html": "three\n"}, base=1)
    assert "conflict" in refused
