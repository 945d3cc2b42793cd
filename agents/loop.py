"""The loop: ask the model, run what it calls, look at the page, have it mended, end with the best there is.

What comes next follows from the state alone, and the state from the journal; so it does not matter who goes on.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Literal

from agents.budget import TIGHT, find_exhausted
from agents.conversation import build_request, condense, is_full
from agents.errors import ProviderError
from agents.events import (
    Answered,
    Asked,
    Call,
    Called,
    Checked,
    End,
    Event,
    Finished,
    FixWanted,
    Paused,
    Refused,
    Restored,
    Resumed,
    Returned,
    Steered,
    Tokens,
    Warned,
)
from agents.fixing import is_worse, settle
from agents.host import Host, Means, Orders, Stop, Working, Writing
from agents.inspection import Report, Unseen, inspect
from agents.llm.answers import Answer, read_answer
from agents.llm.tokens import estimate_tokens, request_tokens
from agents.llm.types import Calling, ChatRequest, Reasoning, Text
from agents.prompts import read_prompt
from agents.ruts import find_rut
from agents.scores import is_worth_keeping
from agents.state import Tree, rebuild
from agents.tools import ENDING, Bench, Result, Trouble, choose_tools, unknown_tool
from agents.tools.writing import WRITING
from agents.wording import MAX_RESULT, clean, shorten, summarise
from agents.workspace import Denied, Workspace

LOOK = 0.25  # seconds between two looks at what a person wants
ALIVE = 5.0  # seconds between two signs of life
ATTEMPTS = 3  # of a step that somebody has to take up again
REFUSALS = 6  # in a row, after which it pauses
LONGEST_WAIT = 120.0  # seconds; longer is a pause
SILENT = 2  # answers without a call that are forgiven
OVERFLOWS = 3


type Outcome = Literal["done", "partial", "failed", "cancelled"]


class Stopped(Exception):
    """A person does not want to wait for the end of this step."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop)
        self.stop = stop


class Loop:
    """One owner's turn at a build. `folder` is empty, and nobody else's."""

    def __init__(self, journal: Sequence[Event], means: Means, host: Host, folder: Path) -> None:
        self.state = rebuild(journal)
        self._is_new = len(journal) == 1
        self._means = means
        self._host = host
        self._files = Workspace(folder)
        self._tools = choose_tools(means)

    async def run(self) -> End:
        """Until it is over, or gives way. Raises what `Host.journal` raises."""
        if self.state.end:
            return self.state.end
        await self._fill(self.state.files)
        if not self._is_new:
            await self._emit(Resumed(abandoned=self.state.open))
        while True:
            try:
                end = await self._obey(await self._host.read_orders()) or await self._go_on()
            except Stopped as stopped:
                end = await self._stop(stopped.stop)
            if end:
                return end

    async def _emit[Kind: Event](self, event: Kind) -> Kind:
        """What is not kept has not happened."""
        await self._host.journal(event)
        self.state.apply(event)
        return event

    # ---------------------------------------------------------------------------------------- what comes next

    async def _go_on(self) -> End | None:
        state = self.state
        if state.abandoned >= ATTEMPTS:
            return await self._close("crash_loop", "The same step broke off three times.", looks=False)
        if exhausted := find_exhausted(state.spent, state.task.limits):
            return await self._close("budget", f"The budget for this build is used up ({exhausted}).")
        if state.pending:
            return await self._use(state.pending[0])
        if state.wrapping:
            return await self._settle()
        if state.silent > SILENT:
            return await self._close("no_call", "The model did not call a tool any more.")
        return await self._ask()

    async def _obey(self, orders: Orders) -> End | None:
        if orders.stop:
            return await self._stop(orders.stop)
        if orders.gives_way:
            return await self._emit(Paused(reason="turn"))
        if not self.state.pending:
            for message in orders.messages:
                if message.id not in self.state.steered:
                    await self._emit(Steered(id=message.id, text=message.text))
        return None

    async def _attend[Value](self, what: str, work: Awaitable[Value]) -> Value:
        """Do it, and meanwhile look several times a second whether it is still wanted. Raises Stopped."""
        working = asyncio.ensure_future(work)  # noqa: TID251 - awaited here, whatever happens
        begun = shown = time.monotonic()
        try:
            while not (await asyncio.wait({working}, timeout=LOOK))[0]:
                orders = await self._host.read_orders()
                if orders.stop and orders.stop is not Stop.AFTER_STEP:
                    raise Stopped(orders.stop)
                if time.monotonic() - shown >= ALIVE:
                    shown = time.monotonic()
                    self._host.show(Working(what, shown - begun))
            return working.result()
        finally:
            working.cancel()
            await asyncio.wait({working})

    # ---------------------------------------------------------------------------------------------- the model

    async def _ask(self) -> End | None:
        state = self.state
        await self._warn_of_budget()
        request = self._request()
        if is_full(state, request) and (condensed := condense(state, request)):
            await self._emit(condensed)
            request = self._request()
        asked = await self._emit(Asked(step=state.step + 1, tokens=request_tokens(request)))
        begun = time.monotonic()
        try:
            answer = await self._attend("model", read_answer(self._means.provider, request, self._show))
        except ProviderError as error:
            return await self._take_refusal(error, request, time.monotonic() - begun)
        await self._emit(self._answered(asked, answer, time.monotonic() - begun))
        if not answer.calls:
            await self._nudge(answer)
        return None

    def _request(self) -> ChatRequest:
        is_tight = find_exhausted(self.state.spent, self.state.task.limits, TIGHT)
        tools = [tool for name, tool in self._tools.items() if not is_tight or name in ENDING]
        return build_request(self.state, [tool.declaration for tool in tools])

    def _show(self, part: Text | Reasoning | Calling) -> None:
        step = self.state.step + 1
        match part:
            case Calling(name=name, arguments=text):
                self._host.show(Writing(step, name, text))
            case Text(text=text) | Reasoning(text=text):
                self._host.show(Writing(step, "", clean(text), isinstance(part, Reasoning)))

    def _answered(self, asked: Asked, answer: Answer, seconds: float) -> Answered:
        """The calls get ids of our own, nine letters and digits as the strictest servers want: theirs may lack."""
        step = asked.step
        calls = tuple(
            Call(id=f"s{step:05d}{number:03d}", name=call.name, arguments=call.arguments, trouble=call.trouble)
            for number, call in enumerate(answer.calls)
        )
        tokens = _tokens(asked, answer)
        prices = self.state.task.prices
        return Answered(
            step=step,
            text=shorten(clean(answer.text), MAX_RESULT),
            reasoning=shorten(clean(answer.reasoning), MAX_RESULT),
            calls=calls,
            is_cut=answer.is_cut or answer.is_too_long,
            tokens=tokens,
            cost=(tokens.input * prices.input + tokens.output * prices.output) / 1_000_000 if prices else None,
            seconds=seconds,
        )

    async def _nudge(self, answer: Answer) -> None:
        rule = "too_long" if answer.is_too_long else "cut" if answer.is_cut else "no_call"
        await self._emit(Warned(rule=rule, text=read_prompt(rule, max_output=self.state.task.max_output)))

    async def _warn_of_budget(self) -> None:
        tight = find_exhausted(self.state.spent, self.state.task.limits, TIGHT)
        if tight and "budget" not in self.state.warned:
            what = tight.replace("_", " ")
            await self._emit(Warned(rule="budget", text=read_prompt("budget", what=what)))

    async def _take_refusal(self, error: ProviderError, request: ChatRequest, seconds: float) -> End | None:
        """Ask again later, with less, or not at all."""
        wait = self._wait_after(error)
        await self._emit(
            Refused(step=self.state.step + 1, code=error.code, message=error.message, wait=wait, seconds=seconds)
        )
        if error.code == "context_overflow":
            condensed = condense(self.state, request) if self.state.overflows <= OVERFLOWS else None
            if condensed is None:
                return await self._close("model", error.message)
            await self._emit(condensed)
            return None
        if wait is None and not error.retryable:
            return await self._close("model", error.message)
        if wait is None:
            return await self._emit(Paused(reason="model", message=error.message, wait=error.retry_after))
        await self._attend("waiting", asyncio.sleep(wait))
        return None

    def _wait_after(self, error: ProviderError) -> float | None:
        if error.code == "context_overflow":
            return 0.0
        wait = 2.0**self.state.refusals * random.uniform(0.5, 1.0) if error.retry_after is None else error.retry_after
        is_over = not error.retryable or self.state.refusals + 1 >= REFUSALS or wait > LONGEST_WAIT
        return None if is_over else wait

    # ---------------------------------------------------------------------------------------------- the tools

    async def _use(self, call: Call) -> End | None:
        step = self.state.step
        await self._emit(Called(step=step, id=call.id, name=call.name))
        begun = time.monotonic()
        try:
            result, is_ok = await self._attend(call.name, self._call(call)), True
        except (Trouble, Denied, Unseen) as trouble:
            result, is_ok = Result(clean(str(trouble)), summarise(str(trouble))), False
        changes = await self._keep_changes() if call.name in WRITING else {}
        seconds = time.monotonic() - begun
        if result.report:
            await self._emit(Checked(report=result.report, seconds=seconds))
        await self._emit(
            Returned(
                step=step,
                id=call.id,
                name=call.name,
                is_ok=is_ok,
                text=shorten(result.text, MAX_RESULT),
                summary=summarise(result.summary),
                changes=changes,
                plan=result.plan,
                wrapping=result.wrapping,
                picture=result.picture,
                seconds=0.0 if result.report else seconds,
            )
        )
        return await self._leave_rut()

    async def _call(self, call: Call) -> Result:
        if call.trouble:
            raise Trouble(call.trouble)
        tool = self._tools.get(call.name)
        if tool is None:
            raise unknown_tool(clean(call.name), list(self._tools))
        path = call.arguments.get("path")
        if call.name in WRITING and path in self.state.spoiled:
            raise Trouble(f"It did not run, because an earlier call for {path} failed. Look at the file first.")
        return await tool.call(call.arguments, self._bench())

    def _bench(self) -> Bench:
        return Bench(
            files=self._files,
            keep=self._host.keep,
            failed_edits=self.state.failed_edits,
            checks_left=self.state.task.limits.checks - self.state.spent.checks,
            inspector=self._means.inspector,
            find_library=self._means.find_library,
        )

    async def _leave_rut(self) -> End | None:
        rut = find_rut(self.state.turns)
        if rut is None:
            return None
        if rut.is_deep:
            return await self._close("loop", f"The model went round in circles ({rut.rule}).")
        await self._emit(Warned(rule=rut.rule, text=read_prompt(rut.rule)))
        return None

    # ---------------------------------------------------------------------------------------------- the files

    async def _fill(self, tree: Tree) -> None:
        self._files.fill({path: await self._host.fetch(content) for path, content in tree.items()})

    async def _keep_changes(self) -> dict[str, str | None]:
        before = self.state.files
        contents = self._files.contents()
        changes: dict[str, str | None] = {path: None for path in before if path not in contents}
        for path, content in contents.items():
            if hashlib.sha256(content).hexdigest() != before.get(path):
                changes[path] = await self._host.keep(content)
        return changes

    async def _restore(self, tree: Tree) -> None:
        gone: dict[str, str | None] = {path: None for path in self.state.files if path not in tree}
        await self._fill(tree)
        await self._emit(Restored(changes=gone | tree))

    # ------------------------------------------------------------------------------------------------ the end

    async def _settle(self) -> End | None:
        """The model says that it is done."""
        await self._check()
        files = self._files.contents()
        decided = settle(self.state, files)
        is_reverted = is_worse(self.state)
        if is_reverted and self.state.best:
            await self._restore(self.state.best.files)
        if isinstance(decided, FixWanted):
            worse = [read_prompt("worse")] if is_reverted else []
            await self._emit(decided.model_copy(update={"text": "\n\n".join([*worse, decided.text])}))
            return None
        if decided.outcome == "done":
            return await self._finish("done", "done", "", self.state.files)
        return await self._close("gates", decided.message, looks=False)

    async def _check(self) -> None:
        """The files as they are, unless that is known, or nothing can look."""
        state, inspector = self.state, self._means.inspector
        if inspector is None or state.is_checked or state.spent.checks >= state.task.limits.checks:
            return
        await self._emit(Called(step=state.step, id="", name="check"))
        begun = time.monotonic()
        try:
            report = await self._attend("check", inspect(inspector, self._files.contents(), self._host.keep))
        except Unseen as unseen:
            report = Report(why=str(unseen), isolation=inspector.isolation)
        await self._emit(Checked(report=report, seconds=time.monotonic() - begun))

    async def _close(self, code: str, message: str, *, looks: bool = True) -> Finished:
        """End with the best there is: partial rather than nothing."""
        if looks and self.state.files != self.state.task.files:
            await self._check()
        best = self.state.best
        files = best.files if best and is_worth_keeping(best.report) else self.state.files
        return await self._finish("partial", code, message, files)

    async def _stop(self, stop: Stop) -> Finished:
        if stop is Stop.KEEP_BEST:
            return await self._close("stopped", "", looks=False)
        return await self._finish("cancelled", "stopped", "", self.state.files)

    async def _finish(self, outcome: Outcome, code: str, message: str, files: Tree) -> Finished:
        state = self.state
        is_nothing = outcome == "partial" and files in ({}, state.task.files)
        look = next((look for look in (state.last, state.best) if look and look.files == files), None)
        return await self._emit(
            Finished(
                outcome="failed" if is_nothing else outcome,
                code=code,
                message=message,
                files=files,
                wrapping=state.wrapping,
                report=look.report if look else Report(why=_why(self._means)),
            )
        )


def _tokens(asked: Asked, answer: Answer) -> Tokens:
    if answer.tokens:
        return Tokens(input=answer.tokens.input_tokens, output=answer.tokens.output_tokens)
    written = [answer.text, answer.reasoning, *(str(call.arguments) for call in answer.calls)]
    return Tokens(input=asked.tokens, output=sum(map(estimate_tokens, written)), is_estimate=True)


def _why(means: Means) -> str:
    return "It was not checked." if means.inspector else "There is no browser here to check it."
