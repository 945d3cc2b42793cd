"""What a playground stands on: a data folder that is ours alone, and a port that is free."""

import fcntl
import os
import socket
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, urlsplit

from playground.launcher.failure import LaunchFailure


def claim_folder(folder: Path) -> IO[str]:
    """Make the data folder and lock it. Keep the file open: the lock goes with the process, however that ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        reason = error.strerror or error
        raise LaunchFailure(
            f"{folder} cannot be written ({reason}). Make it writable, or choose another folder with PLAYGROUND_DATA."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LaunchFailure(
            f"A playground already runs on {folder}. Stop it, or choose another folder and port: "
            "PLAYGROUND_DATA=.data2 PORT=8001 make run"
        ) from error
    return lock


def read_port(environment: dict[str, str]) -> int:
    given = environment.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65_536:
        raise LaunchFailure(f"PORT must be a number from 1 to 65535, not {given}.")
    return int(given)


def read_spare_port(environment: dict[str, str]) -> int | None:
    """The port of an artifact host that is this machine's own by another port: `localhost:8001`, or the address in
    PLAYGROUND_URL where that leads to us. Not that URL's own port: there stands a proxy.
    """
    port = read_port(environment)
    artifacts, app = (
        _read_address(environment, "PLAYGROUND_ARTIFACT_HOST"),
        _read_address(environment, "PLAYGROUND_URL"),
    )
    name = artifacts.hostname or ""
    is_local = name in ("127.0.0.1", "::1", "localhost") or name.endswith(".localhost")
    is_same = app.scheme == "http" and (name, port) == (app.hostname, app.port)
    return artifacts.port if (is_local or is_same) and artifacts.port not in (port, app.port) else None


def _read_address(environment: dict[str, str], name: str) -> SplitResult:
    given = environment.get(name, "")
    try:
        address = urlsplit(given if "//" in given else f"//{given}")
        _ = address.port
    except ValueError as error:
        raise LaunchFailure(f"{name} must be a host, with its port where it has one: {error}.") from error
    return address


def check_port(port: int) -> None:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        if is_supported(family, address) and not _can_bind(family, address, port):
            raise LaunchFailure(
                f"Port {port} is taken. Stop what runs there, or choose another: PORT={port + 1} make run"
            )


def is_supported(family: socket.AddressFamily, address: str) -> bool:
    """Whether this machine has the loopback address at all."""
    return _can_bind(family, address, 0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _can_bind(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError:
        return False
    return True


def write_private(path: Path, content: str) -> None:
    """A file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
