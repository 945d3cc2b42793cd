"""The generation task: asks the model, appends what comes to the log, saves the version. It outlives every socket."""

import asyncio
import contextlib
import logging
from contextlib import aclosing

from channels.db import database_sync_to_async
from django.conf import settings

from agents.errors import ProviderError
from agents.llm.types import ChatRequest, Provider, Text
from playground.errors import PlaygroundError
from playground.gateway.services import provider_for
from playground.protocol import ContextCondensed, Problem
from playground.runs import conclusion, log
from playground.runs.answer import Answer
from playground.runs.checkpoints import load_answer
from playground.runs.condensing import Beginning, condense, find_overflow
from playground.runs.models import Run
from playground.runs.prompting import base_texts, build_request
from playground.runs.segments import Ending, Segments
from playground.runs.tokens import request_tokens
from playground.runs.writer import LogWriter

FLUSH = 0.03  # seconds between writes to the log while text comes; the first text goes out at once
LOOK = 0.25  # seconds between looks at the cancel flag
CHECKPOINT = 2.0  # seconds between checkpoints; a crash loses at most this much

logger = logging.getLogger(__name__)


async def generate(run: Run, writer: LogWriter) -> None:
    """Carry `run` from its start to its end. The caller has put run.started into the log."""
    answer: Answer | None = None
    try:
        base = await database_sync_to_async(base_texts)(run)
        answer = Answer(writer, base)
        request = await database_sync_to_async(build_request)(run)
        if run.continues_id:
            answer.take(Text(await database_sync_to_async(load_answer)(run.continues_id)))
        ending = await _keep_up(run, writer, answer, request)
    except Exception:
        logger.exception("run %s failed", run.pk)
        answer = answer or Answer(writer, {})
        ending = Ending(problem=conclusion.internal_error())
    answer.close()
    await writer.flush()
    frames = await database_sync_to_async(conclusion.conclude)(
        run, writer, answer, reason=ending.reason, problem=ending.problem
    )
    await writer.publish(frames)


async def _keep_up(run: Run, writer: LogWriter, answer: Answer, request: ChatRequest) -> Ending:
    """Receive the answer, and beside it write the log, look for a cancel, renew the lease and checkpoint."""
    async with asyncio.TaskGroup() as group:
        receiving = group.create_task(_receive(run, writer, answer, request))
        group.create_task(_write(writer, receiving))
        group.create_task(_watch(run, receiving))
        group.create_task(_checkpoint(run, writer, answer, receiving))
    return Ending(reason="cancelled") if receiving.cancelled() else receiving.result()


async def _receive(run: Run, writer: LogWriter, answer: Answer, request: ChatRequest) -> Ending:
    """The whole answer, in as many requests as it takes."""
    assert run.model
    try:
        provider = provider_for(run.model)
        if beginning := await database_sync_to_async(find_overflow)(run, request):
            request = await _condense(run, writer, answer, beginning, provider)
        answer.prompt_tokens = request_tokens(request)
        segments = Segments(request, settings.ANSWER_TOKENS, is_capped="max_tokens" in run.sampling)
        if run.continues_id:
            request = await segments.resume(provider, answer)
        while True:
            ending = await _receive_segment(provider, answer, request)
            step = await segments.next(provider, answer, ending)
            if step is None:
                return ending
            request = step
    except PlaygroundError as error:
        return Ending(problem=error.problem())


async def _condense(
    run: Run, writer: LogWriter, answer: Answer, beginning: Beginning, provider: Provider
) -> ChatRequest:
    condensation, usages = await condense(run, beginning, provider)
    for usage in usages:
        answer.take(usage)
    writer.add(ContextCondensed(upto=beginning.upto.pk, runs=condensation.runs))
    return await database_sync_to_async(build_request)(run)


async def _receive_segment(provider: Provider, answer: Answer, request: ChatRequest) -> Ending:
    try:
        async with aclosing(provider.stream(request)) as parts:
            async for part in parts:
                answer.take(part)
    except ProviderError as error:
        return Ending(problem=_problem(error))
    return Ending(reason=answer.reason or "stop")


async def _write(writer: LogWriter, receiving: asyncio.Task[Ending]) -> None:
    while not receiving.done():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await writer.dirty.wait()
        await writer.flush()
        await asyncio.sleep(FLUSH)


async def _watch(run: Run, receiving: asyncio.Task[Ending]) -> None:
    while not receiving.done():
        await asyncio.wait({receiving}, timeout=LOOK)
        if await _is_cancel_requested(run):
            receiving.cancel()
            return


async def _is_cancel_requested(run: Run) -> bool:
    try:
        return await log.is_cancel_requested(run.pk)
    except log.RedisError:
        return await database_sync_to_async(conclusion.is_cancel_requested)(run)


async def _checkpoint(run: Run, writer: LogWriter, answer: Answer, receiving: asyncio.Task[Ending]) -> None:
    while not receiving.done():
        await asyncio.wait({receiving}, timeout=CHECKPOINT)
        if not receiving.done() and not await database_sync_to_async(conclusion.checkpoint)(run, writer, answer):
            receiving.cancel()  # somebody else has closed the run


def _problem(error: ProviderError) -> Problem:
    return Problem(code=error.code, message=error.message, retryable=error.retryable, retry_after=error.retry_after)
