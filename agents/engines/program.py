"""A running engine: behind its walls, with its gate, watched; and gone with every process of it afterwards."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from agents.engines.cage import Rooms
from agents.engines.gate import Question, open_gate
from agents.engines.lines import Ended, ToolResult, read_line
from agents.memory import memory_of
from agents.sandbox import end_process
from agents.walls import ENVIRONMENT
from agents.wording import summarise

_LONGEST = 64 * 1024 * 1024  # bytes of a line
_MOST_ENTRIES = 5_000  # files and folders
_MOST_DEPTH = 100  # each level is one open file to whoever walks down
_MOST_BYTES = 256 * 1024 * 1024
_MOST_MEMORY = 3 * 1024 * 1024 * 1024
_MOST_SAID = 4_000  # characters
_LOOK = 0.5  # seconds between two looks at what it takes


@dataclass(frozen=True, slots=True)
class Died:
    """The program is gone. Says why, as far as that is known."""

    why: str


type Item = Question | ToolResult | Ended | Died
type Command = Callable[[Path], Sequence[str]]  # given the gate


@asynccontextmanager
async def run_program(command: Command, rooms: Rooms) -> AsyncIterator[asyncio.Queue[Item]]:
    """What it asks, does and says, in order. It reads its prompt from the rooms."""
    inbox: asyncio.Queue[Item] = asyncio.Queue()
    with tempfile.TemporaryDirectory(prefix="playground-gate-") as folder:
        socket = Path(folder) / "gate"
        async with open_gate(socket, inbox.put_nowait):
            process = await _start(command(socket), rooms)
            tasks = [
                asyncio.ensure_future(work)  # noqa: TID251 - awaited below, whatever happens
                for work in (_listen(process, rooms, inbox), _watch(process, rooms, inbox))
            ]
            try:
                yield inbox
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
                await end_process(process)


async def _start(command: Sequence[str], rooms: Rooms) -> asyncio.subprocess.Process:
    prompt, errors = os.open(rooms.prompt, os.O_RDONLY), os.open(rooms.errors, os.O_WRONLY)
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=prompt,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=ENVIRONMENT,  # bubblewrap's own can be read inside, as that of process 1
            start_new_session=True,
            limit=_LONGEST,
        )
    finally:
        os.close(prompt)
        os.close(errors)


async def _listen(process: asyncio.subprocess.Process, rooms: Rooms, inbox: asyncio.Queue[Item]) -> None:
    assert process.stdout
    with suppress(ValueError):  # a line that is too long
        async for line in process.stdout:
            for item in read_line(line):
                inbox.put_nowait(item)
    said = rooms.errors.read_text(errors="replace")[:_MOST_SAID]
    inbox.put_nowait(Died(summarise(said) or "It ended without a word."))


async def _watch(process: asyncio.subprocess.Process, rooms: Rooms, inbox: asyncio.Queue[Item]) -> None:
    """The walls limit neither how much it writes nor how much memory it takes."""
    why = ""
    while not why:
        await asyncio.sleep(_LOOK)
        why = _find_excess(process.pid, rooms.folder)
    inbox.put_nowait(Died(f"It {why} and was ended."))
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _find_excess(pid: int, folder: Path) -> str:
    if memory_of(pid) > _MOST_MEMORY:
        return "took too much memory"
    return "wrote too much" if _is_overgrown(folder) else ""


def _is_overgrown(folder: Path) -> bool:
    entries = size = 0
    try:
        for path, folders, files, descriptor in os.fwalk(folder):
            entries += len(folders) + len(files)
            size += sum(_size_of(name, descriptor) for name in files)
            depth = path.count(os.sep) - str(folder).count(os.sep)
            if entries > _MOST_ENTRIES or size > _MOST_BYTES or depth > _MOST_DEPTH:
                return True
    except OSError:
        return True
    return False


def _size_of(name: str, folder: int) -> int:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_size
    except OSError:  # it is gone
        return 0
