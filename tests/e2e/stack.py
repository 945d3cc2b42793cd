"""The playground as `make run` starts it, on a port and a data folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.environment import free_port, wait_for_port

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "playground.sqlite3"
READY = "Playground is ready at "
NOBODYS = os.environ["REDIS_URL"]  # this test run's own Redis, where no worker listens
_PREPARE = "from playground.launcher.preparation import prepare; prepare()"
_ready: list[Path] = []  # data folders of this process's playgrounds


@dataclass
class Stack:
    url: str
    data: Path
    launcher: subprocess.Popen[str]
    settings: dict[str, str]  # the launcher's environment

    def manage(self, *arguments: str) -> str:
        """The output of a management command on this playground."""
        return manage(self.environment(), *arguments)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signal the launcher; returns its exit code."""
        with self.launcher:  # closes its output, too
            self.launcher.send_signal(number)
            return self.launcher.wait(30)

    def environment(self) -> dict[str, str]:
        redis = self.data / "run" / "redis_url"
        return self.settings | {"REDIS_URL": redis.read_text().strip()}


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def clean_environment() -> dict[str, str]:
    """This environment without what would configure a playground."""
    names = (
        "OPENAI_",
        "DASHSCOPE_",
        "PLAYGROUND_",
        "REDIS_URL",
        "DATABASE_URL",
        "PORT",
        "DJANGO_SETTINGS_MODULE",
    )
    return {name: value for name, value in os.environ.items() if not name.startswith(names)}


def start_stack(data: Path, **settings: str) -> Stack:
    """Without a package registry, checks and builds, unless the settings say so: each would fill its library shelf,
    open a browser for each version, and start one worker more.
    """
    port = free_port()
    environment = environment_of(data, PORT=str(port), **settings)
    if _ready:
        _furnish(data, _ready[0])
    launcher = subprocess.Popen(
        [sys.executable, "-m", "playground.launcher"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack = Stack(f"http://localhost:{port}", data, launcher, environment)
    _wait_until_ready(stack)
    _ready.append(data)
    return stack


def _furnish(data: Path, first: Path) -> None:
    """What takes most of a first start, and is the same each time: static files and empty tables."""
    if not (data / "static").exists():
        shutil.copytree(first / "static", data / "static")
    if not (data / DATABASE).exists():
        shutil.copy(_migrate(first.with_name("empty")), data)


@cache
def _migrate(data: Path) -> Path:
    manage(environment_of(data, REDIS_URL=NOBODYS), "migrate")
    return data / DATABASE


def environment_of(data: Path, **settings: str) -> dict[str, str]:
    off = {"PLAYGROUND_NPM_REGISTRY": "off", "PLAYGROUND_CHECKS": "no", "PLAYGROUND_BUILDS_AT_ONCE": "0"}
    own = {"PLAYGROUND_DATA": str(data), **off}
    return clean_environment() | own | settings


def prepare_data(data: Path, then: str = "", **settings: str) -> str:
    """As the launcher does on its first start, so that the demos are not checked once it runs. Returns what `then`, a
    script, prints after that.
    """
    own = {"DJANGO_SETTINGS_MODULE": "playground.config.settings", "REDIS_URL": NOBODYS}
    environment = environment_of(data, **own, **settings)
    command = [sys.executable, "-c", f"{_PREPARE}\n{then}"]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


@dataclass
class Node:
    """A second web process on a stack's database and Redis."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def second_node(stack: Stack) -> Iterator[Node]:
    port = free_port()
    command = [sys.executable, "-m", "playground.config.web", "-p", str(port), "playground.config.asgi:application"]
    environment = stack.environment() | {"DJANGO_SETTINGS_MODULE": "playground.config.settings"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            wait_for_port(port, 60)
            yield Node(f"http://localhost:{port}", process)
        finally:
            process.kill()


def _wait_until_ready(stack: Stack) -> None:
    assert stack.launcher.stdout
    said = []
    for line in stack.launcher.stdout:
        said.append(line)
        if line.startswith(READY):
            return
    raise RuntimeError("the launcher did not get ready:\n" + "".join(said))
