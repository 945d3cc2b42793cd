"""The run log in Redis: a stream for each run, whose entry ids are the frames' seqs. Nothing else touches streams.

Beside it stands the model's own text since the latest checkpoint, each piece with the seq of the frames that came of
it: whoever takes a run over goes on from there. A producer that has lost its lease is refused by its fencing number.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError as RedisError
from redis.exceptions import ResponseError

from playground.protocol import Frame

KEEP_RUNNING = 3600  # seconds without an append after which the log of a run is dropped
KEEP_FINISHED = 300  # a finished run replays from the database
CONNECT_TIMEOUT = 2.0  # seconds
ANSWER_TIMEOUT = 10.0  # seconds; longer than any `wait`

# KEYS: log, fence, text. ARGV: fence, seconds to keep, seq of the latest checkpoint, text, each frame's id and JSON.
_APPEND = """
local held = tonumber(redis.call('GET', KEYS[2]) or 0)
if held > tonumber(ARGV[1]) then return redis.error_reply('FENCED by ' .. held) end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
for at = 5, #ARGV, 2 do redis.call('XADD', KEYS[1], ARGV[at], 'f', ARGV[at + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
if ARGV[4] ~= '' then redis.call('RPUSH', KEYS[3], ARGV[#ARGV - 1] .. ' ' .. ARGV[4]) end
local first = redis.call('LINDEX', KEYS[3], 0)
while first and tonumber(string.match(first, '^%d+')) <= tonumber(ARGV[3]) do
  redis.call('LPOP', KEYS[3])
  first = redis.call('LINDEX', KEYS[3], 0)
end
redis.call('EXPIRE', KEYS[3], ARGV[2])
"""

type Redis = redis.asyncio.Redis
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[Redis, AsyncScript]] = WeakKeyDictionary()


class Fenced(Exception):
    """Somebody else has gone on with this log."""


def connect() -> Redis:
    """The client of the running loop."""
    return _connect()[0]


def _connect() -> tuple[Redis, AsyncScript]:
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        client = redis.asyncio.from_url(
            settings.REDIS_URL, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=ANSWER_TIMEOUT
        )
        _clients[loop] = client, client.register_script(_APPEND)
    return _clients[loop]


async def append(run: str, frames: Sequence[Frame], text: str = "", *, fence: int = 0, saved: int = 0) -> None:
    """One round trip. `text`: the model's words that these frames came of; up to `saved` all is in the database.

    Raises RedisError, and Fenced where a later holder of the run has written.
    """
    entries = [part for frame in frames for part in (f"{frame.seq}-0", frame.model_dump_json())]
    keep = KEEP_FINISHED if frames[-1].is_last else KEEP_RUNNING
    _client, script = _connect()
    try:
        keys = [_log_key(run), f"run:{{{run}}}:fence", _text_key(run)]
        await script(keys=keys, args=[fence, keep, saved, text, *entries])
    except ResponseError as error:
        if str(error).startswith("FENCED"):
            raise Fenced from error
        raise


async def read_text(run: str, after: int, upto: int) -> str:
    """The model's words that the frames after `after` up to `upto` came of. Raises RedisError."""
    pieces: list[Any] = await connect().lrange(_text_key(run), 0, -1)
    told = [piece.decode().partition(" ") for piece in pieces]
    return "".join(text for seq, _space, text in told if after < int(seq.removesuffix("-0")) <= upto)


async def read(run: str, after: int, wait: float) -> list[Frame]:
    """The frames with `seq > after` that are there; waits up to `wait` seconds for the first. Raises RedisError."""
    answer: list[Any] = await connect().xread({_log_key(run): f"{after}-0"}, count=500, block=max(1, int(wait * 1000)))  # type: ignore[assignment]
    if not answer:
        return []
    ((_, entries),) = answer
    return [Frame.model_validate_json(fields[b"f"]) for _, fields in entries]


def unbroken(frames: Sequence[Frame], after: int) -> list[Frame]:
    """Those that follow `after` without a gap. A producer may have saved frames that it could not publish."""
    return [frame for seq, frame in enumerate(frames, after + 1) if frame.seq == seq]


async def drop(run: str) -> None:
    """Followers then find in the database what there is. Raises RedisError."""
    await connect().delete(_log_key(run), _text_key(run))


async def exists(run: str) -> bool:
    return bool(await connect().exists(_log_key(run)))


async def request_cancel(run: str) -> None:
    await connect().set(_cancel_key(run), 1, ex=KEEP_RUNNING)


async def is_cancel_requested(run: str) -> bool:
    return bool(await connect().exists(_cancel_key(run)))


def _log_key(run: str) -> str:
    return f"run:{{{run}}}:log"


def _text_key(run: str) -> str:
    return f"run:{{{run}}}:text"


def _cancel_key(run: str) -> str:
    return f"run:{{{run}}}:cancel"
