"""The fix loop, over an inspector that reads from the page itself what is wrong with it."""

import base64
import json
from collections.abc import Sequence

import pytest

from agents.browser import Act, Encounter, Measurements, Pictures
from agents.browser.measurements import Problem
from agents.events import Checked, Finished, FixWanted, Restored, Returned
from agents.host import Means, Stop
from agents.inspection import Files, Unseen
from agents.llm.scripted import Turns
from agents.llm.types import Image, StreamPart, ToolCall
from agents.task import Limits, Task
from tests.agents.hosts import MemoryHost

type Script = list[StreamPart | str | Exception]

GOOD = Measurements(browser="1", seed=1, status=200, ready_ms=9, ink=(0.5,), text="A page", text_length=6)


class Reader:
    """Lines such as `throws: x`, `wants: host`, `blank` or `unseen` are what it finds."""

    isolation = "bubblewrap"

    async def check(self, files: Files) -> tuple[Measurements, Pictures]:
        lines = files["index.html"].decode().splitlines()
        if "unseen" in lines:
            raise Unseen("The browser did not start.")
        thrown = [line.removeprefix("throws: ") for line in lines if line.startswith("throws: ")]
        problems = tuple(Problem(kind="exception", text=text, place="index.html:2:1") for text in thrown)
        blocked = tuple(line.removeprefix("wants: ") for line in lines if line.startswith("wants: "))
        found = GOOD.model_copy(update={"problems": problems, "blocked": blocked})
        blank = {"ink": (0.0,), "text": "", "text_length": 0}
        return found.model_copy(update=blank if "blank" in lines else {}), Pictures({"5": b"picture"})

    async def interact(self, files: Files, acts: Sequence[Act]) -> tuple[Encounter, bytes]:
        raise Unseen("It only reads.")


def write(content: str) -> ToolCall:
    return ToolCall("", "write_file", json.dumps({"path": "index.html", "content": content}))


FINISH = ToolCall("", "finish", json.dumps({"title": "T", "summary": "S"}))
READ = ToolCall("", "read_file", json.dumps({"path": "index.html"}))
CHECK = ToolCall("", "check", json.dumps({"reason": "?"}))


async def build(*turns: Script, **limits: float) -> tuple[Finished, MemoryHost, Turns]:
    host = MemoryHost(Task(prompt="p", model="m", limits=Limits.model_validate(limits)))
    provider = Turns(*turns)
    end = await host.run(Means(provider, Reader()))
    assert isinstance(end, Finished)
    return end, host, provider


def page(end: Finished, host: MemoryHost) -> str:
    return host.texts(end.files)["index.html"]


def fixes(host: MemoryHost) -> list[tuple[str, int]]:
    return [(event.gate, event.round) for event in host.events if isinstance(event, FixWanted)]


async def test_one_gate_after_the_other() -> None:
    """The first that fails, with at most five different errors and their lines; then the next."""
    errors = "\n".join(f"throws: error {number % 7}" for number in range(20))
    end, host, provider = await build(
        [write(f"<p>\n{errors}\nwants: cdn.example"), FINISH],
        [write("wants: cdn.example"), FINISH],
        [write("fine"), FINISH],
    )
    assert (end.outcome, page(end, host)) == ("done", "fine")
    assert fixes(host) == [("exceptions", 1), ("network", 1)]
    told = provider.requests[1].messages[-1].text
    assert [number for number in range(7) if f"error {number}" in told] == [0, 1, 2, 3, 4]
    assert "    2  throws: error 0" in told
    assert "cdn.example" not in told.partition("The page is not ready")[2]


async def test_a_model_that_sees_is_shown_the_page_that_fails() -> None:
    turns: list[Script] = [[write("throws: 1"), FINISH], [READ], [write("fine"), CHECK], [FINISH]]
    for sees in (True, False):
        host, provider = MemoryHost(Task(prompt="p", model="m", sees_images=sees)), Turns(*turns)
        await host.run(Means(provider, Reader()))
        shown = [message.images for request in provider.requests for message in request.messages[-1:]]
        picture = Image(f"data:image/webp;base64,{base64.b64encode(b'picture').decode()}")
        assert shown == ([(), (picture,), (picture,), ()] if sees else [()] * 4)


async def test_three_rounds_and_then_the_best() -> None:
    turns: list[Script] = [[write(f"throws: {n}"), FINISH] for n in range(9)]
    end, host, provider = await build(*turns)
    assert (end.outcome, end.code, page(end, host)) == ("partial", "gates", "throws: 3")
    assert fixes(host) == [("exceptions", 1), ("exceptions", 2), ("exceptions", 3)]
    assert "The last attempt has not changed this" in provider.requests[2].messages[-1].text
    assert "The last attempt has not changed this" not in provider.requests[1].messages[-1].text


async def test_what_is_worse_is_taken_back() -> None:
    end, host, provider = await build(
        [write("wants: cdn"), FINISH], [write("blank"), FINISH], [FINISH], [FINISH], [FINISH]
    )
    assert (end.outcome, page(end, host)) == ("partial", "wants: cdn")
    assert sum(isinstance(event, Restored) for event in host.events) == 1
    assert fixes(host) == [("network", 1), ("network", 2), ("network", 3)]
    assert "made the page worse" in provider.requests[2].messages[-1].text
    assert end.report
    assert [gate.name for gate in end.report.failed] == ["network"]


@pytest.mark.parametrize("limit", ["model_calls", "tool_calls", "output_tokens", "input_tokens"])
async def test_when_the_budget_is_used_up_the_best_stays(limit: str) -> None:
    """C6: once a check has passed what a page needs, there is a version."""
    amount = {"model_calls": 2, "tool_calls": 3, "output_tokens": 45, "input_tokens": 4000}[limit]
    end, host, _ = await build([write("wants: cdn"), CHECK], [write("blank")], **{limit: amount})
    assert (end.outcome, end.code, page(end, host)) == ("partial", "budget", "wants: cdn")


async def test_checks_are_counted() -> None:
    """Without any left it is not verified, and says so; a build does not end for it."""
    end, host, _ = await build(
        [write("fine"), CHECK], [write("fine!"), CHECK], [write("fine!!"), CHECK], [FINISH], checks=2
    )
    assert sum(isinstance(event, Checked) for event in host.events) == 2
    assert end.outcome == "done"
    assert end.report
    assert (end.report.verdict, end.report.why) == ("not_verified", "It was not checked.")


async def test_a_check_is_not_made_twice() -> None:
    _, host, _ = await build([write("fine"), CHECK], [FINISH])
    assert sum(isinstance(event, Checked) for event in host.events) == 1


async def test_a_browser_that_does_not_start() -> None:
    end, _, _ = await build([write("unseen"), CHECK], [FINISH])
    assert end.outcome == "done"
    assert end.report
    assert (end.report.verdict, end.report.why) == ("not_verified", "The browser did not start.")


async def test_a_page_that_is_not_there() -> None:
    other = ToolCall("", "finish", json.dumps({"title": "T", "summary": "S", "entry": "main.html"}))
    end, host, _ = await build([write("fine"), other], [FINISH])
    assert end.outcome == "done"
    assert fixes(host) == [("entry", 1)]


async def test_keep_best() -> None:
    host = MemoryHost(Task(prompt="p", model="m"))

    class Stopping(Turns):
        def stream(self, request):  # type: ignore[no-untyped-def]
            if len(self.requests) == 2:
                host.stop = Stop.KEEP_BEST
            return super().stream(request)

    turns: list[Script] = [[write("fine"), CHECK], [write("blank")], ["…"]]
    end = await host.run(Means(Stopping(*turns), Reader()))
    assert isinstance(end, Finished)
    assert (end.outcome, end.code, page(end, host)) == ("partial", "stopped", "fine")


async def test_there_is_nothing_to_check_yet() -> None:
    _, host, _ = await build([CHECK], [write("fine"), FINISH])
    assert "There is no file yet." in next(event.text for event in host.events if isinstance(event, Returned))
