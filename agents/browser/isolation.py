"""How the browser is kept from everything else.

Answering its requests ourselves is not enough: WebRTC and preconnects go past that. So it runs in bubblewrap, in a
network namespace of its own with nothing in it, and sees neither our files nor our environment. Where the system does
not allow that, proxy rules that lead nowhere are the second best, and the report says so.
"""

import subprocess
from enum import StrEnum
from functools import cache
from pathlib import Path

from agents.browser.finding import find_bubblewrap
from agents.walls import ENVIRONMENT, build_walls

_PROBING = 10  # seconds
_READ = ("/etc/fonts", "/etc/chromium", "/etc/chromium.d", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime")


class Level(StrEnum):
    BUBBLEWRAP = "bubblewrap"  # no network at all
    PROXY = "proxy"  # no network by proxy rules only


@cache
def probe() -> Level:
    """Tried for real, once a process: only a loopback device is left inside."""
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        return Level.PROXY
    try:
        command = [bubblewrap, *_walls("/bin/cat"), "/bin/cat", "/proc/net/dev"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PROBING)
    except (OSError, subprocess.TimeoutExpired):
        return Level.PROXY
    devices = [line.partition(":")[0].strip() for line in done.stdout.splitlines() if ":" in line]
    return Level.BUBBLEWRAP if done.returncode == 0 and devices == ["lo"] else Level.PROXY


def command_for(browser: str, level: Level) -> list[str]:
    """What starts the browser; its own arguments follow."""
    bubblewrap = find_bubblewrap()
    if level is Level.PROXY or bubblewrap is None:
        return [browser]
    return [bubblewrap, *_walls(browser), browser]


def environment() -> dict[str, str]:
    """The browser learns nothing of ours: there are keys in it."""
    return dict(ENVIRONMENT)


def _walls(program: str) -> list[str]:
    walls = build_walls()
    for path in _READ:
        walls += ["--ro-bind-try", path, path]
    folder = str(Path(program).resolve().parent)
    if not folder.startswith(("/usr/", "/bin", "/sbin")):
        walls += ["--ro-bind", folder, folder]
    return walls
