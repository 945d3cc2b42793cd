"""Child processes that never outlive us."""

import contextlib
import ctypes
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playground.launcher.failure import LaunchFailure

PATIENCE = 10.0  # seconds that a child has to end before it is killed
MANY = 3  # deaths …
SOON = 30.0  # … within so many seconds are too many
MAX_LOG = 10 * 1024 * 1024  # bytes
IS_LINUX = platform.system() == "Linux"
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process that is kept running. Its output goes to `log`."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                wrap(self.command),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(os.getpid()),
            )

    def revive(self) -> bool:
        """Start it again if it has died. Raises LaunchFailure where that has happened too often."""
        if self.process is None or self.process.poll() is None:
            return False
        self.end_group(signal.SIGKILL)
        now = time.monotonic()
        self.deaths = [*(death for death in self.deaths if now - death < SOON), now]
        if len(self.deaths) >= MANY:
            raise LaunchFailure(f"{self.name} keeps ending. The end of {self.log}:\n{self.last_words()}")
        time.sleep(0.5 * len(self.deaths))
        self.start()
        return True

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
        finally:
            self.end_group(signal.SIGKILL)
            self.process.wait()

    def end_group(self, number: signal.Signals) -> None:
        """Signal what the child has started, too."""
        assert self.process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


def wrap(command: list[str]) -> list[str]:
    """Where the kernel does not end children with their parent (macOS), a watchdog does."""
    if IS_LINUX:
        return command
    return [sys.executable, "-m", "playground.launcher.watchdog", str(os.getpid()), *command]


def die_with_parent(parent: int) -> Callable[[], None] | None:
    """For the child, before it becomes the command: ask the kernel for a SIGTERM when the parent ends."""
    if not IS_LINUX:
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return ask
