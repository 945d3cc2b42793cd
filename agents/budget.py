"""What a build has used of what it may use. Checked before something is done, never after."""

from dataclasses import dataclass

from agents.task import Limits

TIGHT = 0.85  # of a limit, from which on there is only time to come to an end


@dataclass(slots=True)
class Spent:
    model_calls: int = 0
    tool_calls: int = 0
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    checks: int = 0
    cost: float = 0.0


# One more check too few does not end a build.
_ENDING = ("model_calls", "tool_calls", "seconds", "input_tokens", "output_tokens", "cost")


def find_exhausted(spent: Spent, limits: Limits, share: float = 1.0) -> str | None:
    """The name of a limit of which at least this share is used."""
    for name in _ENDING:
        limit = getattr(limits, name)
        if limit is not None and getattr(spent, name) >= limit * share:
            return name
    return None
