"""Builds on real processes: a model that plays long scripts over HTTP, and the workers' processes."""

import asyncio
import contextlib
import hashlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from agents.misbehaving import REPERTOIRE, Misbehaving
from agents.misbehaving.repertoire import Misbehaviour
from tests.e2e.stack import DATABASE, ROOT, Stack
from tests.serving import serve_in_thread

_JOURNAL = """
import json
from collections import Counter
from playground.builds.models import Build, Entry
from playground.artifacts.models import Version
from playground.runs.models import Run
run = Run.objects.get(pk="{run}")
entries = list(Entry.objects.filter(build=run.pk).order_by("seq"))
events = [json.loads(entry.event) for entry in entries]
print(json.dumps(dict(
    status=run.status, fence=run.fence, outcome=run.build.outcome, code=run.build.code, files=run.build.files,
    seqs=[entry.seq for entry in entries], fences=[entry.fence for entry in entries],
    events=[dict(type=event["type"], step=event.get("step"), id=event.get("id"), abandoned=event.get("abandoned"))
        for event in events],
    versions=Version.objects.filter(run=run.pk).count(),
)))
"""


CONNECT = """
from playground.gateway.models import Endpoint, Model
endpoint = Endpoint.objects.create(name="{name}", base_url="{url}")
name = "{name}"
Model.objects.create(endpoint=endpoint, name=name, model_id=name)
"""


class Playground(Protocol):
    """A running one: a stack, or a topology."""

    @property
    def url(self) -> str: ...

    def manage(self, *arguments: str) -> str: ...


class Scripted:
    """A model server whose answers follow from the conversation alone, so that whoever asks again hears the same.

    The wish says how: `steps=45 delay=0.05` are so many answers, each of so many seconds; with a `phase` the second
    one does not come to its end.
    """

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def serve_scripted() -> Iterator[Scripted]:
    with serve_in_thread(_serve) as port:
        yield Scripted(port)


@contextmanager
def serve_misbehaving(repertoire: Mapping[str, Misbehaviour] = REPERTOIRE) -> Iterator[str]:
    """`agents.misbehaving`, by its address."""
    server = Misbehaving(0.01, repertoire)
    with serve_in_thread(server.serve) as port:
        yield f"http://127.0.0.1:{port}/v1"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int((re.findall(r"content-length: (\d+)", head.lower()) or ["0"])[0])
        body = json.loads(await reader.readexactly(length) or b"{}")
        await _answer(body, writer)
        await writer.drain()
    writer.close()


async def _answer(body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    messages = body.get("messages", [])
    wish = next((str(message["content"]) for message in messages if message["role"] == "user"), "")
    number = sum(message["role"] == "assistant" for message in messages)
    given = dict(re.findall(r"(steps|delay|phase)=([\w.]+)", wish))
    phase = given.get("phase", "") if number else ""
    if wait := {"refused": 20, "away": 1000}.get(phase):
        writer.write(b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n")
        writer.write(f"Retry-After: {wait}\r\n\r\n".encode())
        return
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n")
    while phase in ("silent", "talking"):
        await asyncio.sleep(0.1)
        if phase == "talking":
            _send(writer, {"content": "and "})
            await writer.drain()
    turns = PHASES[phase] if phase in PHASES else script(int(given.get("steps", 4)))
    calls = turns[number:][:1] or [[("finish", {"title": "T", "summary": "S"})]]
    for piece in range(4):
        await asyncio.sleep(float(given.get("delay", 0)) / 4)
        _send(writer, {"content": f"Step {number}, part {piece}. "})
        await writer.drain()
    for index, (name, arguments) in enumerate(calls[0]):
        function = {"name": name, "arguments": json.dumps(arguments)}
        _send(writer, {"tool_calls": [{"index": index, "id": f"c{index}", "type": "function", "function": function}]})
    _send(writer, {}, "tool_calls")
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    writer.write(f"data: {json.dumps({'choices': [], 'usage': usage})}\n\n".encode())
    writer.write(b"data: [DONE]\n\n")


def _send(writer: asyncio.StreamWriter, delta: dict[str, Any], reason: str | None = None) -> None:
    chunk = {"id": "x", "object": "chat.completion.chunk", "model": "scripted"}
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    writer.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())


type Calls = list[tuple[str, dict[str, Any]]]

HANGS = "<!doctype html><title>T</title><script>while (true);</script>"
PHASES: dict[str, list[Calls]] = {  # after the first answer, of `script`
    "command": [[], [("run_command", {"argv": ["sleep", "55"], "timeout_s": 55})]],
    "check": [[], [("write_file", {"path": "index.html", "content": HANGS}), ("check", {"reason": "x"})]],
}


def script(steps: int) -> list[Calls]:
    """Files that are written, and changed by edits that depend on what was there before."""
    page = "<!doctype html><html lang=en><title>T</title><h1>Hello</h1><!-- start -->\n"
    turns: list[Calls] = [
        [
            ("set_plan", {"items": [{"id": "1", "text": "Lines", "status": "doing"}]}),
            ("write_file", {"path": "index.html", "content": page}),
            ("write_file", {"path": "a.txt", "content": "start\n"}),
        ]
    ]
    for step in range(1, steps - 1):
        old = f"line {step - 1}" if step > 1 else "start"
        edit = {"path": "a.txt", "edits": [{"old": old, "new": f"{old}\nline {step}"}]}
        turns.append([("edit_file", edit), ("write_file", {"path": f"f{step % 5}.js", "content": f"// {step}\n"})])
    return [*turns, [("finish", {"title": "T", "summary": "S", "entry": "index.html"})]]


def undisturbed(steps: int) -> dict[str, str]:
    """The files that the script leaves: SHA-256 by path."""
    files: dict[str, str] = {}
    for name, given in (call for turn in script(steps) for call in turn):
        if name == "write_file":
            files[given["path"]] = given["content"]
        if name == "edit_file":
            for edit in given["edits"]:
                files[given["path"]] = files[given["path"]].replace(edit["old"], edit["new"])
    return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in files.items()}


_SESSION = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playground.accounts.models import ApiToken, User
user = User.objects.create_user("{email}", "correct horse")
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
print(ApiToken.objects.issue(user, "test")[1], f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}")
"""


class Person:
    """Somebody with a token for the API, and a cookie for the websocket."""

    def __init__(self, stack: Playground, name: str) -> None:
        self.url = stack.url
        email = f"{name}@example.com"
        made = stack.manage("shell", "-v", "0", "-c", _SESSION.format(email=email))
        token, self.cookie = made.splitlines()[-1].split()
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx2.Client(base_url=f"{stack.url}/api", headers=headers, timeout=30)

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *error: object) -> None:
        self.client.close()

    def build(self, prompt: str, **body: Any) -> str:
        answer = self.client.post("/runs", json={"kind": "build", "prompt": prompt, **body})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def follow(self, run: str, drops: bool = False) -> list[dict[str, Any]]:
        """The frames to the end, over a websocket; one that `drops` is away for a while, again and again."""
        frames: list[dict[str, Any]] = []
        address = self.url.replace("http", "ws") + "/ws"
        headers = {"Cookie": self.cookie}
        while not frames or frames[-1]["event"]["type"] not in ("run.finished", "run.failed"):
            with connect(address, additional_headers=headers, origin=Origin(self.url), proxy=None) as socket:
                socket.send(json.dumps({"type": "run.follow", "run": run, "after": len(frames)}))
                for _ in range(3 if drops else 1_000_000):
                    told = json.loads(socket.recv(60))
                    frames += told.get("frames", [told] if "event" in told else [])
                    if frames and frames[-1]["event"]["type"] in ("run.finished", "run.failed"):
                        break
            if drops:
                time.sleep(0.7)
        return frames

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.client.post(path, json=body or {})
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    def frames(self, run: str) -> list[dict[str, Any]]:
        """All there are, of one that is over."""
        frames: list[dict[str, Any]] = []
        while not frames or frames[-1]["event"]["type"] not in ("run.finished", "run.failed"):
            path = f"/runs/{run}/events?after={len(frames)}&wait=20"
            answer = self.client.get(path, headers={"Accept": "application/json"})
            frames += answer.json()["frames"]
        assert [frame["seq"] for frame in frames] == list(range(1, len(frames) + 1))
        return frames

    def wait_for(self, run: str, is_true: Callable[[dict[str, Any]], bool], seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        info: dict[str, Any] = {}
        while time.monotonic() < deadline:
            info = self.get(f"/runs/{run}")
            if is_true(info):
                return info
            time.sleep(0.1)
        pytest.fail(f"it did not come to that: {info['status']}, {info['build']}")

    def wait_for_end(self, run: str, seconds: float = 120) -> dict[str, Any]:
        return self.wait_for(run, lambda info: info["build"]["state"] == "over", seconds)

    def wait_for_step(self, run: str, step: int, seconds: float = 60) -> dict[str, Any]:
        return self.wait_for(run, lambda info: info["build"]["step"] >= step, seconds)


def journal_of(stack: Playground, run: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack.manage("shell", "-v", "0", "-c", _JOURNAL.format(run=run)))
    return found


def children_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def descendants_of(pid: int) -> list[int]:
    children = children_of(pid)
    return children + [each for child in children for each in descendants_of(child)]


def find_builder(launcher: int) -> int:
    """The main process of the worker that serves builds."""
    for pid in children_of(launcher):
        with contextlib.suppress(OSError):
            if b"builder@" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    pytest.fail("there is no builder")


def pool_of(builder: int) -> list[int]:
    """Its processes that work."""
    return [pid for pid in children_of(builder) if b"celery" in _command_of(pid)]


def kill(pids: list[int], number: signal.Signals = signal.SIGKILL) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@contextmanager
def asleep(stack: Stack, pids: list[int]) -> Iterator[Callable[[], None]]:
    """Gives what wakes them. None of them is caught while it writes: SQLite would then let nobody else write."""

    def wake() -> None:
        kill(pids, signal.SIGCONT)

    try:
        for _ in range(50):
            kill(pids, signal.SIGSTOP)
            if _can_write(stack.data / DATABASE):
                break
            wake()
            time.sleep(0.05)
        else:
            pytest.fail("they never stop writing")
        yield wake
    finally:
        wake()


def _can_write(database: Path) -> bool:
    with contextlib.closing(sqlite3.connect(database, timeout=1, autocommit=True)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def kill_often(person: "Person", run: str, builder: int, times: int, luck: random.Random) -> None:
    """The process that works, at any moment of a step, each time that it has got further than the one before."""
    for _ in range(times):
        left = person.get(f"/runs/{run}")["build"]["step"]  # read after the kill: none is alive to get further
        person.wait_for_step(run, left + 1, 90)
        time.sleep(luck.uniform(0, 0.3))
        kill(pool_of(builder))


def names_below(pid: int) -> list[str]:
    """The commands of all that it has started, and that they have."""
    commands = (_command_of(each).replace(b"\0", b" ").decode(errors="replace") for each in descendants_of(pid))
    return [command for command in commands if command]


def _command_of(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def expect_once(journal: dict[str, Any]) -> None:
    """Every answer and every tool's end stands in it once, in an order without gaps."""
    assert journal["seqs"] == list(range(len(journal["seqs"])))
    assert journal["fences"] == sorted(journal["fences"])
    events = journal["events"]
    answers = [event["step"] for event in events if event["type"] == "model.answered"]
    assert answers == list(range(1, len(answers) + 1))
    returned = [event["id"] for event in events if event["type"] == "tool.returned"]
    assert len(returned) == len(set(returned))
    assert [event["type"] for event in events].count("finished") == 1
    assert journal["versions"] == 1


def in_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@contextmanager
def second_builder(stack: Stack, name: str = "second") -> Iterator[int]:
    """Another worker that serves builds, as on another machine. Gives its process id."""
    celery = [sys.executable, "-m", "celery", "-A", "playground.config", "worker", "-Q", "builds"]
    options = ["--concurrency", "1", "--hostname", f"{name}@localhost", "--loglevel", "WARNING"]
    environment = stack.environment() | {"DJANGO_SETTINGS_MODULE": "playground.config.settings"}
    with (
        (stack.data / f"{name}.log").open("ab") as log,
        subprocess.Popen([*celery, *options], cwd=ROOT, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            yield process.pid
        finally:
            kill(descendants_of(process.pid))
            process.kill()
