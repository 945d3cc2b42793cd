"""Word between processes that something in a conversation has changed: what, everybody reads from the database.

Redis carries it by publish and subscribe. A process has one connection for all conversations that somebody watches in
it. What is said while that connection is down is lost; hence whoever listens reads again whenever it comes or goes.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from django.db import transaction
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from playground import background

TIMEOUT = 2.0  # seconds that Redis has to answer in
SILENCE = 10.0  # seconds until the connection is asked whether it lives
RECOVER = 1.0  # seconds until the next try to connect

type Wake = Callable[[], None]

logger = logging.getLogger(__name__)


def announce(conversation: str) -> None:
    """Once the transaction is through. Who watches the conversation then reads again how it stands."""
    transaction.on_commit(partial(_publish, conversation))


def _publish(conversation: str) -> None:
    try:
        _publisher(settings.REDIS_URL).publish(_channel(conversation), "")
    except redis.RedisError as error:
        logger.warning("conversation %s: its watchers are not told: %s", conversation, error)


@cache
def _publisher(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)


def _channel(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:news"


class Switchboard:
    """This process's ear. `wake` is called when the conversation has changed, or when anything may have been missed."""

    def __init__(self) -> None:
        self.is_connected = False
        self._wakes: dict[str, Wake] = {}
        self._pubsub: PubSub | None = None
        self._task: asyncio.Task[None] | None = None

    async def listen(self, conversation: str, wake: Wake) -> None:
        """Until it is forgotten. `wake` is called as soon as nothing can be missed any more."""
        self._wakes[conversation] = wake
        if self._task is None or self._task.done():
            self._task = background.spawn(self._run(), name="switchboard")
        elif self._pubsub:
            await self._say(self._pubsub.subscribe, conversation)

    async def forget(self, conversation: str, wake: Wake) -> None:
        if self._wakes.get(conversation) != wake:
            return  # somebody else listens by now
        del self._wakes[conversation]
        if not self._wakes and self._task:
            self._task.cancel()
        elif self._pubsub:
            await self._say(self._pubsub.unsubscribe, conversation)

    async def _say(self, verb: Callable[..., object], conversation: str) -> None:
        try:
            await verb(_channel(conversation))  # type: ignore[misc]  # the stubs leave out that it is awaited
        except (redis.RedisError, OSError):
            if self._pubsub:
                await self._pubsub.aclose()  # type: ignore[no-untyped-call]  # so that the reader notices

    async def _run(self) -> None:
        retry = Retry(NoBackoff(), 0)  # each break is ours to see: what was said meanwhile is lost
        client = redis.asyncio.from_url(
            settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=None, retry=retry
        )
        try:
            while True:
                with suppress(redis.RedisError, OSError, RuntimeError):  # the last: it was closed by `_say`
                    await self._hear(client)
                if self.is_connected:
                    logger.warning("Redis does not answer: watchers of conversations hear of changes later")
                    self.is_connected = False
                    self._wake_all()
                await asyncio.sleep(RECOVER)
        finally:
            self.is_connected = False
            await client.aclose()

    async def _hear(self, client: redis.asyncio.Redis) -> None:
        """Until the connection breaks."""
        pubsub = client.pubsub()
        try:
            await pubsub.subscribe(*map(_channel, self._wakes))
            self._pubsub = pubsub
            is_asked = False
            while True:
                message = await pubsub.get_message(timeout=SILENCE)
                if message is None and is_asked:
                    return
                is_asked = message is None
                if message is None:
                    await pubsub.ping()
                elif message["type"] in ("message", "subscribe"):
                    self.is_connected = True
                    if wake := self._wakes.get(_conversation(message["channel"])):
                        wake()
        finally:
            self._pubsub = None
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    def _wake_all(self) -> None:
        for wake in self._wakes.values():
            wake()


def _conversation(channel: bytes) -> str:
    return channel.decode().split("{")[1].split("}")[0]


_boards: WeakKeyDictionary[asyncio.AbstractEventLoop, Switchboard] = WeakKeyDictionary()


def switchboard() -> Switchboard:
    """The one of the running loop."""
    return _boards.setdefault(asyncio.get_running_loop(), Switchboard())
