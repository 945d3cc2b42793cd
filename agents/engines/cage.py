"""The walls that an engine works behind: its own two folders can be written, and one socket leads out, to the gate."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.browser.finding import find_bubblewrap
from agents.walls import build_walls

WORK = "/work"
HOME = "/tmp/home"
PORT = 8000  # of the loopback device inside, where the model seems to be
_NODE, _PACKAGE, _FORWARDER, _GATE = "/opt/node", "/opt/engine", "/opt/forwarder.mjs", "/opt/gate"
_TEMPORARY = 256 * 1024 * 1024  # bytes of its /tmp
# Seconds of processor time of a process, processes, blocks of a file, no core files.
_LIMITED = 'ulimit -t 3600; ulimit -p 512; ulimit -f 131072; ulimit -c 0; exec "$@"'


@dataclass(frozen=True, slots=True)
class Rooms:
    """Folders of one run of an engine, outside of the walls."""

    folder: Path

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def people(self) -> Path:
        return self.folder / "passwd"

    @property
    def prompt(self) -> Path:
        return self.folder / "prompt"

    @property
    def errors(self) -> Path:
        return self.folder / "errors"

    def build(self, prompt: str = "") -> None:
        self.work.mkdir(parents=True)
        self.home.mkdir()
        self.prompt.write_text(prompt, encoding="utf-8")
        self.errors.touch()
        self.people.write_text(f"builder:x:{os.getuid()}:{os.getgid()}::{HOME}:/bin/sh\n")  # Node asks who it is


def build_command(
    rooms: Rooms, node: str, program: Path, arguments: Sequence[str], gate: Path | None = None, **variables: str
) -> list[str]:
    """`program` is a script of a Node package, which can be read as a whole. Without a gate it reaches nobody."""
    package = find_package(program)
    walls = [*build_walls(), "--size", str(_TEMPORARY), "--tmpfs", "/tmp"]
    walls += ["--bind", str(rooms.home), HOME, "--bind", str(rooms.work), WORK, "--chdir", WORK]
    walls += ["--ro-bind", str(rooms.people), "/etc/passwd"]
    walls += ["--ro-bind", node, _NODE, "--ro-bind", str(package), _PACKAGE]
    for name, value in variables.items():
        walls += ["--setenv", name, value]
    inside = [_NODE, f"{_PACKAGE}/{program.relative_to(package)}", *arguments]
    if gate:
        forwarder = Path(__file__).parent / "forwarder.mjs"
        walls += ["--ro-bind", str(forwarder), _FORWARDER, "--ro-bind", str(gate), _GATE]
        inside = [_NODE, _FORWARDER, _GATE, str(PORT), *inside]
    return [find_bubblewrap() or "bwrap", *walls, "/bin/sh", "-c", _LIMITED, "sh", *inside]


def find_package(program: Path) -> Path:
    """The folder with the package.json. Raises LookupError."""
    for folder in program.parents:
        if (folder / "package.json").is_file():
            return folder
    raise LookupError(f"{program} belongs to no Node package")
