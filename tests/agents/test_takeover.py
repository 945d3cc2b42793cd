"""A build whose owners are killed: at every event, in any order. What happens is what would have happened anyway."""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agents.events import Answered, Call, Called, Event, Finished, Resumed, Returned
from agents.host import Means
from agents.llm.scripted import Turns
from agents.llm.types import ChatRequest, ToolCall
from agents.task import Task
from tests.agents.hosts import Killed, MemoryHost

STEPS = 12


def call(name: str, **arguments: object) -> ToolCall:
    return ToolCall("", name, json.dumps(arguments))


class Repeatable(Turns):
    """Answers by the conversation: whoever asks the same hears the same."""

    def stream(self, request: ChatRequest):  # type: ignore[no-untyped-def]
        answered = sum(message.role == "assistant" for message in request.messages)
        self.requests = [request] * answered
        return super().stream(request)


def provider() -> Turns:
    """Files that are written, changed by edits that depend on what was there, moved and deleted."""
    scripts = []
    for step in range(STEPS):
        line = f"line {step}"
        before = f"line {step - 1}" if step else "start"
        edit = call("edit_file", path="a.txt", edits=[{"old": before, "new": f"{before}\n{line}"}])
        scripts.append([edit, call("write_file", path=f"{step}.js", content=line), call("list_files", glob="*")])
    start = call("write_file", path="a.txt", content="start\n")
    end = call("move_file", path="0.js", to="moved/0.js"), call("delete_file", path="1.js")
    finish = call("finish", title="T", summary="S", entry="a.txt")
    return Repeatable([start], *scripts, [*end], [finish])


async def build(host: MemoryHost) -> Finished:
    end = await host.run_to_end(Means(provider()))
    assert isinstance(end, Finished)
    return end


def task() -> Task:
    return Task(prompt="p", model="m")


_undisturbed: list[MemoryHost] = []


async def undisturbed() -> MemoryHost:
    """Run once: it is always the same."""
    if not _undisturbed:
        host = MemoryHost(task())
        await build(host)
        _undisturbed.append(host)
    return _undisturbed[0]


def happened(events: list[Event]) -> list[object]:
    """What counts: the answers and the results, without times."""
    kept = [event for event in events if isinstance(event, Answered | Returned)]
    return [event.model_dump(exclude={"seconds", "tokens"}) for event in kept]


class Mortal(MemoryHost):
    """Dies before keeping the events with these numbers of tries."""

    def __init__(self, deaths: set[int]) -> None:
        super().__init__(task())
        self.tries = 0
        self.deaths = deaths

    async def journal(self, event: Event) -> None:
        self.tries += 1
        if self.tries in self.deaths:
            raise Killed
        await super().journal(event)


def spread(deaths: set[int]) -> set[int]:
    """So far apart that no step dies three times: each try of one takes up to three events."""
    kept: list[int] = []
    for death in sorted(deaths):
        if (not kept or death - kept[-1] > 2) and (len(kept) < 2 or death - kept[-2] > 6):
            kept.append(death)
    return set(kept)


@example(deaths={1, 35, 38, 41})
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deaths=st.sets(st.integers(1, 150), max_size=20))
async def test_killed_anywhere(deaths: set[int]) -> None:
    """Unless the same step dies three times, which is another test's."""
    reference = await undisturbed()
    host = Mortal(spread(deaths))
    end = await build(host)
    assert end.outcome == "done"
    assert host.texts(end.files) == reference.texts(reference.state.files)
    assert happened(host.events) == happened(reference.events)
    returns = Counter(event.id for event in host.events if isinstance(event, Returned))
    assert set(returns.values()) == {1}


async def test_a_step_that_always_kills_ends_with_what_there_is() -> None:
    class Deadly(MemoryHost):
        async def journal(self, event: Event) -> None:
            if isinstance(event, Returned) and event.name == "move_file":
                raise Killed
            await super().journal(event)

    host = Deadly(task())
    end = await build(host)
    assert (end.outcome, end.code) == ("partial", "crash_loop")
    assert "a.txt" in end.files
    assert [event.abandoned for event in host.events if isinstance(event, Resumed)] == ["move_file"] * 3


async def test_a_shared_directory_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutation: were the directory not filled anew, a killed edit would be there twice or stand in the way."""

    async def trust(self: object, tree: object) -> None:
        del self, tree

    reference = await undisturbed()
    host = MemoryHost(task())
    number = next(
        i for i, event in enumerate(reference.events) if isinstance(event, Called) and event.name == "edit_file"
    )
    host.kill_at = number + 1
    monkeypatch.setattr("agents.shift.Shift.fill", trust)
    end = await host.run_to_end(Means(provider()))
    assert isinstance(end, Finished)
    assert end.files != reference.state.files


def test_calls_of_a_journal_are_read_as_they_were() -> None:
    call = Call(id="s00001000", name="write_file", arguments={"content": "ä\u2028"}, trouble="")
    assert Call.model_validate_json(call.model_dump_json()) == call
