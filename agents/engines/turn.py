"""One run of an engine, from a prompt to its end: what it asks is asked, what its tools do is kept."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from agents.asking import OVERFLOWS, exchange, warn_of_budget
from agents.conversation import join, limit_output
from agents.engines.gate import Question
from agents.engines.lines import Ended, ToolResult
from agents.engines.plans import read_plan
from agents.engines.program import Died, Item
from agents.engines.wire import Refusal, Reply
from agents.errors import ProviderError
from agents.events import Call, Called, End, Paused, Returned, Wrapping
from agents.llm.types import ChatRequest, Message
from agents.shift import Over, Shift
from agents.using import leave_rut
from agents.wording import MAX_RESULT, clean, shorten, summarise
from agents.working import check_limits, obey
from agents.workspace import Denied, Workspace

_SILENCE = 300.0  # seconds in which it neither asks nor does anything
_EXITING = 10.0  # seconds
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_ENTRY = "index.html"

type Record = Callable[[dict[str, str | None], Wrapping | None], Awaitable[None]]


class Broke(Exception):
    """The engine has not ended as it should. Says why."""


class Turn:
    """`files` are the engine's own. `record` keeps where it stands, given what has changed in them."""

    def __init__(self, shift: Shift, files: Workspace, record: Record) -> None:
        self._shift = shift
        self._files = files
        self._record = record
        self._begun = 0.0  # the open call
        self._heard = len(shift.state.messages)
        self._said: list[tuple[int, str]] = []  # into the engine's conversation, and after how many messages of it

    async def follow(self, inbox: asyncio.Queue[Item]) -> End | None:
        """None: its turn is over, or its place is taken. Raises Broke, Over, Stopped."""
        while True:
            match await self._next(inbox):
                case Question() as question:
                    await self._catch_up(question.request)
                    if end := await self._answer(question):
                        return end
                case ToolResult() as result:
                    await self._return(result)
                case Ended(is_ok=True, text=text):
                    await self._await_exit(inbox)
                    await self._record(await self._changes(), self._wrap(text))
                    return None
                case Ended(text=text) | Died(why=text):
                    raise Broke(text)

    async def _next(self, inbox: asyncio.Queue[Item]) -> Item:
        state = self._shift.state
        left = state.task.limits.seconds - state.spent.seconds
        try:
            async with asyncio.timeout(min(left, _SILENCE)):
                return await self._shift.attend(state.open or "engine", inbox.get())
        except TimeoutError:
            if left <= _SILENCE:
                raise Over("budget", "The budget for this build is used up (seconds).") from None
            raise Broke(f"It did nothing for {_SILENCE / 60:.0f} minutes.") from None

    async def _await_exit(self, inbox: asyncio.Queue[Item]) -> None:
        """It writes the end of its conversation last. Nothing that it still asks is part of the build."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_EXITING):
                while not isinstance(item := await self._shift.attend("engine", inbox.get()), Died):
                    if isinstance(item, Question):
                        item.answer(Refusal(402, "The turn is over."))

    async def _catch_up(self, request: ChatRequest) -> None:
        """What the engine has not said of its tools, it tells the model."""
        for message in request.messages:
            if message.role == "tool":
                await self._return(ToolResult(message.call_id, True, message.text))

    async def _answer(self, question: Question) -> End | None:
        shift = self._shift
        if not shift.state.pending:
            await self._record(await self._changes(), None)
            if end := await obey(shift):
                return end
        try:
            exchanged = await self._exchange(question.request)
        except ProviderError as error:  # too long: it has ways of its own to make it shorter
            if shift.state.overflows > OVERFLOWS:
                raise Over("model", error.message) from error
            question.answer(Refusal(400, error.message))
            return None
        except Over as over:
            question.answer(Refusal(402, over.message))
            raise
        if isinstance(exchanged, Paused):
            return exchanged
        await self._begin_call()
        question.answer(exchanged)
        return None

    async def _exchange(self, request: ChatRequest) -> Reply | Paused:
        while True:
            check_limits(self._shift)
            await warn_of_budget(self._shift)
            exchanged = await exchange(self._shift, self._complete(request))
            if isinstance(exchanged, Paused):
                return exchanged
            if exchanged:
                return Reply(*exchanged)

    def _complete(self, request: ChatRequest) -> ChatRequest:
        """With the model and the limits of the build, and with what was said to the model since the engine began."""
        state = self._shift.state
        messages = list(request.messages)
        if request.tools:  # else it is no part of the conversation
            said = [message.text for message in state.messages[self._heard :] if message.role == "user"]
            self._said += [(len(messages), text) for text in said]
            self._heard = len(state.messages)
            for place, text in reversed(self._said):
                messages.insert(place, Message("user", text))
        task = state.task
        request = replace(request, model=task.model, messages=tuple(join(messages)))
        return limit_output(replace(request, temperature=task.temperature, top_p=task.top_p), task)

    async def _begin_call(self) -> None:
        self._begun = time.monotonic()
        if pending := self._shift.state.pending:
            await self._shift.emit(Called(step=self._shift.state.step, id=pending[0].id, name=pending[0].name))

    async def _return(self, result: ToolResult) -> None:
        shift = self._shift
        call = next((call for call in shift.state.pending if call.id == result.id), None)
        if call is None:
            return
        await shift.emit(
            Returned(
                step=shift.state.step,
                id=call.id,
                name=call.name,
                is_ok=result.is_ok,
                text=shorten(clean(result.text), MAX_RESULT),
                summary=_summarise(call, result),
                changes=await self._changes(),
                plan=read_plan(call.arguments) if call.name == "todo_write" and result.is_ok else None,
                seconds=time.monotonic() - self._begun,
            )
        )
        await leave_rut(shift)
        await self._begin_call()

    async def _changes(self) -> dict[str, str | None]:
        """Raises Broke where the files are such as no build may have."""
        try:
            self._files.check()
            return await self._shift.keep_changes(self._files)
        except Denied as denied:
            raise Broke(str(denied)) from denied
        except (OSError, RecursionError) as error:  # a file that goes while it is looked at; folders that are too deep
            raise Broke(f"Its files could not be read ({error}).") from error

    def _wrap(self, text: str) -> Wrapping:
        try:
            page = self._files.read(_ENTRY).decode(errors="replace")
        except Denied:
            page = ""
        title = _TITLE.search(page)
        return Wrapping(
            title=summarise(title[1] if title else self._shift.state.task.prompt),
            summary=shorten(clean(text), MAX_RESULT),
            entry=_ENTRY,
        )


def _summarise(call: Call, result: ToolResult) -> str:
    """The call with its most telling argument; what went wrong."""
    named = (call.arguments.get(name) for name in ("file_path", "command", "pattern", "path"))
    what = next((value for value in named if isinstance(value, str)), "")
    said = "" if result.is_ok else f": {result.text}"
    return summarise(f"{call.name} {what.removeprefix('/work/')}{said}")
