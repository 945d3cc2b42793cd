"""What came of the work that a request has ordered, left in the cache for a while: also that there is nothing."""

from dataclasses import asdict, dataclass

from django.core.cache import cache

KEEP = 300  # seconds
_KEEP_FAILURE = 120
_KEEP_UNREACHABLE = 15


@dataclass(frozen=True, slots=True)
class Outcome:
    version: str = ""
    failure: str = ""


def note_pull(name: str, range_: str, outcome: Outcome) -> None:
    _note(pull_key(name, range_), outcome)


def note_build(key: str, outcome: Outcome) -> None:
    _note(build_key(key), outcome)


def pull_key(name: str, range_: str) -> str:
    return f"shelf:pull:{name}@{range_}".replace(" ", "_")


def build_key(key: str) -> str:
    return f"shelf:build:{key}"


async def read_outcome(key: str) -> Outcome | None:
    kept = await cache.aget(key)
    return Outcome(**kept) if kept else None


async def claim(key: str, seconds: int) -> bool:
    """True for the first who asks: the work is to be ordered once."""
    return bool(await cache.aadd(f"{key}:claim", True, seconds))


def _note(key: str, outcome: Outcome) -> None:
    keep = _KEEP_UNREACHABLE if outcome.failure == "unreachable" else _KEEP_FAILURE if outcome.failure else KEEP
    cache.set(key, asdict(outcome), keep)
    cache.delete(f"{key}:claim")
