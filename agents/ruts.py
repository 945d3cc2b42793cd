"""Whether a model goes round in circles. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_REPEATS = (3, 5)  # the same call in a row: told at the first number, ended at the second
_CYCLES = (3, 5)  # of two calls that alternate
_RETURNS = (2, 4)  # to files as they were before
_MEMORY = 24  # turns in which returns are counted
_IDLE = (15, 25)  # turns without a change and without a check


@dataclass(frozen=True, slots=True)
class Turn:
    """A call with its arguments, and the files after it, as digests."""

    call: str
    files: str
    is_check: bool


@dataclass(frozen=True, slots=True)
class Rut:
    rule: str  # names a prompt, too
    is_deep: bool  # it has been told, and goes on


def find_rut(turns: Sequence[Turn]) -> Rut | None:
    """After each turn. The same rut is found once to tell it, and again when it is deep."""
    counts = (
        ("repeats", _count_repeats(turns), _REPEATS),
        ("alternates", _count_cycles(turns), _CYCLES),
        ("undoes", _count_returns(turns), _RETURNS),
        ("idle", _count_idle(turns), _IDLE),
    )
    for rule, count, (first, last) in counts:
        if count >= last or count == first:
            return Rut(rule, count >= last)
    return None


def _count_repeats(turns: Sequence[Turn]) -> int:
    return _count_while(turns, lambda back: turns[-back].call == turns[-1].call)


def _count_cycles(turns: Sequence[Turn]) -> int:
    if len(turns) < 2 or turns[-1].call == turns[-2].call:
        return 0
    same = _count_while(turns, lambda back: turns[-back].call == turns[-1 - (back - 1) % 2].call)
    return same // 2 if same % 2 == 0 else 0


def _count_returns(turns: Sequence[Turn]) -> int:
    """How often the files have become what they were before. Zero unless they just have."""
    seen: set[str] = set()
    returns, before = 0, ""
    for turn in turns[-_MEMORY:]:
        is_return = turn.files != before and turn.files in seen
        returns += is_return
        seen.add(turn.files)
        before = turn.files
    return returns if turns and is_return else 0


def _count_idle(turns: Sequence[Turn]) -> int:
    return _count_while(turns, lambda back: turns[-back].files == turns[-1].files and not turns[-back].is_check)


def _count_while(turns: Sequence[Turn], holds: Callable[[int], bool]) -> int:
    """How many turns, from the last one back, it holds for."""
    back = 1
    while back <= len(turns) and holds(back):
        back += 1
    return back - 1
