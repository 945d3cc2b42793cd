"""What docker-compose.yml describes, without Docker: its commands, its environment and its nginx configuration, with
Debian's nginx, PostgreSQL and Redis, all on free ports of this machine.
"""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
import yaml

from playground.launcher.children import Child
from tests.e2e.nginx import nginx
from tests.e2e.stack import ROOT, clean_environment
from tests.environment import free_port
from tests.stores import Postgres, RedisServer, serve_postgres

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
TEMPLATE = ROOT / "deploy" / "nginx.conf.template"
PASSWORD = "correct horse battery staple"
WEB = ("web-1", "web-2")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def interpolate(text: str, given: Mapping[str, str]) -> str:
    """As compose does: `${NAME}` and `${NAME:-default}`."""
    return _VARIABLE.sub(lambda found: given.get(found[1]) or found[2] or "", text)


def environment_of(service: str, given: Mapping[str, str]) -> dict[str, str]:
    return {name: interpolate(str(value), given) for name, value in COMPOSE["services"][service]["environment"].items()}


@dataclass
class Topology:
    folder: Path
    postgres: Postgres
    redis: RedisServer
    port: int  # nginx
    environment: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict)  # of what listens, by name
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def url_of(self, node: str) -> str:
        """Past nginx."""
        return f"http://127.0.0.1:{self.ports[node]}"

    def start(self, name: str, service: str) -> Child:
        """The service's command, on a port of its own where it listens."""
        command = str(COMPOSE["services"][service]["command"])
        if listens := re.search(r"-b 0\.0\.0\.0 -p (\d+)", command):
            port = self.ports.setdefault(name, free_port())
            command = command.replace(listens[0], f"-b 127.0.0.1 -p {port}")
        if service in ("worker", "checker", "builder"):
            command += f" --hostname {name}@localhost"
        command = command.replace("/tmp/beat", str(self.folder / "beat"))
        child = Child(name, shlex.split(command), self.environment, self.folder / "logs" / f"{name}.log")
        child.start()
        self.children[name] = child
        return child

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the service and all that it has started, as when its machine is gone."""
        self.children[name].end_group(number)

    def revive(self, name: str) -> None:
        """A service that has ended, again; for a web process until it is ready."""
        child = self.children[name]
        assert child.process
        child.process.wait(30)
        child.start()
        if name in WEB:
            self.wait_until_ready(name)

    def wait_until_ready(self, node: str) -> None:
        wait_until(
            lambda: httpx2.get(f"{self.url_of(node)}/readyz", timeout=5).status_code == 200, child=self.children[node]
        )

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        at = {"host": "127.0.0.1", "port": self.postgres.port, "user": "playground", "dbname": "playground"}
        with psycopg.connect(**at, password=PASSWORD) as connection:  # type: ignore[arg-type]
            return connection.execute(statement).fetchall()

    def stop(self) -> None:
        for child in self.children.values():
            child.end_group(signal.SIGCONT)
            child.stop()


def wait_until(is_true: Callable[[], bool], seconds: float = 90, child: Child | None = None) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.HTTPError):
            if is_true():
                return
        if child and child.process and child.process.poll() is not None:
            pytest.fail(f"{child.name} has ended:\n{child.last_words()}")
        time.sleep(0.2)
    pytest.fail("it did not come to that" + (f":\n{child.last_words()}" if child else ""))


@contextmanager
def serve_topology(folder: Path, **given: str) -> Iterator[Topology]:
    """`given`: what `.env` would hold, and settings beyond those that docker-compose.yml names."""
    with ExitStack() as stack:
        postgres = stack.enter_context(serve_postgres("playground", PASSWORD))
        postgres.create("playground")
        redis = RedisServer(folder / "redis", shlex.split(COMPOSE["services"]["valkey"]["command"])[1:])
        stack.callback(redis.kill)
        port = free_port()
        topology = Topology(folder, postgres, redis, port, {})
        topology.ports["reel"] = free_port()
        topology.environment = _environment(topology, given)
        stack.callback(topology.stop)
        topology.start("reel", "reel")
        _set_up(topology)
        for node in WEB:
            topology.start(node, "web")
        for number in range(1, COMPOSE["services"]["worker"]["deploy"]["replicas"] + 1):
            topology.start(f"worker-{number}", "worker")
        topology.start("beat", "beat")
        for node in WEB:
            topology.wait_until_ready(node)
        stack.enter_context(nginx(folder, render_nginx(port, [topology.ports[node] for node in WEB]), port))
        yield topology


def _environment(topology: Topology, given: Mapping[str, str]) -> dict[str, str]:
    """Compose's, with this machine's addresses in place of the services' names."""
    secrets = topology.folder / "secrets"
    secrets.mkdir()
    key = given.get("OPENAI_API_KEY", "")
    contents = {"secret_key": "s" * 64, "database_password": PASSWORD, "openai_api_key": key}
    for name in COMPOSE["secrets"]:
        (secrets / name).write_text(contents.get(name, ""))
    addresses = {
        "/run/secrets": str(secrets),
        "@postgres:5432": f"@127.0.0.1:{topology.postgres.port}",
        "//valkey:6379": f"//127.0.0.1:{topology.redis.port}",
        "//reel:8100": f"//127.0.0.1:{topology.ports['reel']}",
    }
    people = {"PLAYGROUND_URL": topology.url, "PLAYGROUND_ARTIFACT_HOST": topology.url.removeprefix("http://")}
    own = environment_of("web", {"PLAYGROUND_NPM_REGISTRY": "off", **people, **given})
    for name, address in addresses.items():
        assert any(name in value for value in own.values()), f"docker-compose.yml does not name {name}"
        own = {key: value.replace(name, address) for key, value in own.items()}
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    further = {name: value for name, value in given.items() if name.startswith("PLAYGROUND_")}
    data = {"PLAYGROUND_DATA": str(topology.folder / "data"), "PATH": programs}  # of the Dockerfile
    return clean_environment() | own | further | data


def _set_up(topology: Topology) -> None:
    command = shlex.split(COMPOSE["services"]["setup"]["command"])
    done = subprocess.run(command, cwd=ROOT, env=topology.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def render_nginx(port: int, upstreams: list[int]) -> str:
    """The template as nginx's image fills it in."""
    lines = " ".join(f"server 127.0.0.1:{upstream};" for upstream in upstreams)
    values = {"PLAYGROUND_LISTEN": f"listen {port};", "PLAYGROUND_UPSTREAM": lines, "PLAYGROUND_RESOLVER": "127.0.0.1"}
    missing = values.keys() - environment_of("nginx", {}).keys()
    assert not missing, f"docker-compose.yml does not fill in {missing}"
    return re.sub(r"\$\{(PLAYGROUND_\w+)\}", lambda found: values[found[1]], TEMPLATE.read_text())
