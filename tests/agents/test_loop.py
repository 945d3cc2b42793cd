"""The loop over a scripted model: what follows from what."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from agents.errors import ProviderError
from agents.events import Answered, Finished, Paused, Refused, Resumed, Returned, Steered, Warned
from agents.host import Means, Message, Stop, Working
from agents.llm.scripted import Turns
from agents.llm.types import StreamPart, TokenUsage, ToolCall
from agents.sandbox import probe
from agents.task import Limits, Prices, Task
from tests.agents.hosts import MemoryHost

PAGE = "<!DOCTYPE html>\n<title>Ball</title>\n<p>A ball.</p>\n"
FINISH = {"title": "Ball", "summary": "A ball."}

type Script = list[StreamPart | str | Exception]


def call(name: str, **arguments: object) -> ToolCall:
    return ToolCall("same", name, json.dumps(arguments))


def write(path: str = "index.html", content: str = PAGE) -> ToolCall:
    return call("write_file", path=path, content=content)


def finish() -> ToolCall:
    return call("finish", **FINISH)


def task(**limits: float) -> Task:
    return Task(prompt="a ball", model="m", limits=Limits.model_validate(limits))


async def build(*turns: Script, host: MemoryHost | None = None) -> tuple[Finished, MemoryHost]:
    host = host or MemoryHost(task())
    end = await host.run(Means(Turns(*turns)))
    assert isinstance(end, Finished)
    return end, host


def returned(host: MemoryHost) -> list[Returned]:
    return [event for event in host.events if isinstance(event, Returned)]


async def test_a_whole_build() -> None:
    plan = call("set_plan", items=[{"id": "1", "text": "A ball\x1b[31m", "status": "done"}])
    end, host = await build(["I begin.", plan, write()], [finish(), TokenUsage(100, 20)])
    assert (end.outcome, end.wrapping and end.wrapping.title) == ("done", "Ball")
    assert host.texts(end.files) == {"index.html": PAGE}
    assert end.report
    assert end.report.verdict == "not_verified"
    assert [item.text for item in host.state.plan] == ["A ball"]
    answers = [event for event in host.events if isinstance(event, Answered)]
    assert [each.tokens.is_estimate for each in answers] == [True, False]
    assert len({call.id for each in answers for call in each.calls}) == 3


async def test_replay_is_what_strict_servers_take() -> None:
    """Whatever was written, arguments are whole JSON, ids are unique, and each call is answered."""
    provider = Turns([ToolCall("", "write_file", '{"path": "a.ht'), call("nosuch")], ["Hm."], [], [write(), finish()])
    await MemoryHost(task()).run(Means(provider))
    messages = provider.requests[-1].messages
    roles = [message.role for message in messages]
    assert roles == ["system", "user", "assistant", "tool", "tool", "assistant", "user", "assistant", "user"]
    assert [json.loads(call.arguments) for call in messages[2].calls] == [{}, {}]
    assert [message.call_id for message in messages[3:5]] == [call.id for call in messages[2].calls]
    assert all(message.text or message.calls for message in messages)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (ToolCall("", "write_file", '{"path": "index.html", "content": "half'), "no valid JSON"),
        (ToolCall("", "write_file", "[1]"), "one JSON object"),
        (ToolCall("", "write_fil", "{}"), "Did you mean write_file?"),
        (call("write_file", path="index.html"), "content: Field required"),
        (call("write_file", path="../index.html", content="x"), "no possible file name"),
        (call("edit_file", path="index.html", edits=[{"old": "no such line", "new": "x"}]), "stands nowhere"),
        (call("run_command", argv=["id"]), "no tool"),
        (call("read_file", path="none.js"), "no file"),
    ],
)
async def test_a_call_that_cannot_run_changes_nothing_and_is_explained(bad: ToolCall, said: str) -> None:
    end, host = await build([write()], [bad], [finish()])
    failed = returned(host)[1]
    assert not failed.is_ok
    assert said in failed.text
    assert host.texts(end.files) == {"index.html": PAGE}


async def test_a_write_after_a_failed_one_of_the_same_file_waits() -> None:
    spoiled = call("edit_file", path="index.html", edits=[{"old": "nothing", "new": "x"}])
    again = write(content="overwritten")
    end, host = await build([write()], [spoiled, again, write("other.js", "1")], [finish()])
    assert [each.is_ok for each in returned(host)[1:4]] == [False, False, True]
    assert host.texts(end.files) == {"index.html": PAGE, "other.js": "1"}


async def test_what_is_gone_on_from_and_not_changed_is_no_result() -> None:
    host = MemoryHost(task())
    files = host.put({"index.html": PAGE})
    host.lines = MemoryHost(task().model_copy(update={"files": files})).lines
    end, _ = await build(["I cannot."], host=host)
    assert (end.outcome, end.code, end.files) == ("failed", "no_call", files)


async def test_words_alone_are_forgiven_twice() -> None:
    end, host = await build([write()], ["So."], ["And so."], ["And so on."])
    assert (end.outcome, end.code) == ("partial", "no_call")
    assert sum(isinstance(event, Warned) for event in host.events) == 3


@pytest.mark.parametrize(
    ("turns", "rule"),
    [
        ([[call("list_files", glob="*")]], "repeats"),
        ([[call("list_files", glob=glob)] for _ in range(9) for glob in "ab"], "alternates"),
        ([[write(content=content)] for _ in range(9) for content in ("one", "two", "three")], "undoes"),
        ([[call("read_file", path="index.html", start_line=n)] for n in range(1, 40)], "idle"),
    ],
)
async def test_ruts_are_told_and_then_left(turns: list[Script], rule: str) -> None:
    end, host = await build([write()], *turns)
    assert (end.outcome, end.code) == ("partial", "loop")
    assert rule in end.message
    assert rule in {event.rule for event in host.events if isinstance(event, Warned)}
    assert len(returned(host)) < 30


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"model_calls": 8}, "model_calls"),
        ({"tool_calls": 8}, "tool_calls"),
        ({"input_tokens": 8000}, "input_tokens"),
        ({"output_tokens": 800}, "output_tokens"),
        ({"seconds": 3}, "seconds"),
        ({"cost": 0.0009}, "cost"),
    ],
)
async def test_budgets(limits: Mapping[str, float], name: str) -> None:
    """None is exceeded by more than the one call that reaches it, and what there is stays."""
    host = MemoryHost(task(**limits).model_copy(update={"prices": Prices(input=0.1, output=0.1)}))
    turns: list[Script] = [[write(content=f"{number}"), TokenUsage(1000, 100)] for number in range(40)]
    end = await host.run(Means(Turns(*turns, delay=0.1 if name == "seconds" else 0.02)))
    assert isinstance(end, Finished)
    assert (end.outcome, end.code) == ("partial", "budget")
    assert name in end.message
    assert list(end.files) == ["index.html"]
    assert "budget" in {event.rule for event in host.events if isinstance(event, Warned)}


async def test_a_tight_budget_leaves_the_tools_that_end_it() -> None:
    provider = Turns(*[[write(content=f"{number}")] for number in range(12)])
    await MemoryHost(task(model_calls=10)).run(Means(provider))
    assert "search" in {tool.name for tool in provider.requests[5].tools}
    assert {tool.name for tool in provider.requests[9].tools} == {"read_file", "write_file", "edit_file", "finish"}


async def test_refusals_are_waited_out_and_then_paused() -> None:
    busy = ProviderError("rate_limited", "Too much.", retryable=True, retry_after=0.01)
    host = MemoryHost(task())
    paused = await host.run(Means(Turns([write()], [busy])))
    assert isinstance(paused, Paused)
    assert paused.reason == "model"
    assert [event.wait for event in host.events if isinstance(event, Refused)] == [0.01] * 5 + [None]
    end = await host.run(Means(Turns([finish()])))
    assert isinstance(end, Finished)
    assert end.outcome == "done"


async def test_a_long_wait_is_a_pause() -> None:
    busy = ProviderError("rate_limited", "Too much.", retryable=True, retry_after=3600)
    paused = await MemoryHost(task()).run(Means(Turns([busy])))
    assert isinstance(paused, Paused)
    assert paused.wait == 3600


async def test_what_cannot_be_retried_ends_it_with_what_there_is() -> None:
    end, _ = await build([write()], [ProviderError("unauthorized", "No such key.")])
    assert (end.outcome, end.code, end.message) == ("partial", "model", "No such key.")


async def test_a_long_conversation_is_condensed() -> None:
    """The wish, the plan and the files stay; what is cut off is told in lines."""
    long = task().model_copy(update={"window": 6000, "max_output": 1000, "checklist": ("It bounces",)})
    host = MemoryHost(long)
    plan = call("set_plan", items=[{"id": "1", "text": "Bounce", "status": "doing"}])
    turns = [[write(f"part{number}.js", f"// {number}\n" * 400)] for number in range(12)]
    host.messages = (Message("m1", "Make it red. " + "Really. " * 40 + "Like blood."),)
    provider = Turns([plan], *turns, [write(), finish()])
    end = await host.run(Means(provider))
    assert isinstance(end, Finished)
    assert end.outcome == "done"
    kinds = [event.type for event in host.events]
    assert kinds.count("condensed") >= 2
    wish = provider.requests[-1].messages[1].text
    for told in (
        "a ball",
        "It bounces",
        "Like blood.",
        "- Bounce (doing)",
        "- part7.js",
        "- write_file: part3.js is written",
    ):
        assert told in wish
    assert wish.count("The files as they are now") == 1


async def test_an_overflow_that_nobody_foresaw() -> None:
    overflow = ProviderError("context_overflow", "Too long.")
    turns: list[Script] = [[write(f"part{number}.js", "1\n" * 200)] for number in range(6)]
    end, host = await build(*turns, [overflow], [overflow], [write(), finish()])
    assert end.outcome == "done"
    assert [event.type for event in host.events].count("condensed") == 2


async def test_an_overflow_without_end() -> None:
    end, _ = await build([write()], [write("b.js")], [ProviderError("context_overflow", "Too long.")])
    assert (end.outcome, end.code) == ("partial", "model")


@pytest.mark.parametrize(("stop", "outcome"), [(Stop.NOW, "cancelled"), (Stop.KEEP_BEST, "partial")])
async def test_stop_in_the_middle_of_an_answer(stop: Stop, outcome: str) -> None:
    host = MemoryHost(task())
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(host.run(Means(Turns([write()], [*"abcdefgh"], delay=0.3))))
        await host.wait_for("tool.returned")
        await asyncio.sleep(0.4)
        host.stop = stop
        begun = loop.time()
    end = running.result()
    assert loop.time() - begun < 1
    assert isinstance(end, Finished)
    assert (end.outcome, end.code, list(end.files)) == (outcome, "stopped", ["index.html"])


async def test_finish_this_step() -> None:
    host = MemoryHost(task())
    host.stop = Stop.AFTER_STEP
    assert (await host.run(Means(Turns([write()])))).type == "finished"
    assert returned(host) == []


async def test_a_turn_ends_at_a_boundary_and_another_owner_goes_on() -> None:
    host = MemoryHost(task())
    host.gives_way = True
    means = Means(Turns([write()], [finish()]))
    assert isinstance(await host.run(means), Paused)
    host.gives_way = False
    assert (await host.run(means)).type == "finished"
    assert [event.abandoned for event in host.events if isinstance(event, Resumed)] == [""]


async def test_a_person_writes_meanwhile() -> None:
    host = MemoryHost(task())
    host.messages = (Message("m1", "Make it red."),)
    provider = Turns([write()], [finish()])
    await host.run(Means(provider))
    assert [event.id for event in host.events if isinstance(event, Steered)] == ["m1"]
    assert "Make it red." in provider.requests[0].messages[1].text


async def test_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.shift.ALIVE", 0.3)
    host = MemoryHost(task())
    await host.run(Means(Turns([write(), finish()], delay=0.4)))
    assert [each.what for each in host.shown if isinstance(each, Working)][:1] == ["model"]


@pytest.mark.skipif(not probe(), reason="bubblewrap does not work here")
async def test_stop_while_a_command_runs() -> None:
    await _stop_during("tool.called", [call("run_command", argv=["sleep", "50"], timeout_s=60)])


async def test_stop_while_it_waits_for_the_model() -> None:
    await _stop_during("model.refused", [ProviderError("rate_limited", "Too much.", retryable=True, retry_after=60)])


async def _stop_during(event: str, script: Script) -> None:
    host = MemoryHost(task())
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(host.run(Means(Turns(script), has_sandbox=True)))
        await host.wait_for(event)
        await asyncio.sleep(0.1)
        host.stop, begun = Stop.NOW, loop.time()
    end = running.result()
    assert loop.time() - begun < 1
    assert isinstance(end, Finished)
    assert end.outcome == "cancelled"
