"""Whole builds against the model server that misbehaves, over real HTTP: M01 to M20.

Each ends with a reason, keeps its budget, and sends back only what the strictest servers take.
"""

import os
import tempfile
from collections.abc import AsyncIterator

import pytest

from agents.events import Answered, End, Finished, Paused, Refused, Returned, Warned
from agents.host import Means, Working
from agents.llm.openai_compatible import OpenAICompatible, Timeouts
from agents.misbehaving import REPERTOIRE, Misbehaving
from agents.misbehaving.pages import PAGE
from agents.misbehaving.strictness import find_complaint
from agents.task import Limits, Task
from tests.agents.hosts import MemoryHost

PACE = 0.05  # seconds
SHORT = Timeouts(connect=2, first_byte=1.5, between_tokens=0.5)
DONE = ("done", "done", {"index.html"})


@pytest.fixture
async def server() -> AsyncIterator[Misbehaving]:
    server = Misbehaving(PACE)
    async with server.running():
        yield server


class Played:
    """A build that has run until it was over, or paused."""

    def __init__(self, host: MemoryHost, end: End) -> None:
        self.host = host
        self.end = end

    @property
    def returned(self) -> list[Returned]:
        return [event for event in self.host.events if isinstance(event, Returned)]

    @property
    def rules(self) -> list[str]:
        return [event.rule for event in self.host.events if isinstance(event, Warned)]

    @property
    def refusals(self) -> list[str]:
        return [event.code for event in self.host.events if isinstance(event, Refused)]

    @property
    def texts(self) -> dict[str, str]:
        assert isinstance(self.end, Finished)
        return self.host.texts(self.end.files)

    @property
    def result(self) -> tuple[str, str, set[str]]:
        assert isinstance(self.end, Finished)
        return self.end.outcome, self.end.code, set(self.end.files)


async def play(server: Misbehaving, model: str) -> Played:
    limits = Limits(model_calls=30, tool_calls=60, seconds=60)
    host = MemoryHost(Task(prompt="a counter", model=model, limits=limits))
    provider = OpenAICompatible(base_url=server.base_url, api_key="", timeouts=SHORT)
    try:
        end = await host.run(Means(provider, has_sandbox=True))
    finally:
        await provider.aclose()
    assert [find_complaint(body["messages"]) for body in server.requests] == [""] * len(server.requests)
    assert len(server.requests) <= limits.model_calls
    return Played(host, end)


@pytest.fixture(autouse=True)
def _no_backing_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.asking.random.uniform", lambda low, high: 0.01)


def test_all_twenty_are_there() -> None:
    assert {name[:3] for name in REPERTOIRE} >= {f"M{number:02}" for number in range(1, 21)}


@pytest.mark.parametrize(
    ("model", "failed"),
    [("M01-broken-arguments", "no valid JSON"), ("M02-unknown-tool", "Did you mean write_file?")],
)
async def test_m01_m02_a_wrong_call_is_corrected(server: Misbehaving, model: str, failed: str) -> None:
    played = await play(server, model)
    assert played.result == DONE
    assert failed in played.returned[0].text


@pytest.mark.parametrize(
    ("model", "rule"), [("repeats", "repeats"), ("alternates", "alternates"), ("undoes", "undoes")]
)
async def test_m03_circles(server: Misbehaving, model: str, rule: str) -> None:
    played = await play(server, f"M03-{model}")
    assert played.result == ("partial", "loop", {"index.html"})
    assert rule in played.rules


async def test_m04_too_much(server: Misbehaving) -> None:
    played = await play(server, "M04-too-much")
    assert played.result == DONE
    assert played.rules == ["too_long", "too_long"]
    assert max(len(line) for line in played.host.lines) < 100_000


async def test_m05_nothing_outside_is_touched(server: Misbehaving) -> None:
    played = await play(server, "M05-traversal")
    assert played.result == DONE
    assert [each.is_ok for each in played.returned] == [False] * 11 + [True, True]
    assert "canary.html" not in os.listdir(tempfile.gettempdir())


async def test_m06_nothing_is_said(server: Misbehaving) -> None:
    played = await play(server, "M06-empty")
    assert played.result == ("failed", "no_call", set())
    assert played.rules == ["no_call"] * 3


async def test_m07_a_file_is_never_half_written(server: Misbehaving) -> None:
    played = await play(server, "M07-cut")
    assert played.result == DONE
    assert played.refusals == ["cut_off"]
    assert "cut off" in played.returned[1].text
    assert played.texts == {"index.html": PAGE}


async def test_m08_failures_are_waited_out(server: Misbehaving) -> None:
    played = await play(server, "M08-fails-first")
    assert played.result == DONE
    assert played.refusals == ["rate_limited", "upstream_error", "upstream_error", "cut_off"]
    waits = [event.wait for event in played.host.events if isinstance(event, Refused)]
    assert waits[0] == 1.0


async def test_m08_and_where_they_do_not_end_it_pauses(server: Misbehaving) -> None:
    played = await play(server, "M08-fails")
    assert isinstance(played.end, Paused)
    assert (played.end.reason, len(played.refusals)) == ("model", 6)


async def test_m09_slowness_is_borne_and_silence_is_not(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.shift.ALIVE", 0.2)
    played = await play(server, "M09-slow")
    assert played.result == DONE
    assert played.refusals == ["stalled"]
    assert [each for each in played.host.shown if isinstance(each, Working)]


async def test_m10_calls_in_crumbs(server: Misbehaving) -> None:
    played = await play(server, "M10-crumbs")
    assert played.result == DONE
    assert played.texts == {"index.html": PAGE}
    assert [each.name for each in played.returned] == ["write_file", "read_file", "list_files", "read_file", "finish"]


async def test_m11_calls_run_in_order(server: Misbehaving) -> None:
    """One that fails holds up only those that would write the same file."""
    played = await play(server, "M11-parallel")
    assert [each.is_ok for each in played.returned[:6]] == [True, True, False, False, True, True]
    assert played.result == ("done", "done", {"index.html", "a.js", "b.js"})


async def test_m12_calls_in_the_text(server: Misbehaving) -> None:
    played = await play(server, "M12-leaks")
    assert played.result == ("done", "done", {"index.html", "about.html"})
    assert played.texts["index.html"] == PAGE
    assert "<function=delete_file>" in played.texts["about.html"]
    assert "delete_file" not in {each.name for each in played.returned}
    assert played.rules == ["no_call"]


async def test_m13_the_end_is_the_end(server: Misbehaving) -> None:
    played = await play(server, "M13-goes-on")
    assert played.result == DONE
    assert len(server.requests) == 2


async def test_m14_nothing_obeys_escapes(server: Misbehaving) -> None:
    played = await play(server, "M14-escapes")
    assert played.result == DONE
    shown = "".join(line for line in played.host.lines if '"model.answered"' not in line)
    answers = "".join(event.text for event in played.host.events if isinstance(event, Answered))
    for character in ("\x1b", "\\u001b", "\u202e", "\r", "\\r", "evil.example"):
        assert character not in shown
        assert character not in answers


async def test_m15_a_smaller_window_than_it_says(server: Misbehaving) -> None:
    played = await play(server, "M15-overflow")
    assert isinstance(played.end, Finished)
    assert played.end.outcome == "done"
    assert played.refusals == ["context_overflow"]
    assert [event.type for event in played.host.events].count("condensed") > 1


async def test_m16_usage_is_estimated(server: Misbehaving) -> None:
    played = await play(server, "M16-no-usage")
    assert played.result == DONE
    tokens = [event.tokens for event in played.host.events if isinstance(event, Answered)]
    assert all(each.is_estimate and each.input > 500 and each.output > 100 for each in tokens)


async def test_m17_a_web_page_is_no_model(server: Misbehaving) -> None:
    played = await play(server, "M17-web-page")
    assert played.result == ("failed", "model", set())
    assert isinstance(played.end, Finished)
    assert "not as a model server" in played.end.message


async def test_m18_what_a_page_asks_for_leads_nowhere(server: Misbehaving) -> None:
    played = await play(server, "M18-injection")
    assert played.result == DONE
    told = "".join(each.text for each in played.returned)
    assert "no possible file name" in told
    assert "No such file" in told
    assert "root:" not in told


async def test_m19_strict_servers(server: Misbehaving) -> None:
    played = await play(server, "M19-strict")
    assert played.result == DONE
    assert played.refusals == []


async def test_m20_one_id_for_all(server: Misbehaving) -> None:
    played = await play(server, "M20-double-ids")
    assert played.result == DONE
    assert [each.name for each in played.returned] == ["write_file", "read_file", "finish"]
