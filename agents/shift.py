"""What one owner works with while a build is theirs, and the two ways in which a step breaks off."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable

from agents.events import Event
from agents.host import Host, Means, Stop, Working
from agents.state import State, Tree
from agents.workspace import Workspace

LOOK = 0.25  # seconds between two looks at what a person wants
ALIVE = 5.0  # seconds between two signs of life


class Stopped(Exception):
    """A person does not want to wait for the end of this step."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop)
        self.stop = stop


class Over(Exception):
    """It cannot go on: the best there is is to be kept. With `looks`, what was not checked is checked before."""

    def __init__(self, code: str, message: str, *, looks: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.looks = looks


class Shift:
    """`files` holds the same as `state.files`, but for what the open step has done so far."""

    def __init__(self, state: State, means: Means, host: Host, files: Workspace) -> None:
        self.state = state
        self.means = means
        self.host = host
        self.files = files

    async def emit[Kind: Event](self, event: Kind) -> Kind:
        """What is not kept has not happened."""
        await self.host.journal(event)
        self.state.apply(event)
        return event

    async def attend[Value](self, what: str, work: Awaitable[Value]) -> Value:
        """Do it, and meanwhile look several times a second whether it is still wanted. Raises Stopped.

        Nothing is kept by `emit` in there: it could be cancelled half-way.
        """
        working = asyncio.ensure_future(work)  # noqa: TID251 - awaited here, whatever happens
        begun = shown = time.monotonic()
        try:
            while not (await asyncio.wait({working}, timeout=LOOK))[0]:
                orders = await self.host.read_orders()
                if orders.stop and orders.stop is not Stop.AFTER_STEP:
                    raise Stopped(orders.stop)
                if time.monotonic() - shown >= ALIVE:
                    shown = time.monotonic()
                    self.host.show(Working(what, shown - begun))
            return working.result()
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def fill(self, tree: Tree) -> None:
        self.files.fill({path: await self.host.fetch(content) for path, content in tree.items()})

    async def keep_changes(self, files: Workspace | None = None) -> dict[str, str | None]:
        """How the files, or those of an engine of its own, differ from the state; new contents are kept."""
        before = self.state.files
        contents = (files or self.files).contents()
        changes: dict[str, str | None] = {path: None for path in before if path not in contents}
        for path, content in contents.items():
            if hashlib.sha256(content).hexdigest() != before.get(path):
                changes[path] = await self.host.keep(content)
        return changes
