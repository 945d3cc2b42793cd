"""Whether Qwen Code can work here. It is tried for real, behind walls: nothing of it ever runs outside of them."""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agents import sandbox
from agents.engines.cage import Rooms, build_command, find_package
from agents.walls import ENVIRONMENT
from agents.wording import summarise

INSTALL = "npm install -g @qwen-code/qwen-code"
_PROBING = 60  # seconds; a busy machine is no reason to do without
_NEEDED = frozenset({"--output-format", "--approval-mode", "--exclude-tools", "--append-system-prompt", "--resume"})
_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


@dataclass(frozen=True, slots=True)
class Cli:
    """The program, and what its `--help` lists."""

    program: Path
    node: str
    version: str
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """`code` is the machine's name of the reason: not_installed, no_node, no_walls, unusable."""

    code: str
    reason: str


@cache
def find_qwen(setting: str = "") -> Cli | Unavailable:
    """The program that `setting` names, else the one of the PATH. Takes seconds, once a process."""
    found = shutil.which(setting or "qwen")
    if found is None:
        what = f"There is no program {setting}." if setting else "Qwen Code is not installed."
        return Unavailable("not_installed", f"{what} Install it with: {INSTALL}")
    node = _find_node()
    if node is None:
        return Unavailable("no_node", "Qwen Code needs Node, which is not installed.")
    if not sandbox.probe():
        return Unavailable("no_walls", "Qwen Code is not run without bubblewrap, which does not work here.")
    try:
        return _try(Path(found).resolve(), node)
    except (LookupError, OSError, subprocess.SubprocessError) as error:
        return Unavailable("unusable", f"Qwen Code does not run here: {summarise(_reason(error))}")


def _find_node() -> str | None:
    """The program itself, where what is on the PATH only calls it."""
    node = shutil.which("node") or shutil.which("node", path=f"{sys.prefix}/bin")
    if node is None:
        return None
    asked = subprocess.run([node, "-p", "process.execPath"], capture_output=True, text=True, timeout=_PROBING)
    return asked.stdout.strip() or None


def _try(program: Path, node: str) -> Cli:
    find_package(program)
    version = _ask(program, node, "--version").strip()
    flags = frozenset(_FLAG.findall(_ask(program, node, "--help")))
    if missing := _NEEDED - flags:
        raise LookupError(f"version {version} does not know {', '.join(sorted(missing))}")
    return Cli(program, node, version, flags)


def _ask(program: Path, node: str, flag: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        rooms = Rooms(Path(folder) / "rooms")
        rooms.build()
        command = build_command(rooms, node, program, [flag])
        asked = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=_PROBING, check=True)
        return asked.stdout


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"it did not answer within {_PROBING} seconds"
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else ""
    return said.strip() or str(error)
