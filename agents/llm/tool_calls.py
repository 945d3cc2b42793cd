"""Tool calls as real servers stream them.

The protocol gives each call an index, and an id and a name in its first chunk. Servers leave out any of the three, send
them late or again, use one index for all calls, or send a finished call once more.
"""

import json
from dataclasses import dataclass, field

from agents.llm.types import Calling, ToolCall

MOST_CALLS = 64  # of one answer


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a call; each field may be empty."""

    index: int | None
    id: str
    name: str
    arguments: str


@dataclass(slots=True)
class _Open:
    index: int | None
    id: str
    name: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0

    @property
    def arguments(self) -> str:
        return "".join(self.pieces)

    def add(self, delta: Delta) -> None:
        self.id = self.id or delta.id
        self.name = self.name or delta.name
        self.pieces.append(delta.arguments)
        self.length += len(delta.arguments)


class CallCollector:
    def __init__(self) -> None:
        self._calls: list[_Open] = []

    def take(self, delta: Delta) -> Calling | None:
        """None where it adds nothing."""
        call = self._last(delta)
        if call is not None and _repeats(call, delta):
            return None
        if call is None or _begins_another(call, delta):
            if len(self._calls) == MOST_CALLS:
                return None
            call = _Open(delta.index, delta.id, delta.name or (call.name if call else ""))
            self._calls.append(call)
        call.add(delta)
        return Calling(call.name, delta.arguments)

    def conclude(self) -> list[ToolCall]:
        return [ToolCall(call.id, call.name, call.arguments) for call in self._calls]

    def _last(self, delta: Delta) -> _Open | None:
        """The call that a delta may go on with: the last of its index; without one of its id, or the last of all."""
        calls = self._calls[::-1]
        if delta.index is not None:
            return next((call for call in calls if call.index == delta.index), None)
        return next((call for call in calls if delta.id and call.id == delta.id), calls[0] if calls else None)


def _repeats(call: _Open, delta: Delta) -> bool:
    return len(delta.arguments) == call.length > 1 and delta.arguments == call.arguments and not _is_new(call, delta)


def _begins_another(call: _Open, delta: Delta) -> bool:
    """A new id; else what cannot belong to a call that is whole. That is looked at last: it reads all of it."""
    if _is_new(call, delta):
        return True
    is_other = bool(delta.name and call.name and delta.name != call.name) or delta.arguments.lstrip().startswith("{")
    return is_other and _is_object(call.arguments)


def _is_new(call: _Open, delta: Delta) -> bool:
    return bool(delta.id and call.id and delta.id != call.id)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, strict=False), dict)
    except (ValueError, RecursionError):
        return False
