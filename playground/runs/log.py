"""The run log in Redis: a stream for each run, whose entry ids are the frames' seqs. Nothing else touches streams.

Beside it stands the model's own text since the latest checkpoint, each piece with the seq of the frames that came of
it: whoever takes a run over goes on from there. A producer that has lost its lease is refused by its fencing number.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.exceptions import NoScriptError, ResponseError
from redis.exceptions import RedisError as RedisError

from playground import background
from playground.protocol import Frame
from playground.runs.lines import Line, line_of, read_line

KEEP_RUNNING = 3600  # seconds without an append after which the log of a run is dropped
KEEP_FINISHED = 300  # a finished run replays from the database
CONNECT_TIMEOUT = 2.0  # seconds
ANSWER_TIMEOUT = 10.0  # seconds; longer than any `wait`
GATHER = 0.005  # seconds between round trips of appends: those that come meanwhile go together

# KEYS: log, fence, text. ARGV: fence, seconds to keep, seq of the latest checkpoint, text, each frame's id and JSON.
# The log is cut behind the checkpoint before: followers find older frames in the database. What a new holder finds
# where it is about to write is from a Redis that was away when the run was claimed, and is not believed.
_APPEND = """
local held = tonumber(redis.call('GET', KEYS[2]) or 0)
if held > tonumber(ARGV[1]) then return redis.error_reply('FENCED by ' .. held) end
if held < tonumber(ARGV[1]) then
  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if last and tonumber(string.match(last[1], '^%d+')) >= tonumber(string.match(ARGV[5], '^%d+')) then
    redis.call('DEL', KEYS[1], KEYS[3])
  end
end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
for at = 5, #ARGV, 2 do redis.call('XADD', KEYS[1], ARGV[at], 'f', ARGV[at + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
local function oldest()
  local first = redis.call('LINDEX', KEYS[3], 0)
  return first and tonumber(string.match(first, '^%d+'))
end
local seq, saved = oldest(), tonumber(ARGV[3])
if seq and seq <= saved then
  redis.call('XTRIM', KEYS[1], 'MINID', seq)
  while seq and seq <= saved do
    redis.call('LPOP', KEYS[3])
    seq = oldest()
  end
end
if ARGV[4] ~= '' then redis.call('RPUSH', KEYS[3], ARGV[#ARGV - 1] .. ' ' .. ARGV[4]) end
redis.call('EXPIRE', KEYS[3], ARGV[2])
"""
# KEYS: fence. ARGV: fence, seconds to keep.
_SHUT_OUT = """
if tonumber(redis.call('GET', KEYS[1]) or 0) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
"""
_SCRIPT = hashlib.sha1(_APPEND.encode(), usedforsecurity=False).hexdigest()  # Redis's name for it

type Redis = redis.asyncio.Redis


class Fenced(Exception):
    """Somebody else has gone on with this log."""


class _Appends:
    """The appends of one loop. Those that come while others are on their way go together: one round trip for all."""

    def __init__(self, client: Redis) -> None:
        self.client = client
        self._waiting: list[tuple[Sequence[Any], asyncio.Future[None]]] = []
        self._is_sending = False

    async def append(self, *arguments: str | int) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arguments, done))
        if not self._is_sending:
            self._is_sending = True
            background.spawn(self._send(), name="log")
        await done

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                answers = await self._execute([arguments for arguments, _done in batch])
                for (_arguments, done), answer in zip(batch, answers, strict=True):
                    if done.cancelled():
                        continue
                    if isinstance(answer, Exception):
                        done.set_exception(answer)
                    else:
                        done.set_result(None)
                await asyncio.sleep(GATHER)
        finally:
            self._is_sending = False

    async def _execute(self, batch: list[Sequence[Any]]) -> list[object]:
        """What Redis answers to each, or why it did not."""
        try:
            answers = await self._evaluate(batch)
            if any(isinstance(answer, NoScriptError) for answer in answers):  # a server that has been started anew
                await self.client.script_load(_APPEND)
                answers = await self._evaluate(batch)
            return answers
        except (RedisError, OSError) as error:
            return [error] * len(batch)

    async def _evaluate(self, batch: list[Sequence[Any]]) -> list[object]:
        async with self.client.pipeline(transaction=False) as pipeline:
            for arguments in batch:
                pipeline.execute_command("EVALSHA", _SCRIPT, 3, *arguments)
            return await pipeline.execute(raise_on_error=False)


_appends: WeakKeyDictionary[asyncio.AbstractEventLoop, _Appends] = WeakKeyDictionary()


def connect() -> Redis:
    """The client of the running loop."""
    return _connect().client


def _connect() -> _Appends:
    loop = asyncio.get_running_loop()
    if loop not in _appends:
        client = redis.asyncio.from_url(
            settings.REDIS_URL, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=ANSWER_TIMEOUT
        )
        _appends[loop] = _Appends(client)
    return _appends[loop]


async def append(run: str, frames: Sequence[Frame], text: str = "", *, fence: int = 0, saved: int = 0) -> list[Line]:
    """One round trip; returns the frames as they travel. `text`: the model's words that they came of. Up to `saved` all
    is in the database.

    Raises RedisError, and Fenced where a later holder of the run has written.
    """
    lines = [line_of(frame) for frame in frames]
    entries = [part for line in lines for part in (f"{line.seq}-0", line.json)]
    keep = KEEP_FINISHED if lines[-1].is_last else KEEP_RUNNING
    keys = (_log_key(run), _fence_key(run), _text_key(run))
    try:
        await _connect().append(*keys, fence, keep, saved, text, *entries)
    except ResponseError as error:
        if str(error).startswith("FENCED"):
            raise Fenced from error
        raise
    return lines


async def shut_out(run: str, fence: int) -> None:
    """From now on no earlier holder writes; what it has written until now, followers may have seen. Raises RedisError.

    Between the two holders, so that the first append of the new one is still known as that.
    """
    arguments = (1, _fence_key(run), fence - 0.5, KEEP_RUNNING)
    await connect().execute_command("EVAL", _SHUT_OUT, *arguments)  # type: ignore[no-untyped-call]


async def read_text(run: str, after: int, upto: int) -> str:
    """The model's words that the frames after `after` up to `upto` came of. Raises RedisError."""
    pieces: list[Any] = await connect().lrange(_text_key(run), 0, -1)
    told = [piece.decode().partition(" ") for piece in pieces]
    return "".join(text for seq, _space, text in told if after < int(seq.removesuffix("-0")) <= upto)


async def read(run: str, after: int, wait: float) -> list[Line]:
    """The frames with `seq > after` that are there; waits up to `wait` seconds for the first. Raises RedisError."""
    block = int(wait * 1000) or None
    answer: list[Any] = await connect().xread({_log_key(run): f"{after}-0"}, count=500, block=block)  # type: ignore[assignment]
    if not answer:
        return []
    ((_, entries),) = answer
    return [read_line(run, int(entry.partition(b"-")[0]), fields[b"f"].decode()) for entry, fields in entries]


def unbroken(lines: Sequence[Line], after: int) -> list[Line]:
    """Those that follow `after` without a gap. A producer may have saved frames that it could not publish."""
    return [line for seq, line in enumerate(lines, after + 1) if line.seq == seq]


async def drop(run: str) -> None:
    """Followers then find in the database what there is. Raises RedisError."""
    await connect().delete(_log_key(run), _text_key(run))


async def exists(run: str) -> bool:
    return bool(await connect().exists(_log_key(run)))


async def request_cancel(run: str) -> None:
    await connect().set(_cancel_key(run), 1, ex=KEEP_RUNNING)


async def find_cancelled(runs: Sequence[str]) -> list[str]:
    """Those of the runs that somebody has asked to cancel. Raises RedisError."""
    flags = await connect().mget([_cancel_key(run) for run in runs])
    return [run for run, flag in zip(runs, flags, strict=True) if flag]


def _log_key(run: str) -> str:
    return f"run:{{{run}}}:log"


def _fence_key(run: str) -> str:
    return f"run:{{{run}}}:fence"


def _text_key(run: str) -> str:
    return f"run:{{{run}}}:text"


def _cancel_key(run: str) -> str:
    return f"run:{{{run}}}:cancel"
