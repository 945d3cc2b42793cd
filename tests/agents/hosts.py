"""A host in memory: what it keeps outlives the loops that it starts, as a database would."""

import asyncio
import hashlib
import shutil
import tempfile
from pathlib import Path

from agents.engines.choice import engine_for
from agents.events import Began, End, Event, read_event
from agents.host import Means, Message, Orders, Progress, Stop
from agents.state import State, rebuild
from agents.task import Task


class Killed(BaseException):
    """The process is gone."""


class MemoryHost:
    """`kill_at` is the number of the event before whose keeping the process dies."""

    def __init__(self, task: Task) -> None:
        self.lines: list[str] = [Began(task=task).model_dump_json()]
        self.contents: dict[str, bytes] = {}
        self.shown: list[Progress] = []
        self.stop: Stop | None = None
        self.gives_way = False
        self.messages: tuple[Message, ...] = ()
        self.kill_at: int | None = None
        self.folders: list[Path] = []  # of its owners

    async def wait_for(self, kind: str) -> None:
        async with asyncio.timeout(60):
            while all(event.type != kind for event in self.events):  # noqa: ASYNC110 - it is what a host would look at
                await asyncio.sleep(0.02)

    async def journal(self, event: Event) -> None:
        if len(self.lines) == self.kill_at:
            self.kill_at = None
            raise Killed
        self.lines.append(event.model_dump_json())

    async def read_orders(self) -> Orders:
        return Orders(self.stop, self.gives_way, self.messages)

    def show(self, progress: Progress) -> None:
        self.shown.append(progress)

    async def keep(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        self.contents[name] = content
        return name

    async def fetch(self, sha256: str) -> bytes:
        return self.contents[sha256]

    @property
    def events(self) -> list[Event]:
        return [read_event(line) for line in self.lines]

    @property
    def state(self) -> State:
        return rebuild(self.events)

    def put(self, files: dict[str, str]) -> dict[str, str]:
        names = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in files.items()}
        self.contents |= {names[path]: text.encode() for path, text in files.items()}
        return names

    def texts(self, files: dict[str, str]) -> dict[str, str]:
        return {path: self.contents[name].decode() for path, name in files.items()}

    async def run(self, means: Means) -> End:
        """One owner, in a directory of its own."""
        folder = Path(tempfile.mkdtemp(prefix="playground-test-build-"))
        self.folders.append(folder)
        try:
            return await engine_for(self.events, means, self, folder).run()
        finally:
            shutil.rmtree(folder)

    async def run_to_end(self, means: Means) -> End:
        """Whatever kills it, somebody takes over."""
        while True:
            try:
                return await self.run(means)
            except Killed:
                continue
