"""What the strictest servers find wrong with a conversation that is sent back to them."""

import json
from collections.abc import Sequence


def find_complaint(messages: Sequence[dict[str, object]]) -> str:
    """The first flaw, in the words of such servers; empty where there is none."""
    open_ids: list[str] = []
    before = ""
    for message in messages:
        role = str(message["role"])
        if open_ids and role != "tool":
            return "Each tool call has to be answered before the next message."
        if role == "tool":
            if message.get("tool_call_id") not in open_ids:
                return "Unexpected tool call id."
            open_ids.remove(str(message["tool_call_id"]))
        elif role == "assistant":
            complaint, open_ids = _complain_of_answer(message)
            if complaint:
                return complaint
        elif role == before or (role == "user" and before == "tool"):
            return f"Unexpected role '{role}' after role '{before}'."
        before = role
    return "Each tool call has to be answered." if open_ids else ""


def _complain_of_answer(message: dict[str, object]) -> tuple[str, list[str]]:
    made = message.get("tool_calls") or []
    assert isinstance(made, list)
    if not made and not message.get("content"):
        return "Assistant message must have either content or tool_calls.", []
    ids = [str(call["id"]) for call in made]
    if len(set(ids)) < len(ids):
        return "Duplicate tool call id.", []
    if not all(len(each) == 9 and each.isalnum() for each in ids):
        return "Tool call id has to be nine letters and digits.", []
    for call in made:
        try:
            json.loads(call["function"]["arguments"])
        except ValueError:
            return "Unterminated string in the arguments of a tool call.", []
    return "", ids
