"""What the model is told: the wish, what has happened since, and no more than fits its window."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.events import Condensed
from agents.inspection import Report
from agents.llm.tokens import message_tokens, request_tokens
from agents.llm.types import ChatRequest, Message, Tool
from agents.prompts import read_prompt
from agents.state import State
from agents.task import Task
from agents.wording import summarise

FULL = 0.85  # of the room for the prompt, from which on the beginning is told as an outline
KEPT = 0.4  # of that room is told in full then
_LEAST_ANSWER = 1_024  # tokens
_MOST_STEPS = 80  # lines of an outline


def build_request(state: State, tools: Sequence[Tool]) -> ChatRequest:
    task = state.task
    first = [Message("system", _instructions(state, tools)), Message("user", tell_wish(state))]
    request = ChatRequest(
        model=task.model,
        messages=tuple(join([*first, *state.messages])),
        max_tokens=_output(task),
        temperature=task.temperature,
        top_p=task.top_p,
        tools=tuple(tools),
    )
    return limit_output(request, task)


def limit_output(request: ChatRequest, task: Task) -> ChatRequest:
    """An answer as long as the window has room for."""
    room = task.window - request_tokens(request)
    return replace(request, max_tokens=max(_LEAST_ANSWER, min(_output(task), room)))


def is_full(state: State, request: ChatRequest) -> bool:
    return request_tokens(request) > FULL * _room(state)


def condense(state: State, request: ChatRequest) -> Condensed | None:
    """The beginning as an outline; None where there is nothing left to leave out.

    An answer and the results of its calls stay together.
    """
    always = request_tokens(request) - sum(map(message_tokens, state.messages))
    wanted = KEPT * (_room(state) - always)
    kept = 0
    starts = [number for number, message in enumerate(state.messages) if message.role == "assistant"]
    first = len(state.messages)
    for number in reversed(range(len(state.messages))):
        kept += message_tokens(state.messages[number])
        if kept > wanted and first < len(state.messages):
            break
        if number in starts:
            first = number
    if not 0 < first < len(state.messages):
        return None
    steps = (*state.told, *_retell(state.messages[:first]))[-_MOST_STEPS:]
    return Condensed(messages=first, steps=steps, outline=_outline(state, steps))


def _outline(state: State, steps: Sequence[str]) -> str:
    """What a person has asked for is told in full; what can be read again is not."""
    return read_prompt(
        "outline",
        steps="\n".join(steps),
        wishes=_section("The person has written meanwhile:", state.steered.values()),
        files=_section("The files as they are now:", sorted(state.files)),
        plan=_section("The plan:", [f"{item.text} ({item.status})" for item in state.plan]),
        check=_section("The last check:", [_tell(state.last.report)] if state.last else []),
    )


def _section(title: str, items: Iterable[str]) -> str:
    lines = [f"- {item}" for item in items]
    return "\n".join(["", title, *lines]) if lines else ""


def _tell(report: Report) -> str:
    failed = ", ".join(gate.name for gate in report.failed)
    return f"{report.verdict.replace('_', ' ')}{f'; fails: {failed}' if failed else ''}"


def _retell(messages: Iterable[Message]) -> Iterable[str]:
    """A line for what was said, and one for each call."""
    calls: dict[str, str] = {}
    for message in messages:
        calls |= {call.id: call.name for call in message.calls}
        if message.text.strip():
            name = calls.get(message.call_id, "")
            yield f"- {name + ': ' if name else ''}{summarise(message.text)}"


def _instructions(state: State, tools: Sequence[Tool]) -> str:
    names = {tool.name for tool in tools}
    return read_prompt(
        "system",
        max_output=_output(state.task),
        looking=read_prompt("looking" if "check" in names else "blind"),
        libraries="Libraries come from add_library alone." if "add_library" in names else "There are no libraries.",
    )


def tell_wish(state: State) -> str:
    task = state.task
    checklist = _section("What the person wants to see in the end:", task.checklist)
    files = _section("You go on from these files; change only what the wish asks for:", sorted(task.files))
    plan = _section("This was planned, and part of it is done:", [f"{item.text} ({item.status})" for item in task.plan])
    wish = "\n".join(filter(None, [task.prompt, checklist, files, plan]))
    return f"{wish}\n\n{state.outline}" if state.outline else wish


def join(messages: Iterable[Message]) -> list[Message]:
    """As strict servers want it: no two messages of the user in a row, none after a tool's, no empty answer."""
    joined: list[Message] = []
    for message in messages:
        before = joined[-1] if joined else None
        if message.role == "user" and before and before.role in ("user", "tool"):
            joined[-1] = replace(before, text=f"{before.text}\n\n{message.text}")
        elif message.role == "assistant" and not message.text.strip() and not message.calls:
            joined.append(replace(message, text="(no answer)"))
        else:
            joined.append(message)
    return joined


def _output(task: Task) -> int:
    return min(task.max_output, task.window // 2)


def _room(state: State) -> int:
    """Tokens for the prompt. A server for which one was too long has a smaller window than is known."""
    return min(state.task.window - _output(state.task), state.too_long or state.task.window)
