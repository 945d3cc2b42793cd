"""What a model can do: each tool is a name, arguments that are validated, and a function.

A tool works on its `Bench` and returns a text for the model and a line for a person. It keeps nothing itself: what it
has changed in the files is found out and kept by the loop. `planning`, `reading`, `writing`, `libraries`, `looking` and
`commands` hold one kind each.
"""

from typing import Any

from agents.host import Means
from agents.tools.commands import RUN_COMMAND
from agents.tools.libraries import ADD_LIBRARY
from agents.tools.looking import CHECK, INTERACT
from agents.tools.planning import FINISH, SET_PLAN
from agents.tools.reading import LIST_FILES, READ_FILE, SEARCH
from agents.tools.tool import Bench, Result, Tool, Trouble, unknown_tool
from agents.tools.writing import DELETE_FILE, EDIT_FILE, MOVE_FILE, WRITE_FILE

__all__ = ["ENDING", "Bench", "Result", "Tool", "Trouble", "choose_tools", "unknown_tool"]

_ALWAYS = (SET_PLAN, LIST_FILES, READ_FILE, SEARCH, WRITE_FILE, EDIT_FILE, MOVE_FILE, DELETE_FILE, FINISH)
# What is left when the budget runs out.
ENDING = frozenset({"read_file", "write_file", "edit_file", "check", "finish"})


def choose_tools(means: Means) -> dict[str, Tool[Any]]:
    """Those that can work here, by name."""
    tools: list[Tool[Any]] = list(_ALWAYS)
    if means.find_library:
        tools.append(ADD_LIBRARY)
    if means.inspector:
        tools += [CHECK, INTERACT]
    if means.has_sandbox:
        tools.append(RUN_COMMAND)
    return {tool.name: tool for tool in tools}
