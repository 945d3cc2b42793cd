"""kill -9 in the middle of answers: the person just sees them go on, on this node or on another."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from playground.artifacts.edits.reading import FileReader
from playground.protocol import Frame, RunFinished, SegmentStarted
from tests.behaviours import PAGE
from tests.e2e.stack import Stack, second_node, start_stack
from tests.e2e.workbench import make_wish, open_code, wait_for_version
from tests.upstream import Upstream

MANY = 50
_NEWEST = "from playground.runs.models import Run; run = Run.objects.latest('created_at'); print(run.pk, run.fence)"


@pytest.fixture(scope="module")
def model() -> Iterator[Upstream]:
    """Goes on from where it is asked to, and takes its time."""
    with Upstream.in_thread() as running:
        running.delay = 0.03
        yield running


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, model: Upstream) -> Iterator[Stack]:
    running = start_stack(
        tmp_path_factory.mktemp("nodes"),
        OPENAI_BASE_URL=model.base_url,
        OPENAI_API_KEY="sk-test",
        OPENAI_MODEL="cut-at-limit",
        PLAYGROUND_CONCURRENT_RUNS=str(MANY),
        PLAYGROUND_USER_RUNS_PER_HOUR="1000",
    )
    yield running
    running.stop()


@pytest.fixture(scope="module")
def other_node(node: Stack) -> Iterator[str]:
    """A second web node on the same database and Redis."""
    with second_node(node) as running:
        _wait_until_up(running.url)
        yield running.url


def test_a_person_sees_the_answer_go_on(page: Page, node: Stack, model: Upstream) -> None:
    page.goto(f"{node.url}/new")
    with model.held("fillRect"):
        make_wish(page, "a ball that swings")
        expect(page.get_by_role("button", name="index.html")).to_be_visible(timeout=30_000)
        page.wait_for_timeout(1500)
        kill_web(node)
    wait_for_version(page)
    expect(page.get_by_text("the server broke off here; another one went on")).to_be_visible()
    assert open_code(page) == PAGE.rstrip("\n")


def test_a_node_that_is_asked_to_end_hands_over(page: Page, node: Stack, model: Upstream) -> None:
    """Its answers go on at once, not only when its lease has run out."""
    _wait_until_up(node.url)  # the test before has killed it
    page.goto(f"{node.url}/new")
    with model.held("fillRect"):
        make_wish(page, "a ball that swings")
        expect(page.get_by_role("button", name="index.html")).to_be_visible(timeout=30_000)
        before = node.manage("shell", "-v", "0", "-c", _NEWEST).split()
        kill_web(node, signal.SIGTERM)
    wait_for_version(page)
    expect(page.get_by_text("the server broke off here; another one went on")).to_be_visible()
    run, fence = node.manage("shell", "-v", "0", "-c", _NEWEST).split()
    assert (run, int(fence)) == (before[0], int(before[1]) + 1)
    assert open_code(page) == PAGE.rstrip("\n")


@pytest.mark.soak
def test_fifty_answers_go_on_on_another_node(node: Stack, other_node: str, model: Upstream) -> None:
    model.delay = 0.1  # so that all are still written when the node is killed
    node.manage(
        "shell",
        "-c",
        "from playground.accounts.models import User; User.objects.create_user('many@example.com', 'correct horse')",
    )
    token = node.manage("create_token", "many@example.com")
    with ThreadPoolExecutor(1) as apart:  # this thread's loop is the browser's
        told = apart.submit(asyncio.run, _follow_many(node, other_node, token)).result()
    for frames in told:
        assert [frame.seq for frame in frames] == list(range(1, len(frames) + 1))
        assert frames[-1].event == RunFinished(reason="stop")
        reader = FileReader("index.html")
        for frame in frames:
            reader.take(frame.event)
        assert reader.text == PAGE
    taken_over = [frames for frames in told if any(frame.event == SegmentStarted(reason="resume") for frame in frames)]
    assert len(taken_over) > MANY / 2


async def _follow_many(node: Stack, other_node: str, token: str) -> list[list[Frame]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(
        headers=headers, timeout=60, limits=httpx2.Limits(max_connections=2 * MANY)
    ) as client:
        runs = [await _start(client, node.url, number) for number in range(MANY)]
        async with asyncio.TaskGroup() as group:
            following = [group.create_task(_follow(client, [node.url, other_node], run)) for run in runs]
            await asyncio.sleep(2)
            kill_web(node)
    return [task.result() for task in following]


async def _start(client: httpx2.AsyncClient, url: str, number: int) -> str:
    answer = await client.post(f"{url}/api/runs", json={"prompt": f"ball {number}"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def _follow(client: httpx2.AsyncClient, nodes: list[str], run: str) -> list[Frame]:
    """As a browser does: from one node, and when that is gone, from the next, after the last frame."""
    frames: list[Frame] = []
    for attempt in range(20):
        url = f"{nodes[min(attempt, 1)]}/api/runs/{run}/events"
        with contextlib.suppress(httpx2.HTTPError):
            async with client.stream("GET", url, params={"after": len(frames)}) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        frames.append(Frame.model_validate(json.loads(line.removeprefix("data: "))))
        if frames and frames[-1].is_last:
            break
        await asyncio.sleep(0.2)
    return frames


def kill_web(node: Stack, number: signal.Signals = signal.SIGKILL) -> None:
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if not entry.name.isdigit() or b"playground.config.asgi" not in (entry / "cmdline").read_bytes():
                continue
            environment = (entry / "environ").read_bytes()
            is_launched = f"PORT={node.url.rpartition(':')[2]}".encode() in environment.split(b"\0")
            if is_launched and os.getpgid(int(entry.name)) == int(entry.name):  # children are group leaders
                os.kill(int(entry.name), number)


def _wait_until_up(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        time.sleep(0.2)
    pytest.fail("the second node did not get ready")
