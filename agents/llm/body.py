"""The JSON body of a chat request, and what to do without where a server refuses a field of it."""

from typing import Any

from agents.llm.prefill import Prefill, mark
from agents.llm.types import ChatRequest, Message, Tool

type Body = dict[str, Any]


def build(request: ChatRequest, prefill: Prefill | None = None) -> Body:
    """`prefill` is how this server is told to go on, for a request that wants it."""
    body: Body = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "max_tokens": request.max_tokens,
        "stream_options": {"include_usage": True},
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": request.seed,
        "tools": [_tool(tool) for tool in request.tools] or None,
    }
    if request.is_prefilled and prefill:
        mark(body, prefill)
    return {name: value for name, value in body.items() if value is not None}


def simplify(body: Body, complaint: str) -> bool:
    """Rename or leave out, in place, one field that the server's complaint names. False where there is none.

    A temperature that is merely out of range is the person's to correct; one that the model does not know is not.
    """
    if "max_tokens" in body and "max_completion_tokens" in complaint:
        body["max_completion_tokens"] = body.pop("max_tokens")
        return True
    droppable = ["stream_options", "seed"]
    if "support" in complaint.lower():
        droppable += ["temperature", "top_p"]
    for field in droppable:
        if field in body and field in complaint:
            del body[field]
            return True
    return False


def _tool(tool: Tool) -> Body:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}


def _message(message: Message) -> Body:
    if not message.images:
        return {"role": message.role, "content": message.text, **_calling(message)}
    images = [{"type": "image_url", "image_url": {"url": image.url}} for image in message.images]
    return {"role": message.role, "content": [*images, {"type": "text", "text": message.text}]}


def _calling(message: Message) -> Body:
    if message.call_id:
        return {"tool_call_id": message.call_id}
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in message.calls
    ]
    return {"tool_calls": calls} if calls else {}
