"""Who has a conversation open: in Redis, by a lease that the process renews which the person is connected to."""

from collections.abc import Iterable
from uuid import uuid4

from playground.runs import log

BEAT = 3  # seconds between renewals
LEASE = 8  # seconds without one after which somebody is gone

_PROCESS = uuid4().hex[:8]
# KEYS: people. ARGV: seconds, members. Answers with how many are new, and all who are there.
_RENEW = """
local now = tonumber(redis.call('TIME')[1])
local new = 0
for at = 2, #ARGV do new = new + redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[at]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)
redis.call('EXPIRE', KEYS[1], ARGV[1] * 4)
return {new, redis.call('ZRANGE', KEYS[1], 0, -1)}
"""


async def renew(conversation: str, people: Iterable[int]) -> tuple[set[int], bool]:
    """Say that `people` are here. Returns who is there, in whichever process, and whether somebody of ours is new.

    Raises RedisError.
    """
    members = [f"{_PROCESS}:{person}" for person in sorted(people)]
    script = log.connect().register_script(_RENEW)
    new, present = await script(keys=[f"conversation:{{{conversation}}}:people"], args=[LEASE, *members])
    return {int(member.decode().partition(":")[2]) for member in present}, bool(new)
