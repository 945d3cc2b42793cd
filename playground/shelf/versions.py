"""Which of a package's versions a range means. Pure."""

import re
from collections.abc import Collection, Mapping

from semantic_version import NpmSpec, Version

_RELEASE = re.compile(r"\d+\.\d+\.\d+")


def choose_version(versions: Collection[str], tags: Mapping[str, str], range_: str) -> str | None:
    """The version that npm would take for `range_`; where it has none, the nearest that there is.

    Models invent versions, so that an answer near to the wish is worth more than none.
    """
    return match_version(versions, tags, range_) or _nearest(_releases(versions), range_)


def match_version(versions: Collection[str], tags: Mapping[str, str], range_: str) -> str | None:
    """The version that npm would take for `range_`."""
    if range_ in versions:
        return range_
    if tags.get(range_) in versions:
        return tags[range_]
    spec = _spec(range_)
    if spec is None:
        return None
    candidates = versions if "-" in range_ else _releases(versions)
    matching = [parsed for version in candidates if (parsed := _parse(version)) and parsed in spec]
    # npm prefers what is tagged "latest" to anything newer that is not.
    latest = _parse(tags.get("latest", ""))
    if latest in matching:
        return str(latest)
    return str(max(matching)) if matching else None


def _releases(versions: Collection[str]) -> list[str]:
    return [version for version in versions if _RELEASE.fullmatch(version)] or list(versions)


def is_satisfied(version: str, range_: str) -> bool:
    """Whether `version` is among those that `range_` means; of a tag that cannot be told, and it counts as met."""
    spec, parsed = _spec(range_), _parse(version)
    return spec is None or parsed is None or version == range_ or parsed in spec


def _spec(range_: str) -> NpmSpec | None:
    """`18`, `^1.2`, `1.x || 2.x`; also what only looks like one: `1.02`, `v3`."""
    text = re.sub(r"\b0+(?=\d)", "", re.sub(r"(^|[\s~^<>=|])v(?=\d)", r"\1", range_))
    if text in ("", "latest"):
        text = "*"
    text = re.sub(r"([<>=~^]+)\s+", r"\1", text).replace("||", " || ")
    try:
        return NpmSpec(re.sub(r"\s*\|\|\s*", " || ", text).strip())
    except ValueError:
        return None


def _parse(version: str) -> Version | None:
    try:
        return Version(version)
    except ValueError:
        return None


def _nearest(versions: list[str], range_: str) -> str | None:
    wanted = [int(number) for number in re.findall(r"\d{1,9}", range_)[:3]]
    if not versions or not wanted:
        return max(versions, key=_numbers, default=None)
    wanted += [0] * (3 - len(wanted))

    def distance(version: str) -> tuple[int, ...]:
        numbers = _numbers(version)
        return (*(abs(a - b) for a, b in zip(numbers, wanted, strict=True)), *(-number for number in numbers))

    return min(versions, key=distance)


def _numbers(version: str) -> tuple[int, int, int]:
    numbers = [int(number) for number in re.findall(r"\d{1,9}", version)[:3]] + [0, 0, 0]
    return numbers[0], numbers[1], numbers[2]
