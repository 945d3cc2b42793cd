"""The starter shelf: packages that are there before anybody asks for them."""

import logging
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.utils import timezone

from playground.shelf.cdn.references import split_package
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Package, Source
from playground.shelf.pulling import pull_package

logger = logging.getLogger(__name__)
_FILE = Path(__file__).parent / "starter.toml"
_AT_ONCE = 4

type Wanted = tuple[str, str]


@dataclass
class Filled:
    pulled: int = 0
    present: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # what, and the code of why


def fill_shelf(wanted: Iterable[Wanted] | None = None, tell: Callable[[str], object] = logger.info) -> Filled:
    """Pull what is missing, and then what it depends on. Stops at once where no registry can be reached."""
    starter = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    chosen = list(wanted) if wanted is not None else [_split(text) for text in starter["first"] + starter["then"]]
    filled, seen = Filled(), set[Wanted]()
    while missing := [pair for pair in dict.fromkeys(chosen) if pair not in seen]:
        seen |= set(missing)
        packages = _pull_all(missing, filled, tell)
        chosen = [pair for package in packages for pair in _dependencies(package, starter["modules"], seen)]
    return filled


def _pull_all(wanted: list[Wanted], filled: Filled, tell: Callable[[str], object]) -> list[Package]:
    """Those of `wanted` that are on the shelf afterwards."""

    def pull(pair: Wanted) -> Package | None:
        if "unreachable" in filled.failed.values():
            return None
        try:
            return _pull(pair, filled, tell)
        finally:
            connection.close()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [package for package in pool.map(pull, wanted) if package]


def _pull(pair: Wanted, filled: Filled, tell: Callable[[str], object]) -> Package | None:
    name, range_ = pair
    started = timezone.now()
    try:
        package = pull_package(name, range_, Source.STARTER)
    except ShelfFailure as failure:
        filled.failed[f"{name}@{range_}"] = failure.code
        return None
    if package.pulled_at < started:
        filled.present += 1
    else:
        filled.pulled += 1
        tell(str(package))
    return package


def _dependencies(package: Package, modules: list[str], seen: set[Wanted]) -> list[Wanted]:
    """Of those that are imported as modules, and so on downwards."""
    if package.name not in modules and (package.name, "") not in seen:
        return []
    pairs = [(name, str(range_)) for name, range_ in (package.manifest.get("dependencies") or {}).items()]
    pairs = [pair for pair in pairs if not pair[0].startswith("@types/")]
    seen |= {(name, "") for name, _ in pairs}
    return pairs


def _split(text: str) -> Wanted:
    parts = split_package(text)
    assert parts, text
    return parts[0], parts[1] or "latest"
