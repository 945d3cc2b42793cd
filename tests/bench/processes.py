"""What a process uses, as Linux tells it."""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Use:
    cpu: float  # seconds
    rss: int  # bytes


def measure(*pids: int) -> Use:
    """Of these processes together."""
    cpu, rss = 0.0, 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        cpu += (int(fields[11]) + int(fields[12])) / _TICKS
        rss += int(fields[21]) * _PAGE
    return Use(cpu, rss)


def pin(core: int) -> None:
    """This process, and what it starts from now on, to one core. `core` counts the cores that we may use."""
    cores = sorted(os.sched_getaffinity(os.getppid()))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def wait_until(is_ready: Callable[[], bool], seconds: float = 60.0) -> None:
    """Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if is_ready():
                return
        time.sleep(0.2)
    raise TimeoutError("what is to be measured does not start")
