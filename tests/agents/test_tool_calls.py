"""Calls in pieces, with the liberties that servers take."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.llm.tool_calls import MOST_CALLS, CallCollector, Delta
from agents.llm.types import ToolCall

WRITE = json.dumps({"path": "a.html", "content": '<p class="{}">'})
READ = json.dumps({"path": "b.js"})


def collect(*deltas: Delta) -> list[ToolCall]:
    collector = CallCollector()
    for delta in deltas:
        collector.take(delta)
    return collector.conclude()


@pytest.mark.parametrize(
    ("deltas", "calls"),
    [
        (
            [Delta(0, "x", "write_file", ""), Delta(0, "", "", WRITE), Delta(1, "y", "read_file", READ)],
            [ToolCall("x", "write_file", WRITE), ToolCall("y", "read_file", READ)],
        ),
        (  # the id comes late, the name earlier
            [Delta(0, "", "read_file", ""), Delta(0, "", "", READ[:4]), Delta(0, "x", "", READ[4:])],
            [ToolCall("x", "read_file", READ)],
        ),
        (  # no index at all
            [Delta(None, "x", "read_file", READ), Delta(None, "y", "write_file", WRITE)],
            [ToolCall("x", "read_file", READ), ToolCall("y", "write_file", WRITE)],
        ),
        (  # neither index nor id
            [Delta(None, "", "read_file", READ), Delta(None, "", "read_file", WRITE)],
            [ToolCall("", "read_file", READ), ToolCall("", "read_file", WRITE)],
        ),
        (  # one index for all
            [Delta(0, "x", "read_file", READ), Delta(0, "y", "write_file", WRITE[:9]), Delta(0, "", "", WRITE[9:])],
            [ToolCall("x", "read_file", READ), ToolCall("y", "write_file", WRITE)],
        ),
        (  # one index and one id for all
            [Delta(0, "x", "read_file", READ), Delta(0, "x", "write_file", WRITE)],
            [ToolCall("x", "read_file", READ), ToolCall("x", "write_file", WRITE)],
        ),
        (  # the name in every chunk, an empty end
            [Delta(0, "x", "read_file", READ[:5]), Delta(0, "", "read_file", READ[5:]), Delta(0, "", "read_file", "")],
            [ToolCall("x", "read_file", READ)],
        ),
        (  # sent once more, as a whole
            [Delta(0, "x", "read_file", READ[:5]), Delta(0, "x", "", READ[5:]), Delta(0, "x", "read_file", READ)],
            [ToolCall("x", "read_file", READ)],
        ),
    ],
)
def test_liberties(deltas: list[Delta], calls: list[ToolCall]) -> None:
    assert collect(*deltas) == calls


@given(st.lists(st.integers(0, len(WRITE)), max_size=40))
def test_any_split(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(WRITE)]
    pieces = [WRITE[start:end] for start, end in pairwise(edges)]
    deltas = [Delta(0, "", "", piece) for piece in pieces]
    assert collect(Delta(0, "x", "write_file", ""), *deltas) == [ToolCall("x", "write_file", WRITE)]


def test_calls_without_end() -> None:
    deltas = [Delta(number, f"c{number}", "read_file", READ) for number in range(1000)]
    assert len(collect(*deltas)) == MOST_CALLS
