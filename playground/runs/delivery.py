"""Frames of several runs at once, and news of a conversation, for people whose network lets no websocket through:
see `events_api`.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress

from playground import background
from playground.protocol import ConversationNews, Refused, Watch
from playground.runs.audience import Audience
from playground.runs.lines import Line
from playground.runs.models import Run
from playground.runs.veil import follow_veiled

LARGEST = 256 * 1024  # characters of JSON in one answer of a long poll, beyond its last frame
GATHER = 0.05  # seconds to wait, after the first frames, for those of other runs
SILENCE = 5.0  # seconds after which it is said that nothing came

type Message = Line | ConversationNews | Refused
type Messages = asyncio.Queue[list[Message] | Exception | None]
type Batches = asyncio.Queue[list[Line] | Exception | None]


async def follow_all(positions: Mapping[str, int]) -> AsyncGenerator[list[Line]]:
    """`follow_veiled` for each run after its seq, as it comes. Ends when all have ended or were deleted."""
    batches: Batches = asyncio.Queue(maxsize=1)
    tasks = [background.spawn(_pass_on(run, after, batches), name=f"follow {run}") for run, after in positions.items()]
    going = len(tasks)
    try:
        while going:
            match await batches.get():
                case None:
                    going -= 1
                case Exception() as error:
                    raise error
                case lines:
                    yield lines
    finally:
        for task in tasks:
            task.cancel()


async def _pass_on(run: str, after: int, batches: Batches) -> None:
    try:
        with suppress(Run.DoesNotExist):  # deleted while it was followed
            async with aclosing(follow_veiled(run, after)) as own:
                async for lines in own:
                    await batches.put(lines)
    except Exception as error:
        await batches.put(error)
    else:
        await batches.put(None)


async def deliver(
    user_id: int | None, positions: Mapping[str, int], shared: Mapping[str, str], watch: Watch | None
) -> AsyncGenerator[list[Message]]:
    """`follow_all` with the news of a conversation, and an empty list in each silence.

    `shared`: of runs that are not this person's own, the conversations; they end when these are no longer shared.
    """
    messages: Messages = asyncio.Queue(maxsize=1)
    cut: set[str] = set()

    async def tell(message: ConversationNews | Refused) -> None:
        await messages.put([message])

    audience = Audience(user_id, tell, cut.add)
    for conversation in set(shared.values()):
        audience.guard(conversation)
    if watch:
        await audience.watch(watch.conversation, watch.stamp)
    following = background.spawn(_pass_all_on(positions, messages), name="follow")
    going = {shared.get(run, "") for run in positions}  # the person's own are not cut
    try:
        while going - cut or (watch and watch.conversation not in cut):
            batch = await _next(messages)
            if batch is None:
                going.clear()
            else:
                yield [each for each in batch if not (isinstance(each, Line) and shared.get(each.run) in cut)]
    finally:
        following.cancel()
        audience.close()


async def _pass_all_on(positions: Mapping[str, int], messages: Messages) -> None:
    try:
        async with aclosing(follow_all(positions)) as batches:
            async for lines in batches:
                await messages.put([*lines])
    except Exception as error:
        await messages.put(error)
    else:
        await messages.put(None)


async def _next(messages: Messages) -> list[Message] | None:
    """Empty after a silence; None where all runs are over."""
    try:
        async with asyncio.timeout(SILENCE):
            batch = await messages.get()
    except TimeoutError:
        return []
    if isinstance(batch, Exception):
        raise batch
    return batch


def json_of(message: Message) -> str:
    return message.json if isinstance(message, Line) else message.model_dump_json()


async def collect(batches: AsyncGenerator[list[Message]], wait: float) -> list[Message]:
    """What comes next, as soon as there is something; nothing when `wait` seconds are over, or all runs are.

    Of a long replay only the beginning: the caller asks again after the last seq.
    """
    collected: list[Message] = []
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(wait) as limit, aclosing(batches):
            async for messages in batches:
                if messages and not collected:
                    limit.reschedule(asyncio.get_running_loop().time() + GATHER)
                for message in messages:
                    collected.append(message)
                    size += len(json_of(message))
                    if size > LARGEST:
                        return collected
    return collected
