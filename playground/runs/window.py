"""How much a connection has been sent that its browser has not taken in yet.

The server takes whatever it is given to send, and keeps it until the network takes it: behind a slow network all of a
long answer. A browser that tells what it has seen is sent no more than it can take; meanwhile nothing is kept for it,
and then it gets all that it has missed together.
"""

import asyncio
from collections import deque

LIMIT = 512 * 1024  # characters on their way


class Window:
    """Of one followed run."""

    def __init__(self) -> None:
        self._sent: deque[tuple[int, int]] = deque()  # seq and size
        self._size = 0
        self._room = asyncio.Event()
        self._room.set()

    def send(self, seq: int, size: int) -> None:
        """A message that ends with frame `seq` is on its way."""
        self._sent.append((seq, size))
        self._size += size
        if self._size > LIMIT:
            self._room.clear()

    def see(self, seq: int) -> None:
        """The browser has everything up to `seq`."""
        while self._sent and self._sent[0][0] <= seq:
            self._size -= self._sent.popleft()[1]
        if self._size <= LIMIT:
            self._room.set()

    async def wait(self) -> None:
        """Until something may be sent."""
        await self._room.wait()
