"""Whole runs against a model server with every bad habit, over HTTP: the log, the version, the final state."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.models import User
from playground.accounts.services import adopt_guest
from playground.artifacts.files import read_file
from playground.artifacts.models import Version
from playground.errors import QuotaExceeded
from playground.protocol import FileClosed, ModelAnswered, RunFailed, RunFinished, RunRequest, RunStatus, VersionSaved
from playground.runs import services
from playground.runs.following import follow
from playground.runs.models import Run
from tests.behaviours import PAGE
from tests.conftest import connect_model
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


async def start(upstream: Upstream, model_id: str, user: User, **request: object) -> Run:
    await sync_to_async(connect_model)(upstream.base_url, model_id)
    body = RunRequest.model_validate({"prompt": "a page", "model": model_id, **request})
    return await services.start(user=user, address="127.0.0.1", request=body)


async def finish(run: Run) -> list[object]:
    async with asyncio.timeout(30):
        events: list[object] = [frame.event async for frame in follow(run.pk)]
    await run.arefresh_from_db()
    return events


async def test_a_good_answer_becomes_a_version(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "good", alice)
    events = await finish(run)
    assert run.status == RunStatus.FINISHED
    saved = next(event for event in events if isinstance(event, VersionSaved))
    assert saved.version.number == 1
    version = await sync_to_async(lambda: run.version)()
    assert version
    page = await sync_to_async(read_file)(version.files["index.html"])
    assert page.decode().rstrip("\n") in upstream.answers["good"]
    assert version.prompt == "a page"


async def test_a_guest_who_signs_in_meanwhile_gets_the_page(upstream: Upstream, guest: User, alice: User) -> None:
    run = await start(upstream, "pauses", guest)
    await sync_to_async(adopt_guest)(guest, alice)
    await finish(run)
    version = await Version.objects.select_related("artifact__owner", "author").aget(run=run)
    assert (version.artifact.owner, version.author) == (alice, alice)


async def test_the_model_that_answered_is_shown(upstream: Upstream, alice: User) -> None:
    events = await finish(await start(upstream, "other-model", alice))
    answered = next(event for event in events if isinstance(event, ModelAnswered))
    assert answered.model not in ("other-model", "")


async def test_usage_is_estimated_where_none_is_reported(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "no-usage", alice)
    await finish(run)
    assert run.usage
    assert run.usage["estimated"] is True
    assert run.usage["output_tokens"]


@pytest.mark.parametrize(
    ("model_id", "code", "retryable"),
    [
        ("unauthorized", "unauthorized", False),
        ("no-such-model", "model_not_found", False),
        ("rate-limited", "rate_limited", True),
        ("server-error", "upstream_error", True),
        ("error-in-stream", "upstream_error", True),
        ("context-overflow", "context_overflow", False),
        ("html-200", "not_a_model", False),
        ("garbage-sse", "garbage", False),
        ("cut-middle", "cut_off", True),
    ],
)
async def test_a_failure_says_what_happened(
    upstream: Upstream, alice: User, model_id: str, code: str, retryable: bool
) -> None:
    run = await start(upstream, model_id, alice)
    events = await finish(run)
    last = events[-1]
    assert isinstance(last, RunFailed)
    assert (last.error.code, last.error.retryable) == (code, retryable)
    assert "sk-secret-key" not in last.error.message
    assert run.status == RunStatus.FAILED
    assert run.error
    assert run.error["code"] == code


async def test_a_refused_connection_is_named(alice: User) -> None:
    await sync_to_async(connect_model)("http://127.0.0.1:9/v1", "gone")
    request = RunRequest(prompt="a page", model="gone")
    events = await finish(await services.start(user=alice, address="127.0.0.1", request=request))
    last = events[-1]
    assert isinstance(last, RunFailed)
    assert last.error.code == "unreachable"
    assert "127.0.0.1:9" in last.error.message


async def test_what_came_before_a_cut_is_kept(upstream: Upstream, alice: User) -> None:
    events = await finish(await start(upstream, "cut-middle", alice))
    closed = [event for event in events if isinstance(event, FileClosed)]
    assert closed
    assert not closed[0].complete


async def test_stop_within_a_second_keeps_the_text(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "endless", alice)
    await asyncio.sleep(0.5)
    await services.cancel(run)
    async with asyncio.timeout(2):
        events = await finish(run)
    assert events[-1] == RunFinished(reason="cancelled")
    assert run.status == RunStatus.CANCELLED


async def test_several_at_once_and_no_more(upstream: Upstream, alice: User, settings: object) -> None:
    settings.CONCURRENT_RUNS = 2  # type: ignore[attr-defined]
    await sync_to_async(connect_model)(upstream.base_url, "endless")
    request = RunRequest(prompt="a page", model="endless")
    runs = [await services.start(user=alice, address="", request=request) for _ in range(2)]
    with pytest.raises(QuotaExceeded) as refusal:
        await services.start(user=alice, address="", request=request)
    assert refusal.value.code == "too_many_runs"
    for run in runs:
        await services.cancel(run)
        await finish(run)


async def test_a_follow_up_adds_a_version_and_sends_the_conversation(upstream: Upstream, alice: User) -> None:
    first = await start(upstream, "good", alice)
    await finish(first)
    request = RunRequest(prompt="make it blue", model="good", parent=first.pk)
    second = await services.start(user=alice, address="", request=request)
    await finish(second)
    version = await sync_to_async(lambda: second.version)()
    assert version
    assert version.number == 2
    assert version.parent_id == (await sync_to_async(lambda: first.version_id)())
    roles = [message["role"] for message in upstream.requests[-1].body["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    _, _, told, asked = upstream.requests[-1].body["messages"]
    assert told["content"] == "Here is a ball that swings.\n\n\n[wrote index.html]\n\nWatch it swing."
    assert PAGE in asked["content"]  # as it is now, and only there
