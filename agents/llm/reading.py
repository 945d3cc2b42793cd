"""A streamed response, read as its reader does: what comes while that is busy, or rests, comes together."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import httpx2
from aiohttp import ClientError, ClientResponse

from agents.llm.sse import EventReader
from agents.llm.waits import Waits


class Reading:
    """The events of one response. Reads past the client's own `aiter_bytes`, whose four generators cost each token
    more than all the rest.
    """

    def __init__(self, response: httpx2.Response, limit: int) -> None:
        """`limit`: bytes of one event."""
        own = _find_own(response)
        self._pieces = None if own else response.aiter_bytes()
        self._read: Callable[[], Awaitable[bytes]] = own.content.readany if own else partial(anext, self._pieces, b"")
        self._connection = own.connection.transport if own and own.connection else None
        self._events = EventReader(limit)
        self._waits = Waits()
        self._is_resting = False

    async def next(self, seconds: float) -> list[bytes]:
        """The next events; none at the end.

        Raises TimeoutError where they do not come in time, Oversized, or what httpx2 raises.
        """
        self._go_on()
        with self._waits.within(seconds):
            try:
                while piece := await self._read():
                    if events := self._events.feed(piece):
                        self._rest(len(events))
                        return events
            except ClientError as error:
                raise httpx2.ReadError(str(error)) from error
        return []

    async def finish(self, seconds: float) -> None:
        """Wait for the end, but not for long: then the connection can be used again."""
        self._go_on()
        with suppress(TimeoutError, ClientError, httpx2.HTTPError, httpx2.StreamError), self._waits.within(seconds):
            await self._read()

    async def aclose(self) -> None:
        self._go_on()
        self._waits.close()
        if self._pieces:
            await self._pieces.aclose()

    def _rest(self, count: int) -> None:
        """A model that is fast: what comes meanwhile is left to the system, as each read costs more than it brings."""
        if self._connection and count > 1:
            self._connection.pause_reading()
            self._is_resting = True

    def _go_on(self) -> None:
        if self._connection and self._is_resting:
            self._connection.resume_reading()
            self._is_resting = False


def _find_own(response: httpx2.Response) -> ClientResponse | None:
    """What aiohttp reads, where nothing has to be unpacked. It tells nobody; without it, each token just costs more."""
    own = getattr(getattr(response.stream, "_stream", None), "_aiohttp_response", None)
    is_plain = "content-encoding" not in response.headers
    return own if is_plain and isinstance(own, ClientResponse) else None
