"""What a number of concurrent readers takes: `python -m playground.launcher.scaling [READERS …]`; see docs/scaling.md.

The figures of one node are those that `make bench` has left in `$PLAYGROUND_DATA/bench.json`; what it does not tell is
taken from the table in docs/scaling.md.
"""

import json
import math
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

TABLE = Path(__file__).parents[2] / "docs" / "scaling.md"
READERS = [1_000, 100_000, 10_000_000]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one node; the names are those of bench.json. Sizes in bytes."""

    cpu_seconds_per_1000_tokens: float  # of a web process: asking, logging, sending
    proxy_cpu_seconds_per_1000_tokens: float  # of nginx
    max_streams_30tps: float  # on one core of a web process, before they come late
    rss_per_stream: float
    rss_per_idle_follower: float
    redis_bytes_per_1000_tokens: float  # in and out
    redis_commands_per_1000_tokens: float
    egress_bytes_per_token: float
    checkpoint_bytes_per_token: float
    versions_per_second: float  # saved pages that one core of a web process serves


@dataclass(frozen=True, slots=True)
class Load:
    """What people do; assumed."""

    writing: float = 0.10  # of the readers have an answer that is being written
    tokens_per_second: float = 30.0  # of each answer
    answer_tokens: float = 2000.0
    followers_per_run: float = 1.2  # a second tab, somebody who watches
    pages_per_reader: float = 1 / 60  # saved pages that a reader opens a second
    page_bytes: float = 60_000.0  # compressed, with its libraries, of which browsers keep most


@dataclass(frozen=True, slots=True)
class Room:
    """What one of each can carry; assumed, but for what is named in the document."""

    core: float = 0.6  # of a core is used, so that one node can fail
    sockets: float = 20_000.0  # of one web process
    redis_commands: float = 60_000.0  # a second, one server
    redis_bytes: float = 300e6  # a second
    commits: float = 3_000.0  # a second, one PostgreSQL with fast disks
    written: float = 100e6  # bytes of rows a second, in the same
    network: float = 10e9 / 8  # bytes a second, one machine before the web processes


@dataclass(frozen=True, slots=True)
class Need:
    """`units`: how many of it that takes."""

    part: str
    amount: str
    units: float
    can_grow: bool  # by configuration; else it is one server


CHECKPOINT, LOOK = 2.0, 0.25  # seconds, as in playground/runs/rounds.py
ROWS_PER_RUN = 8.0  # commits at the beginning and the end of a run: run, charge, version, check, conversation


def read_figures(data: Path, table: str) -> tuple[Figures, list[str]]:
    """The figures, and the names of those that were measured here. Raises ValueError where one is nowhere."""
    found = data / "bench.json"
    measured: Mapping[str, object] = json.loads(found.read_text()) if found.exists() else {}
    written = {name: float(value.replace(",", "")) for name, value in re.findall(r"\| `(\w+)` \| ([\d.,]+) \|", table)}
    names = [field.name for field in fields(Figures)]
    here = [name for name in names if isinstance(measured.get(name), int | float)]
    missing = [name for name in names if name not in here and name not in written]
    if missing:
        raise ValueError(f"{', '.join(missing)}: neither in {found} nor in {TABLE.name}")
    values = written | {name: float(str(measured[name])) for name in here}
    return Figures(**{name: values[name] for name in names}), here


def compute(readers: float, figures: Figures, load: Load, room: Room) -> list[Need]:
    """The parts, the scarcest first: those that are one server before those that can be any number."""
    runs = readers * load.writing
    tokens = runs * load.tokens_per_second
    egress = tokens * load.followers_per_run * figures.egress_bytes_per_token
    files = readers * load.pages_per_reader
    cores = tokens / 1000 * figures.cpu_seconds_per_1000_tokens
    streams = runs / figures.max_streams_30tps * load.tokens_per_second / 30
    processes = max(cores, streams) / room.core
    memory = runs * figures.rss_per_stream + readers * figures.rss_per_idle_follower
    commands = tokens / 1000 * figures.redis_commands_per_1000_tokens
    log = tokens / 1000 * figures.redis_bytes_per_1000_tokens
    rounds = min(runs / CHECKPOINT, processes / LOOK)  # a process saves all that is due together
    commits = rounds + runs * load.tokens_per_second / load.answer_tokens * ROWS_PER_RUN
    rows = tokens * figures.checkpoint_bytes_per_token
    proxy = tokens / 1000 * figures.proxy_cpu_seconds_per_1000_tokens
    traffic = egress + files * load.page_bytes
    needs = [
        Need("Redis: commands", f"{commands:,.0f}/s", commands / room.redis_commands, False),
        Need("Redis: bandwidth", f"{log / 1e6:,.1f} MB/s", log / room.redis_bytes, False),
        Need("PostgreSQL: commits", f"{commits:,.0f}/s", commits / room.commits, False),
        Need("PostgreSQL: rows", f"{rows / 1e6:,.1f} MB/s", rows / room.written, False),
        Need("web: answers", f"{cores:,.1f} cores", processes, True),
        Need("web: sockets", f"{readers:,.0f}", readers / room.sockets, True),
        Need("web: memory", f"{memory / 1e9:,.1f} GB", memory / 1e9, True),
        Need("web: saved pages", f"{files:,.0f}/s", files / figures.versions_per_second / room.core, True),
        Need("nginx: processor", f"{proxy:,.2f} cores", proxy / room.core, True),
        Need("network", f"{traffic * 8 / 1e9:,.2f} Gbit/s", traffic / room.network, True),
    ]
    return sorted(needs, key=lambda need: (need.can_grow, -need.units))


def describe(readers: int, needs: Iterable[Need]) -> str:
    needs = list(needs)
    lines = [f"{readers:,} readers"]
    for need in needs:
        units = "GB" if need.part == "web: memory" else "of one" if not need.can_grow else "of them"
        amount = f"{need.units:,.2f}" if need.units < 10 and not need.can_grow else f"{math.ceil(need.units):,}"
        lines.append(f"  {need.part:22} {need.amount:>18}   {amount:>8} {units}")
    first = max((need for need in needs if not need.can_grow), key=lambda need: need.units)
    lines.append(f"  first to give: {first.part}, at {readers / first.units:,.0f} readers")
    return "\n".join(lines)


def main() -> None:
    data = Path(os.environ.get("PLAYGROUND_DATA", ".data"))
    figures, here = read_figures(data, TABLE.read_text())
    source = f"measured here: {', '.join(here)}; " if here else ""
    print(f"{source}{'the rest' if here else 'all figures'} from docs/{TABLE.name}")
    for readers in [int(given) for given in sys.argv[1:]] or READERS:
        print(describe(readers, compute(readers, figures, Load(), Room())))


if __name__ == "__main__":
    main()
