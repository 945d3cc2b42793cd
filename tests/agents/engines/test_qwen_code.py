"""Builds by the real Qwen Code, behind real walls, with a model over real HTTP."""

import asyncio
import re
import socket
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from agents.browser import Verdict, find_chromium
from agents.browser.isolation import probe
from agents.engines.finding import Unavailable
from agents.events import (
    Checked,
    Finished,
    FixWanted,
    Paused,
    Recorded,
    Resumed,
    Returned,
    Warned,
)
from agents.host import Means, Message, Stop
from agents.inspection import Browser, Inspector
from agents.llm.openai_compatible import OpenAICompatible
from agents.misbehaving import Misbehaving
from agents.misbehaving.connection import Call
from agents.misbehaving.habits import Behave, calls
from agents.misbehaving.pages import MISTAKE, PAGE
from agents.task import Limits, Task
from tests.agents.engines.programs import DONE, DONE_TEXT, FOUND, HAS_QWEN, PLAN, READ, REPAIR, WRITE, play, shell
from tests.agents.exhibits import exhibit_files
from tests.agents.hosts import MemoryHost

CHROMIUM = find_chromium()
KEY = "sk-secret-of-the-endpoint"
pytestmark = pytest.mark.skipif(not HAS_QWEN, reason=f"Qwen Code does not work here: {FOUND}")


def task(**more: object) -> Task:
    return Task.model_validate({"prompt": "a counter", "model": "m", "engine": "qwen", "window": 65_536, **more})


@asynccontextmanager
async def playing(*moves: Behave, inspector: Inspector | None = None) -> AsyncIterator[tuple[Means, Misbehaving]]:
    server = Misbehaving(0.01, {"m": play(*moves)})
    async with server.running():
        provider = OpenAICompatible(base_url=server.base_url, api_key=KEY)
        yield Means(provider, inspector, qwen=FOUND), server
        await provider.aclose()


async def build(host: MemoryHost, *moves: Behave) -> Finished:
    async with playing(*moves) as (means, _):
        end = await host.run_to_end(means)
    assert isinstance(end, Finished)
    return end


@pytest.mark.e2e
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
async def test_a_mistake_is_seen_and_mended() -> None:
    assert CHROMIUM
    host = MemoryHost(task())
    browser = Browser(CHROMIUM, probe(), exhibit_files)
    async with playing(calls(PLAN, WRITE), DONE, calls(READ), calls(REPAIR), DONE, inspector=browser) as (
        means,
        server,
    ):
        end = await host.run(means)
    assert isinstance(end, Finished)
    assert [event.type for event in host.events] == [
        *("began", "recorded", "model.asked", "model.answered"),
        *("tool.called", "tool.returned", "tool.called", "tool.returned"),
        *("recorded", "model.asked", "model.answered", "recorded", "tool.called", "checked", "fix.wanted"),
        *("recorded", "model.asked", "model.answered", "tool.called", "tool.returned"),
        *("recorded", "model.asked", "model.answered", "tool.called", "tool.returned"),
        *("recorded", "model.asked", "model.answered", "recorded", "tool.called", "checked", "finished"),
    ]
    plan, write, _read, repair = [event for event in host.events if isinstance(event, Returned)]
    assert [item.status for item in plan.plan or ()] == ["doing"]
    assert (write.summary, host.texts(dict_of(write))) == ("write_file index.html", {"index.html": MISTAKE})
    assert host.texts(dict_of(repair)) == {"index.html": PAGE}
    verdicts = [event.report.verdict for event in host.events if isinstance(event, Checked)]
    assert verdicts == [Verdict.BROKEN, Verdict.WORKS_WELL]
    (fix,) = [event for event in host.events if isinstance(event, FixWanted)]
    assert "getElementByID is not a function" in fix.text
    assert fix.text in told(server, 2)
    assert DONE_TEXT in told(server, 2, "assistant")  # in the same conversation
    assert (end.outcome, host.texts(end.files)) == ("done", {"index.html": PAGE})
    assert end.wrapping
    assert (end.wrapping.title, end.wrapping.summary) == ("Counter", DONE_TEXT)
    state = host.state
    assert (state.spent.model_calls, state.spent.tool_calls, state.spent.checks) == (5, 4, 2)
    assert (state.spent.input_tokens, state.pending) == (5 * 1200, [])
    asked = {(body["model"], body["max_tokens"]) for body in server.requests}
    assert asked == {("m", 8_192)}


async def test_a_used_up_budget_keeps_the_best() -> None:
    host = MemoryHost(task(limits=Limits(model_calls=1)))
    end = await build(host, calls(WRITE), DONE)
    assert (end.outcome, end.code) == ("partial", "budget")
    assert "model_calls" in end.message
    assert host.texts(end.files) == {"index.html": MISTAKE}
    assert host.state.spent.model_calls == 1
    assert await gone(str(host.folders[0]))


async def test_stopped_now_it_leaves_nothing() -> None:
    host = MemoryHost(task())
    loop = asyncio.get_running_loop()
    async with playing(calls(WRITE), calls(shell(f"(setsid {wait_for(4567)} &); {wait_for(4567)}"))) as (means, _):
        async with asyncio.TaskGroup() as group:
            working = group.create_task(host.run(means))
            async with asyncio.timeout(60):
                while not running("tail -s 4567"):  # noqa: ASYNC110 - it is the system that knows
                    await asyncio.sleep(0.1)
            host.stop, begun = Stop.NOW, loop.time()
            end = await working
        assert loop.time() - begun < 5
    assert isinstance(end, Finished)
    assert end.outcome == "cancelled"
    assert host.texts(end.files) == {"index.html": MISTAKE}
    assert await gone("tail -s 4567")
    assert await gone(str(host.folders[0]))


async def test_nothing_is_in_reach_but_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the key nor the network nor a file of ours; and of its own only what a build may have."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "secret.txt").write_text(KEY)
    links = shell("ln -s /etc/passwd out.txt; ln -s / root; mkdir .hidden; echo x > .hidden/a.txt; echo ok > ok.txt")
    half = Call("write_file", '{"file_path": "/work/index.html", "content": "half')
    host = MemoryHost(task())
    with listening() as port:
        look = shell(
            f"env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' ' '; cat {tmp_path}/secret.txt /etc/shadow; ls /root;"
            f"bash -c 'echo > /dev/tcp/127.0.0.1/{port} && touch /work/reached.txt';"
            f"grep -rs {KEY[:6]}[{KEY[6]}] /tmp /work /opt/forwarder.mjs /run /etc;"
            "echo; grep -o '^ *[a-z0-9]*:' /proc/net/dev | tr -d ' ' | sed 's/^/device=/'"
        )
        async with playing(calls(WRITE), calls(look), calls(links), calls(half), DONE) as (means, _):
            end = await host.run(means)
    assert isinstance(end, Finished)
    assert host.texts(end.files) == {"index.html": MISTAKE, "ok.txt": "ok\n"}
    wrote, looked, _, broken = [event for event in host.events if isinstance(event, Returned)]
    assert (wrote.is_ok, broken.is_ok, broken.changes) == (True, False, {})
    assert "OPENAI_API_KEY=none" in looked.text
    assert looked.text.count("No such file") >= 3
    assert re.findall(r"^device=(\w+):$", looked.text, re.MULTILINE) == ["lo"]
    assert KEY not in "".join(host.lines)
    records = [event.record for event in host.events if isinstance(event, Recorded) and event.record]
    assert records
    assert all(KEY.encode() not in zlib.decompress(host.contents[record]) for record in records)


async def test_somebody_else_goes_on() -> None:
    """The files and the conversation are there again; what a person wrote stays where it was said."""
    host = MemoryHost(task())
    host.messages = (Message("1", "Make it blue."),)
    host.kill_at = 8
    async with playing(calls(PLAN, WRITE), calls(READ), calls(REPAIR), DONE) as (means, server):
        end = await host.run_to_end(means)
    assert isinstance(end, Finished)
    assert (end.outcome, host.texts(end.files)) == ("done", {"index.html": PAGE})
    assert sum(isinstance(event, Resumed) for event in host.events) == 1
    assert host.state.pending == []
    assert "interrupted" not in told(server, 0)
    assert "interrupted" in told(server, -1)
    assert "Make it blue." in told(server, 0)
    assert "Make it blue." in told(server, -1)


async def test_without_it_the_reason_is_said() -> None:
    host = MemoryHost(task())
    async with playing(DONE) as (means, server):
        why = Unavailable("no_walls", "Qwen Code is not run without bubblewrap.")
        end = await host.run(Means(means.provider, qwen=why))
    assert isinstance(end, Finished)
    assert (end.outcome, end.code, end.message) == ("failed", "engine", why.reason)
    assert server.requests == []


@pytest.mark.soak
@pytest.mark.parametrize("number", range(2, 18))
async def test_killed_at_any_event(number: int) -> None:
    host = MemoryHost(task())
    host.kill_at = number
    end = await build(host, calls(PLAN, WRITE), calls(READ), calls(REPAIR), DONE)
    assert (end.outcome, host.texts(end.files)) == ("done", {"index.html": PAGE})
    resumed = sum(isinstance(event, Resumed) for event in host.events)
    broken = sum(isinstance(event, Warned) and event.rule == "engine" for event in host.events)
    assert resumed - broken == 1  # it may break on what the kill left, and is begun once more


@pytest.mark.soak
async def test_it_pauses_for_others_and_goes_on_where_it_was() -> None:
    host = MemoryHost(task())
    async with playing(calls(WRITE), calls(READ), calls(REPAIR), DONE) as (means, server):
        async with asyncio.TaskGroup() as group:
            working = group.create_task(host.run(means))
            await host.wait_for("tool.returned")
            host.gives_way = True
            assert isinstance(await working, Paused)
        host.gives_way = False
        end = await host.run(means)
    assert isinstance(end, Finished)
    assert host.texts(end.files) == {"index.html": PAGE}
    assert "You were interrupted" in told(server, -1)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("kill -9 $PPID; kill -9 -1", "without a word"),
        ("for i in $(seq 300); do echo x > $i.txt; done", "too many files"),
        ("echo x > INDEX.html", "upper and lower case"),
        ("i=0; while :; do i=$((i+1)); head -c 30000000 /dev/zero > .f$i; done", "wrote too much"),
        ("i=0; while :; do i=$((i+1)); mkdir $i; cd $i; done", "wrote too much"),
        ("cat /dev/zero | tail", "too much memory"),
    ],
)
async def test_whatever_it_does_ends_with_the_best(command: str, why: str) -> None:
    host = MemoryHost(task())
    end = await build(host, calls(WRITE), calls(shell(command)))
    assert end.outcome == "partial"
    assert end.code in ("crash_loop", "loop")
    assert host.texts(end.files) == {"index.html": MISTAKE}
    warned = [event.text for event in host.events if isinstance(event, Warned)]
    assert any(why in text for text in warned)


@pytest.mark.soak
async def test_time_runs_out_while_a_tool_works() -> None:
    host = MemoryHost(task(limits=Limits(seconds=20)))
    end = await build(host, calls(WRITE), calls(shell(wait_for(3456))))
    assert (end.outcome, end.code) == ("partial", "budget")
    assert await gone("tail -s 3456")


def wait_for(seconds: int) -> str:
    """It lets nobody call sleep."""
    return f"tail -s {seconds} -f /dev/null"


def dict_of(event: Returned) -> dict[str, str]:
    return {path: content for path, content in event.changes.items() if content}


def told(server: Misbehaving, number: int, role: str = "user") -> str:
    messages = server.requests[number]["messages"]
    return "\n".join(str(message["content"]) for message in messages if message["role"] in (role, "tool"))


async def gone(word: str) -> bool:
    """Or soon: the system takes its time to end what was killed."""
    for _ in range(100):
        if not running(word):
            return True
        await asyncio.sleep(0.1)
    return False


def running(word: str) -> bool:
    """Whether it stands in the command of any process. The walls name the folder that they are around."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if word in (process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " "):
                return True
        except OSError:
            continue
    return False


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
