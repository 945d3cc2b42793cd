"""Debian's PostgreSQL and Redis, each in a folder of its own: tests stop, kill and empty them, and start them again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from tests.environment import free_port, wait_for_port


class Postgres:
    """A server on the loopback address. It refuses to run as root, so there it runs as Debian's `postgres`."""

    def __init__(self, folder: Path, owner: str, password: str = "") -> None:
        """With a `password` it asks for it; else it trusts."""
        self.folder = folder
        self.owner = owner
        self.password = password
        self.port = free_port()
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/local/bin"))
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        kept = folder / "password"
        kept.write_text(password)
        kept.chmod(0o644)
        asks = ["--auth=scram-sha-256", "--pwfile", str(kept)] if password else ["--auth=trust"]
        self._run("initdb", "-D", str(folder / "data"), "-U", owner, *asks, "--no-sync", "--no-instructions")
        self.start()

    def start(self) -> None:
        at = ["-p", str(self.port), "-h", "127.0.0.1", "-k", ""]
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *at, "-F"]
        self.server = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.DEVNULL, user=self._user)
        wait_for_port(self.port)
        asked = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(asked, check=False).returncode == 1:  # it listens, and refuses until it has started
            time.sleep(0.05)

    def stop(self) -> None:
        """At once: connections are cut."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(30)

    def create(self, name: str) -> str:
        """A database; gives its URL, without the password."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.owner, name)
        return f"postgres://{self.owner}@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        environment = os.environ | {"PGPASSWORD": self.password}
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, user=self._user, env=environment)


@contextmanager
def serve_postgres(owner: str, password: str = "") -> Iterator[Postgres]:
    """Skips the test where it is not installed."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/local/bin"))
    if not (programs / "initdb").exists() or not shutil.which("pg_dump"):
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="playground-postgres-"))
    try:
        server = Postgres(folder, owner, password)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class RedisServer:
    """A Redis, or a Valkey by the name of its program, with the given options."""

    def __init__(self, folder: Path, options: list[str], program: str = "redis-server") -> None:
        self.folder = folder
        self._program = program
        self.port = free_port()
        self._options = options
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        at = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.server = subprocess.Popen([self._program, *at, *self._options], stdout=subprocess.DEVNULL)
        wait_for_port(self.port)

    def kill(self) -> None:
        self.server.kill()
        self.server.wait()

    def empty(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def forget(self) -> None:
        """What a killed one has left on the disk."""
        shutil.rmtree(self.folder)
