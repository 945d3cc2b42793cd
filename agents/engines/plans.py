"""Qwen Code's list of things to do, as a plan of ours."""

from collections.abc import Mapping
from typing import Any, Literal

from agents.events import Item
from agents.wording import summarise

_MOST = 50
_STATUS: Mapping[Any, Literal["todo", "doing", "done"]] = {"in_progress": "doing", "completed": "done"}


def read_plan(arguments: Mapping[str, Any]) -> tuple[Item, ...] | None:
    """None where it is no such list."""
    todos = arguments.get("todos")
    if not isinstance(todos, list):
        return None
    items = [todo for todo in todos[:_MOST] if isinstance(todo, dict) and todo.get("content")]
    return tuple(
        Item(
            id=summarise(str(item.get("id", number))),
            text=summarise(str(item["content"])),
            status=_STATUS.get(item.get("status"), "todo"),
        )
        for number, item in enumerate(items, 1)
    )
