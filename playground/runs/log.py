"""The run log in Redis: a stream for each run, whose entry ids are the frames' seqs. Nothing else touches streams.

With the last frame of each stretch stands the model's own text that the stretch came of: whoever takes a run over goes
on from there. A producer that has lost its lease is refused by its fencing number.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.connection import HiredisRespSerializer
from redis.exceptions import NoScriptError
from redis.exceptions import RedisError as RedisError

from playground.runs.lines import Line, read_line

KEEP_RUNNING = 3600  # seconds without an append after which the log of a run is dropped
KEEP_FINISHED = 15  # until those who read along have its end; from then on a finished run replays from the database
CONNECT_TIMEOUT = 2.0  # seconds
ANSWER_TIMEOUT = 10.0  # seconds; longer than any `wait`

# Appends to several logs. KEYS: log and fence of each. ARGV: seconds to keep a fence; then for each: fence, seconds to
# keep the log, seq to cut up to (-1: nothing is cut), text, number of frames, and of each frame the seq and the JSON.
# Answers those that are fenced off.
# What a new holder finds where it is about to write is from a Redis that was away when the run was claimed, and is not
# believed. Expiry is set when something is cut, which is every few seconds: a command costs more than what it does.
_APPEND = """
local fenced, at = {}, 2
for number = 1, #KEYS, 2 do
  local log, fence = KEYS[number], KEYS[number + 1]
  local own, cut, last = tonumber(ARGV[at]), tonumber(ARGV[at + 2]), at + 3 + 2 * ARGV[at + 4]
  local held = tonumber(redis.call('GET', fence) or -1)
  if held > own then
    table.insert(fenced, log)
  else
    if held < own then
      local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
      if newest and tonumber(string.match(newest[1], '^%d+')) >= tonumber(ARGV[at + 5]) then redis.call('DEL', log) end
    end
    for frame = at + 5, last - 2, 2 do redis.call('XADD', log, ARGV[frame], 'f', ARGV[frame + 1]) end
    redis.call('XADD', log, ARGV[last], 'f', ARGV[last + 1], 't', ARGV[at + 3])
    if cut >= 0 then redis.call('XTRIM', log, 'MINID', cut + 1) end
    if cut >= 0 or held < own then
      redis.call('SET', fence, ARGV[at], 'EX', ARGV[1])
      redis.call('EXPIRE', log, ARGV[at + 1])
    end
  end
  at = last + 2
end
return fenced
"""
# KEYS: fence. ARGV: fence, seconds to keep.
_SHUT_OUT = """
if tonumber(redis.call('GET', KEYS[1]) or 0) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
"""
_SCRIPT = hashlib.sha1(_APPEND.encode(), usedforsecurity=False).hexdigest()  # Redis's name for it

type Redis = redis.asyncio.Redis


@dataclass(slots=True)
class Append:
    """Lines that go on with a run's log, and the model's words that they came of. The lines up to `cut` are dropped:
    followers find them in the database.
    """

    run: str
    lines: Sequence[Line]
    text: str = ""
    fence: int = 0
    cut: int = -1


class _Connection(redis.asyncio.Connection):
    """Packs commands in C, as the synchronous client does: one with the lines of two hundred answers is long."""

    _serializer = HiredisRespSerializer()

    def pack_command(self, *args: Any) -> list[bytes]:
        packed: list[bytes] = self._serializer.pack(*args)
        return packed


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


def connect() -> Redis:
    """The client of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = redis.asyncio.from_url(
            settings.REDIS_URL,
            connection_class=_Connection,  # where the URL asks for no other: TLS, or a Unix socket
            socket_connect_timeout=CONNECT_TIMEOUT,
            socket_timeout=ANSWER_TIMEOUT,
        )
    return _clients[loop]


async def append(*appends: Append) -> set[str]:
    """One round trip for all. Returns the runs on whose logs a later holder has written: nothing was added to these.

    Raises RedisError.
    """
    keys: list[str] = []
    arguments: list[str | int] = [KEEP_RUNNING]
    for each in appends:
        keys += _log_key(each.run), _fence_key(each.run)
        keep = KEEP_FINISHED if each.lines[-1].is_last else KEEP_RUNNING
        arguments += each.fence, keep, each.cut, each.text, len(each.lines)
        for line in each.lines:
            arguments += line.seq, line.json
    try:
        fenced = await _execute("EVALSHA", _SCRIPT, len(keys), *keys, *arguments)
    except NoScriptError:  # a server that has been started anew
        fenced = await _execute("EVAL", _APPEND, len(keys), *keys, *arguments)
    logs = {key.decode() for key in fenced}
    return {each.run for each, key in zip(appends, keys[::2], strict=True) if key in logs}


async def _execute(*command: str | int) -> list[bytes]:
    answer: list[bytes] = await connect().execute_command(*command)  # type: ignore[no-untyped-call]
    return answer


async def shut_out(run: str, fence: int) -> None:
    """From now on no earlier holder writes; what it has written until now, followers may have seen. Raises RedisError.

    Between the two holders, so that the first append of the new one is still known as that.
    """
    arguments = (1, _fence_key(run), fence - 0.5, KEEP_RUNNING)
    await connect().execute_command("EVAL", _SHUT_OUT, *arguments)  # type: ignore[no-untyped-call]


async def read_text(run: str, after: int, upto: int) -> str:
    """The model's words that the frames after `after` up to `upto` came of. Raises RedisError."""
    entries: Any = await connect().xrange(_log_key(run), f"{after + 1}-0", f"{upto}-0")
    return "".join(fields.get(b"t", b"").decode() for _entry, fields in entries)


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
    await connect().delete(_log_key(run))


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


def _cancel_key(run: str) -> str:
    return f"run:{{{run}}}:cancel"
