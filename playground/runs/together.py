"""Watching a conversation together: who is there, what waits, what is written, told to everybody as it changes.

For each conversation that somebody watches in this process there is one `_Room`: it hears of changes (`switchboard`),
reads once how things stand, and leaves that with each watcher, in place of what was there before. So nobody waits for a
slow one, and who was away for a while finds the latest state, not a backlog.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from redis.exceptions import RedisError

from playground import background
from playground.protocol import ConversationNews
from playground.runs.news import State, read_state
from playground.runs.presence import BEAT, renew
from playground.runs.queue import go_on
from playground.runs.switchboard import announce, switchboard

GATHER = 0.05  # seconds in which changes count as one
EAR = 0.5  # seconds to wait until Redis says that it tells us what changes
LOOK = 30.0  # seconds after which a shared conversation is read again in any case
RETRY = 2.0  # … where the database did not answer

logger = logging.getLogger(__name__)


class Watcher:
    """One person's view of a conversation, on one connection. `is_present`: the person has it open."""

    def __init__(self, user_id: int, *, is_present: bool, stamp: str = "") -> None:
        self.user_id = user_id
        self.is_present = is_present
        self.is_out = False  # may not see it any more
        self._stamp = stamp
        self._latest: ConversationNews | None = None
        self._fresh = asyncio.Event()

    async def next(self, wait: float | None = None) -> ConversationNews | None:
        """The next news: the latest, where there were several. None after `wait` seconds, and where `is_out`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._fresh.wait()
        if not self.is_out:
            self._fresh.clear()
        latest, self._latest = self._latest, None
        return None if self.is_out else latest

    def take(self, state: State | None) -> None:
        news = state.tell(self.user_id) if state else None
        if news is None:
            self.is_out = True
        elif news.stamp == self._stamp:
            return
        else:
            self._stamp, self._latest = news.stamp, news
        self._fresh.set()


class _Room:
    """The watchers of one conversation in this process."""

    def __init__(self, conversation: str) -> None:
        self.watchers: set[Watcher] = set()
        self._conversation = conversation
        self._state: State | None = None
        self._dirty = asyncio.Event()
        self._present: set[int] = set()
        self._read_at = 0.0
        self._task = background.spawn(self._run(), name=f"watch {conversation}")

    def add(self, watcher: Watcher) -> None:
        self.watchers.add(watcher)
        self._dirty.set()

    def close(self) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        board = switchboard()
        await board.listen(self._conversation, self._dirty.set)
        try:
            self._dirty.clear()
            await self._wait(EAR)  # else what changes while we begin to listen would be missed
            while True:
                self._dirty.clear()
                await self._refresh(is_due=True)
                while not await self._wait(self._patience(board.is_connected)):
                    await self._refresh(is_due=not board.is_connected or self._age() > LOOK)
                await asyncio.sleep(GATHER)
        finally:
            await board.forget(self._conversation, self._dirty.set)

    async def _wait(self, seconds: float | None) -> bool:
        """Whether something has changed before so many seconds are over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._dirty.wait()
        return self._dirty.is_set()

    def _patience(self, is_connected: bool) -> float | None:
        """Where nobody else may come, and we are told what changes, there is nothing to look for."""
        if self._state is None:
            return RETRY
        return None if is_connected and not self._state.is_shared else BEAT

    def _age(self) -> float:
        return asyncio.get_running_loop().time() - self._read_at

    async def _refresh(self, *, is_due: bool) -> None:
        """Renew the leases of those who are here. Where it is due, or people came or went, read how things stand."""
        before = self._present
        is_new = await self._renew()
        if not is_due and self._present == before:
            return
        try:
            state = await database_sync_to_async(read_state)(self._conversation, self._present)
        except Exception:
            logger.exception("conversation %s: how it stands cannot be read", self._conversation)
            self._state = None
            return
        self._state, self._read_at = state, asyncio.get_running_loop().time()
        for watcher in self.watchers:
            watcher.take(state)
        if state and state.is_shared and is_new:  # others are told; alone, there is nobody to tell
            await database_sync_to_async(announce)(self._conversation)
        if state and state.is_stalled:
            background.spawn(go_on(self._conversation), name=f"queue of {self._conversation}")

    async def _renew(self) -> bool:
        """Whether somebody of ours is new."""
        ours = {watcher.user_id for watcher in self.watchers if watcher.is_present and not watcher.is_out}
        try:
            self._present, is_new = await renew(self._conversation, ours)
        except RedisError:
            self._present, is_new = ours, False
        return is_new


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Room]] = WeakKeyDictionary()


@asynccontextmanager
async def watching(conversation: str, watcher: Watcher) -> AsyncIterator[Watcher]:
    """The watcher is told what is new, as long as the block lasts."""
    rooms = _rooms.setdefault(asyncio.get_running_loop(), {})
    room = rooms.get(conversation)
    if room is None:
        room = rooms[conversation] = _Room(conversation)
    room.add(watcher)
    try:
        yield watcher
    finally:
        room.watchers.discard(watcher)
        if not room.watchers and rooms.get(conversation) is room:
            del rooms[conversation]
            room.close()
