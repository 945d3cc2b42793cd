import json

import pytest

from agents.engines.lines import Ended, ToolResult, read_line
from agents.engines.plans import read_plan
from agents.events import Item


def user(*content: object, **more: object) -> bytes:
    return json.dumps({"type": "user", "message": {"role": "user", "content": content}, **more}).encode()


RESULT = {"type": "tool_result", "tool_use_id": "c1", "is_error": False, "content": "done"}


def test_results_of_tools() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    failed = {**RESULT, "tool_use_id": "c2", "is_error": True, "content": parts}
    line = user(RESULT, {"type": "text", "text": "beside"}, failed)
    assert read_line(line) == [ToolResult("c1", True, "done"), ToolResult("c2", False, "a\nb")]


def test_the_end() -> None:
    good = {"type": "result", "subtype": "success", "is_error": False, "result": "A page."}
    bad = {"type": "result", "subtype": "error_during_execution", "is_error": True, "error": {"message": "Why."}}
    assert read_line(json.dumps(good).encode()) == [Ended(True, "A page.")]
    assert read_line(json.dumps(bad).encode()) == [Ended(False, "error_during_execution: Why.")]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"Warning: something",
        b"[1]",
        b'{"type": "user"}',
        b'{"type": "user", "message": {"content": "text"}}',
        b'{"type": "system", "subtype": "init"}',
        user(RESULT, parent_tool_use_id="of a helper of its own"),
        user("text", 1, None),
    ],
)
def test_other_lines(line: bytes) -> None:
    assert read_line(line) == []


def test_plans() -> None:
    todos = [
        {"id": "1", "content": "A\x1b[31m page", "status": "completed"},
        {"content": "A sound", "status": "in_progress"},
        {"id": 3, "content": "A score", "status": "?"},
        {"id": 4},
        "nothing",
    ]
    assert read_plan({"todos": todos}) == (
        Item(id="1", text="A page", status="done"),
        Item(id="2", text="A sound", status="doing"),
        Item(id="3", text="A score", status="todo"),
    )
    assert read_plan({"todos": "all"}) is None
