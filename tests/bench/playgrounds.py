"""The servers that are measured, each pinned to the first core; the bench itself has the second."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import redis

from playground.launcher.children import Child
from playground.launcher.ground import free_port
from playground.launcher.processes import Plan, plan_valkey, plan_web
from tests.bench.processes import Use, measure, pin, wait_until

ROOT = Path(__file__).parents[2]
_MANY = "1000000"
_LOGIN = """
from django.test import Client
from playground.accounts.models import User
user = User.objects.create_user("bench@example.com", "correct horse battery")
client = Client()
client.force_login(user)
print("; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))
"""


@dataclass
class Server:
    """A running server and what belongs to it."""

    port: int
    pids: list[int]

    def use(self) -> Use:
        return measure(*self.pids)


@dataclass
class Playground(Server):
    data: Path
    redis: redis.Redis
    cookie: str
    token: str

    def stored(self) -> int:
        """Bytes of the answers' logs: in Redis, with its overhead, and in the database."""
        kept = sum(self.redis.memory_usage(key) or 0 for key in self.redis.scan_iter("run:*", count=1000))
        with sqlite3.connect(self.data / "playground.sqlite3") as database:
            (saved,) = database.execute("SELECT sum(length(packed)) FROM runs_checkpoint").fetchone()
        return kept + (saved or 0)

    def traffic(self) -> tuple[int, int]:
        """Bytes that Redis has received and sent, and its commands."""
        stats = self.redis.info("stats")
        sent = stats["total_net_input_bytes"] + stats["total_net_output_bytes"]
        return sent, stats["total_commands_processed"]


@contextmanager
def serve_playground(data: Path, model_url: str, *, rows: str = "", **settings: str) -> Iterator[Playground]:
    """A web node and its Valkey, with limits that a bench does not meet. `rows`: a script that fills the database."""
    data.mkdir()
    own = {
        "DJANGO_SETTINGS_MODULE": "playground.config.settings",
        "PLAYGROUND_DATA": str(data),
        "PLAYGROUND_CHECKS": "no",
        "PLAYGROUND_NPM_REGISTRY": "off",
        "PLAYGROUND_CONCURRENT_RUNS": _MANY,
        "PLAYGROUND_USER_RUNS_PER_HOUR": _MANY,
        "PLAYGROUND_USER_RUNS_PER_DAY": _MANY,
        "OPENAI_BASE_URL": model_url,
        "OPENAI_API_KEY": "sk-bench",
        "OPENAI_MODEL": "bench",
    }
    port = free_port()
    environment = {**os.environ, **own, "PORT": str(port), "PLAYGROUND_URL": f"http://localhost:{port}", **settings}
    plan = Plan(port, None, data, environment)
    with ExitStack() as stack:
        valkey = plan_valkey(plan)
        assert valkey
        children = [_start(valkey, stack)]
        _manage(plan, "migrate", "--verbosity", "0")
        _manage(plan, "load_models")
        _manage(plan, "collectstatic", "--no-input", "--verbosity", "0")
        cookie = _manage(plan, "shell", "--no-imports", "--command", _LOGIN)
        token = _manage(plan, "create_token", "bench@example.com")
        if rows:
            _manage(plan, "shell", "--no-imports", "--command", rows)
        children.append(_start(plan_web(plan), stack))
        wait_until(lambda: _answers(port, "/healthz"))
        client = redis.Redis.from_url(plan.environment["REDIS_URL"])
        stack.callback(client.close)
        yield Playground(port, [_pid(child) for child in children], data, client, cookie, token)


@contextmanager
def serve_bare(folder: Path, model_url: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), "tests.bench.bare:application"]
    with ExitStack() as stack:
        child = Child("bare", command, {**os.environ, "OPENAI_BASE_URL": model_url}, folder / "bare.log")
        _start(child, stack)
        wait_until(lambda: _answers(port, "/"))
        yield Server(port, [_pid(child)])


def _start(child: Child, stack: ExitStack) -> Child:
    pin(0)
    child.start()
    pin(1)
    stack.callback(child.stop)
    return child


def _pid(child: Child) -> int:
    assert child.process
    return child.process.pid


def _manage(plan: Plan, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, env=plan.environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": f"localhost:{port}"})
    return connection.getresponse().status < 600
