"""Commands behind walls: they read the build's files, and reach nothing else.

They write none of them: what a command did to a file would be in no journal. `/tmp` is theirs, and gone afterwards.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agents.browser.finding import find_bubblewrap
from agents.walls import ENVIRONMENT, build_walls

MAX_OUTPUT = 1024 * 1024  # bytes; a command that writes more is ended
_PROBING = 10  # seconds
_HERE = "/work"
_TEMPORARY = 64 * 1024 * 1024  # bytes of its /tmp
# Kilobytes of address space (Node wants more than 2 GB), seconds of processor time, processes, no core files.
_LIMITED = 'ulimit -v 6291456; ulimit -t 120; ulimit -p 256; ulimit -c 0; exec "$@"'
# Each line is something that must not work.
_ATTEMPTS = """
grep -q : /proc/net/dev && [ "$(grep -c : /proc/net/dev)" != 1 ] && exit 1
[ -e "$1" ] && exit 2
touch /usr/canary 2>/dev/null && exit 3
touch canary 2>/dev/null && exit 4
exit 0
"""


@dataclass(frozen=True, slots=True)
class Output:
    """`code` is None where it was ended: after its time, or for what it wrote."""

    code: int | None
    text: str
    why: str = ""


@cache
def probe() -> bool:
    """Whether commands can be locked in here. Tried for real, once a process."""
    if find_bubblewrap() is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary"
        canary.touch()
        command = _command(Path(folder) / "empty", ["/bin/sh", "-c", _ATTEMPTS, "sh", str(canary)])
        (Path(folder) / "empty").mkdir()
        try:
            return subprocess.run(command, capture_output=True, env=ENVIRONMENT, timeout=_PROBING).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False


async def run_command(arguments: Sequence[str], root: Path, seconds: float) -> Output:
    """Nothing of it is left afterwards, also where this is cancelled."""
    process = await asyncio.create_subprocess_exec(
        *_command(root, arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=ENVIRONMENT,  # bubblewrap's own can be read inside, as that of process 1
        start_new_session=True,
    )
    assert process.stdout
    output = bytearray()
    why = ""
    try:
        async with asyncio.timeout(seconds):
            while len(output) <= MAX_OUTPUT and (piece := await process.stdout.read(65536)):
                output += piece
            if len(output) > MAX_OUTPUT:
                why = "It wrote too much and was ended."
            else:
                await process.wait()
    except TimeoutError:
        why = f"It did not end within {seconds:g} seconds and was ended."
    finally:
        await end_process(process)
    return Output(None if why else process.returncode, output[:MAX_OUTPUT].decode(errors="replace"), why)


async def end_process(process: asyncio.subprocess.Process) -> None:
    """With bubblewrap goes the namespace, and with it every process in it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.communicate()  # the rest of its output, too: `wait` alone waits for ever for somebody to read it


def _command(root: Path, arguments: Sequence[str]) -> list[str]:
    bubblewrap = find_bubblewrap() or "bwrap"
    walls = [*build_walls(), "--size", str(_TEMPORARY), "--tmpfs", "/tmp", "--dir", "/tmp/home"]
    walls += ["--ro-bind", str(root), _HERE, "--chdir", _HERE]
    return [bubblewrap, *walls, "/bin/sh", "-c", _LIMITED, "sh", *arguments]
