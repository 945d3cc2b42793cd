"""The run log in Redis: a stream for each run, whose entry ids are the frames' seqs. Nothing else touches streams.

Redis refuses an id that is not above the last one, so a stale producer cannot write into a log that somebody else has
gone on with.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError as RedisError

from playground.protocol import Frame

KEEP_RUNNING = 3600  # seconds without an append after which the log of a run is dropped
KEEP_FINISHED = 300  # a finished run replays from the database
CONNECT_TIMEOUT = 2.0  # seconds
ANSWER_TIMEOUT = 10.0  # seconds; longer than any `wait`

type Redis = redis.asyncio.Redis
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


def connect() -> Redis:
    """The client of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = redis.asyncio.from_url(
            settings.REDIS_URL, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=ANSWER_TIMEOUT
        )
    return _clients[loop]


async def append(run: str, frames: Sequence[Frame]) -> None:
    """One round trip. Raises RedisError."""
    pipeline = connect().pipeline(transaction=False)
    for frame in frames:
        pipeline.xadd(_log_key(run), {"f": frame.model_dump_json()}, id=f"{frame.seq}-0")
    pipeline.expire(_log_key(run), KEEP_FINISHED if frames[-1].is_last else KEEP_RUNNING)
    await pipeline.execute()


async def read(run: str, after: int, wait: float) -> list[Frame]:
    """The frames with `seq > after` that are there; waits up to `wait` seconds for the first. Raises RedisError."""
    answer: list[Any] = await connect().xread({_log_key(run): f"{after}-0"}, count=500, block=max(1, int(wait * 1000)))  # type: ignore[assignment]
    if not answer:
        return []
    ((_, entries),) = answer
    return [Frame.model_validate_json(fields[b"f"]) for _, fields in entries]


async def exists(run: str) -> bool:
    return bool(await connect().exists(_log_key(run)))


async def request_cancel(run: str) -> None:
    await connect().set(_cancel_key(run), 1, ex=KEEP_RUNNING)


async def is_cancel_requested(run: str) -> bool:
    return bool(await connect().exists(_cancel_key(run)))


def _log_key(run: str) -> str:
    return f"run:{run}:log"


def _cancel_key(run: str) -> str:
    return f"run:{run}:cancel"
