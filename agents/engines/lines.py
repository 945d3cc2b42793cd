"""What Qwen Code writes while it works: a JSON object a line, of which few matter here. Pure.

What the model says is known already, from the gate; what a tool has done is not.
"""

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json


@dataclass(frozen=True, slots=True)
class ToolResult:
    id: str
    is_ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Its turn is over. `text` is the model's last word, or what was wrong."""

    is_ok: bool
    text: str


def read_line(line: bytes) -> list[ToolResult | Ended]:
    """Nothing where it is of no interest, or no such line."""
    try:
        value = from_json(line)
    except ValueError:
        return []
    if not isinstance(value, dict) or value.get("parent_tool_use_id"):
        return []
    if value.get("type") == "result":
        return [_read_end(value)]
    message = value.get("message")
    if value.get("type") != "user" or not isinstance(message, dict) or not isinstance(message.get("content"), list):
        return []
    blocks = [block for block in message["content"] if isinstance(block, dict) and block.get("type") == "tool_result"]
    return [
        ToolResult(str(block.get("tool_use_id")), not block.get("is_error"), _text(block.get("content")))
        for block in blocks
    ]


def _read_end(value: dict[str, Any]) -> Ended:
    if not value.get("is_error"):
        return Ended(True, _text(value.get("result")))
    error = value.get("error")
    said = error.get("message") if isinstance(error, dict) else value.get("result")
    return Ended(False, f"{value.get('subtype')}: {_text(said)}")


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
