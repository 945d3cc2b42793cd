"""A step of the model: ask it, and keep what it answers."""

import asyncio
import random
import time

from agents.budget import TIGHT, find_exhausted
from agents.conversation import build_request, condense, is_full
from agents.errors import ProviderError
from agents.events import Answered, Asked, Call, Paused, Refused, Tokens, Warned
from agents.host import Writing
from agents.llm.answers import Answer, read_answer
from agents.llm.tokens import estimate_tokens, request_tokens
from agents.llm.types import Calling, ChatRequest, Reasoning, Text
from agents.prompts import read_prompt
from agents.shift import Over, Shift
from agents.showing import show_page
from agents.tools import ENDING, choose_tools
from agents.wording import MAX_RESULT, clean, shorten

REFUSALS = 6  # in a row, after which it pauses
LONGEST_WAIT = 120.0  # seconds; longer is a pause
OVERFLOWS = 3  # in a row


type Exchanged = tuple[Answer, Answered]  # as it came, and as it is kept


async def ask(shift: Shift) -> Paused | None:
    """Raises Over, Stopped."""
    await warn_of_budget(shift)
    request = _request(shift)
    if is_full(shift.state, request) and (condensed := condense(shift.state, request)):
        await shift.emit(condensed)
        request = _request(shift)
    try:
        exchanged = await exchange(shift, await show_page(shift, request))
    except ProviderError as error:
        condensed = condense(shift.state, request) if shift.state.overflows <= OVERFLOWS else None
        if condensed is None:
            raise Over("model", error.message) from error
        await shift.emit(condensed)
        return None
    if exchanged is None or isinstance(exchanged, Paused):
        return exchanged
    answer, _ = exchanged
    if not answer.calls:
        rule = "too_long" if answer.is_too_long else "cut" if answer.is_cut else "no_call"
        await shift.emit(Warned(rule=rule, text=read_prompt(rule, max_output=shift.state.task.max_output)))
    return None


async def exchange(shift: Shift, request: ChatRequest) -> Exchanged | Paused | None:
    """None: not answered now, and to be asked again. Raises Over, Stopped; ProviderError where it is too long."""
    asked = await shift.emit(Asked(step=shift.state.step + 1, tokens=request_tokens(request)))
    begun = time.monotonic()
    try:
        answer = await shift.attend("model", _read(shift, request))
    except ProviderError as error:
        return await _take_refusal(shift, error, time.monotonic() - begun)
    return answer, await shift.emit(_answered(shift, asked, answer, time.monotonic() - begun))


async def warn_of_budget(shift: Shift) -> None:
    tight = find_exhausted(shift.state.spent, shift.state.task.limits, TIGHT)
    if tight and "budget" not in shift.state.warned:
        await shift.emit(Warned(rule="budget", text=read_prompt("budget", what=tight.replace("_", " "))))


def _request(shift: Shift) -> ChatRequest:
    is_tight = find_exhausted(shift.state.spent, shift.state.task.limits, TIGHT)
    tools = [tool for name, tool in choose_tools(shift.means).items() if not is_tight or name in ENDING]
    return build_request(shift.state, [tool.declaration for tool in tools])


async def _read(shift: Shift, request: ChatRequest) -> Answer:
    step = shift.state.step + 1

    def show(part: Text | Reasoning | Calling) -> None:
        match part:
            case Calling(name=name, arguments=text):
                shift.host.show(Writing(step, name, text))
            case Text(text=text) | Reasoning(text=text):
                shift.host.show(Writing(step, "", clean(text), isinstance(part, Reasoning)))

    return await read_answer(shift.means.provider, request, show)


def _answered(shift: Shift, asked: Asked, answer: Answer, seconds: float) -> Answered:
    """The calls get ids of our own, nine letters and digits as the strictest servers want: theirs may lack."""
    calls = tuple(
        Call(id=f"s{asked.step:05d}{number:03d}", name=call.name, arguments=call.arguments, trouble=call.trouble)
        for number, call in enumerate(answer.calls)
    )
    tokens = _tokens(asked, answer)
    prices = shift.state.task.prices
    return Answered(
        step=asked.step,
        text=shorten(clean(answer.text), MAX_RESULT),
        reasoning=shorten(clean(answer.reasoning), MAX_RESULT),
        calls=calls,
        is_cut=answer.is_cut or answer.is_too_long,
        tokens=tokens,
        cost=(tokens.input * prices.input + tokens.output * prices.output) / 1_000_000 if prices else None,
        seconds=seconds,
    )


def _tokens(asked: Asked, answer: Answer) -> Tokens:
    if answer.tokens:
        return Tokens(input=answer.tokens.input_tokens, output=answer.tokens.output_tokens)
    written = [answer.text, answer.reasoning, *(str(call.arguments) for call in answer.calls)]
    return Tokens(input=asked.tokens, output=sum(map(estimate_tokens, written)), is_estimate=True)


async def _take_refusal(shift: Shift, error: ProviderError, seconds: float) -> Paused | None:
    """Ask again later, or not at all."""
    wait = _wait_after(error, shift.state.refusals)
    step = shift.state.step + 1
    await shift.emit(Refused(step=step, code=error.code, message=error.message, wait=wait, seconds=seconds))
    if error.code == "context_overflow":
        raise error
    if wait is not None:
        await shift.attend("waiting", asyncio.sleep(wait))
    elif error.retryable:
        return await shift.emit(Paused(reason="model", message=error.message, wait=error.retry_after))
    else:
        raise Over("model", error.message)
    return None


def _wait_after(error: ProviderError, refusals: int) -> float | None:
    """Seconds; None where it is not asked again for now."""
    if error.code == "context_overflow":
        return 0.0
    wait = 2.0**refusals * random.uniform(0.5, 1.0) if error.retry_after is None else error.retry_after
    is_over = not error.retryable or refusals + 1 >= REFUSALS or wait > LONGEST_WAIT
    return None if is_over else wait
