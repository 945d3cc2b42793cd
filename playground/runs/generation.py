"""The generation task: asks the model, appends what comes to the log, saves the version. It outlives every socket."""

import asyncio
import logging
from contextlib import aclosing

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from agents.errors import ProviderError
from agents.llm.tokens import request_tokens
from agents.llm.types import ChatRequest, Provider, Reasoning, Text
from playground.errors import PlaygroundError
from playground.gateway.services import provider_for
from playground.logs import of_run
from playground.metrics import DURATION, FIRST_TOKEN
from playground.protocol import ContextCondensed, Problem
from playground.runs import conclusion, tails
from playground.runs.answer import Answer, GoesOn
from playground.runs.checkpoints import load_answer
from playground.runs.condensing import Beginning, condense, find_overflow
from playground.runs.handover import handover
from playground.runs.leases import release
from playground.runs.models import Run
from playground.runs.pace import pace
from playground.runs.patience import patiently
from playground.runs.prompting import base_texts, build_request
from playground.runs.rounds import Written, rounds
from playground.runs.segments import Ending, Segments
from playground.runs.writer import LogWriter

_WORDS = (Text, Reasoning)

logger = logging.getLogger(__name__)


async def generate(run: Run, writer: LogWriter, received: str = "") -> None:
    """Carry `run` to its end. The caller has put run.started into the log.

    `received`: the model's words of which the log up to now came, where an earlier holder of the run has begun.
    """
    with of_run(run.pk), pace.joined():
        logger.info("run begins: %s, %s", run.kind, run.model_name)
        try:
            await _generate(run, writer, received)
        finally:
            tails.starve(run.pk)


async def _generate(run: Run, writer: LogWriter, received: str) -> None:
    answer = Answer(writer, {})
    try:
        base = await patiently(base_texts, run)
        answer = Answer(writer, base)
        request = await patiently(build_request, run)
        if received:
            answer.receive(received)
            writer.forget()  # the log tells it already
        elif run.beginning:
            answer.receive(run.beginning)
        elif run.continues_id:
            answer.receive(await patiently(load_answer, run.continues_id))
        ending = await _keep_up(run, writer, answer, request)
    except Exception:
        logger.exception("run failed")
        ending = Ending(problem=conclusion.internal_error())
    if ending.is_handed_over:
        await _hand_over(run, writer)
        return
    answer.close()
    await writer.flush()
    last = await patiently(conclusion.conclude, run, writer, answer, reason=ending.reason, problem=ending.problem)
    await writer.publish(last)
    if last.lines:
        _note_end(run, answer, ending)


def _note_end(run: Run, answer: Answer, ending: Ending) -> None:
    status = conclusion.status_of(ending.reason, ending.problem)
    seconds = (timezone.now() - run.created_at).total_seconds()
    usage = answer.usage
    if answer.began_at and not run.fence:
        FIRST_TOKEN.observe((answer.began_at - run.created_at).total_seconds())
    DURATION.labels(status).observe(seconds)
    code = f" ({ending.problem.code})" if ending.problem else ""
    logger.info(
        "run ends: %s%s, %.1f s, %d + %d tokens", status, code, seconds, usage.input_tokens, usage.output_tokens
    )


async def _hand_over(run: Run, writer: LogWriter) -> None:
    """Leave the run to whoever claims it next."""
    await writer.flush()
    await patiently(conclusion.checkpoint, [(run, writer.take_unsaved())])
    await patiently(release, run)


async def _keep_up(run: Run, writer: LogWriter, answer: Answer, request: ChatRequest) -> Ending:
    """Receive the answer; the process's rounds publish it meanwhile, look for cancels and checkpoint."""
    async with asyncio.TaskGroup() as group:
        receiving = group.create_task(_receive(run, writer, answer, request))
        handover.join(receiving)
        async with rounds().joined(Written(run, writer, receiving)):
            await asyncio.wait({receiving})
    if receiving.cancelled():
        return Ending(reason="cancelled", is_handed_over=handover.is_draining)
    return receiving.result()


async def _receive(run: Run, writer: LogWriter, answer: Answer, request: ChatRequest) -> Ending:
    """The whole answer, in as many requests as it takes."""
    assert run.model
    try:
        provider = provider_for(run.model)
        if beginning := await database_sync_to_async(find_overflow)(run, request):
            request = await _condense(run, writer, answer, beginning, provider)
        answer.prompt_tokens = request_tokens(request)
        segments = Segments(request, settings.ANSWER_TOKENS, is_capped="max_tokens" in run.sampling)
        if answer.text:
            request = await segments.resume(provider, answer, _why(run))
        while True:
            ending = await _receive_segment(provider, answer, request)
            step = await segments.next(provider, answer, ending)
            if step is None:
                return ending
            request = step
    except PlaygroundError as error:
        return Ending(problem=error.problem())


def _why(run: Run) -> GoesOn:
    if run.fence:
        return "resume"
    return "branch" if run.beginning else "continue"


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
                if isinstance(part, _WORDS):  # what comes meanwhile comes together
                    await pace.rest()
    except ProviderError as error:
        return Ending(problem=_problem(error))
    return Ending(reason=answer.reason or "stop")


def _problem(error: ProviderError) -> Problem:
    return Problem(code=error.code, message=error.message, retryable=error.retryable, retry_after=error.retry_after)
