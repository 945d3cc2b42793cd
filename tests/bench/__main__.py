"""`make bench`: how saved versions are served, how answers are relayed, how soon pages are there. See docs/bench.md."""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
from pathlib import Path

import httpx2
import uvloop

from playground.runs.log import KEEP_FINISHED
from tests.bench import serving
from tests.bench.gallery import measure_gallery
from tests.bench.page import TOKENS, measure_page
from tests.bench.playgrounds import Playground, serve_bare, serve_playground
from tests.bench.processes import pin
from tests.bench.relay import (
    SETTLE,
    STEP,
    WINDOW,
    Figures,
    Relay,
    bare_relay,
    first_token,
    idle_followers,
    our_relay,
    session,
    tokens,
)
from tests.bench.upstream import Upstream

STEPS = (1, 50, 200, 500)
RATES = (30.0, 200.0)
COMPARED = 200  # streams, of which the ratios are told
MOST = 1500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", choices=["serving", "relay", "page", "gallery"])
    arguments.add_argument("--steps", type=lambda text: tuple(map(int, text.split(","))), default=STEPS)
    arguments.add_argument("--rates", type=lambda text: tuple(map(float, text.split(","))), default=RATES)
    arguments.add_argument("--followers", type=int, default=10_000, help="idle ones")
    arguments.add_argument("--no-search", action="store_true")
    arguments.add_argument("--tokens", type=int, default=TOKENS, help="that stream into the page")
    given = arguments.parse_args()
    if given.only in (None, "serving"):
        serving.main()
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as folder:
        if given.only in (None, "relay"):
            write(uvloop.run(measure_relays(Path(folder), given)))  # a model and a thousand browsers on one core
        if given.only in (None, "page"):
            write(asyncio.run(measure_page(Path(folder), given.tokens)))
        if given.only in (None, "gallery"):
            write(asyncio.run(measure_gallery(Path(folder))))


def write(figures: dict[str, float]) -> None:
    """To bench.json, beside the figures of other parts."""
    path = Path(os.environ.get("PLAYGROUND_DATA", ".data")) / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(known | figures, indent=2) + "\n")
    print(f"written to {path}")


async def measure_relays(folder: Path, given: argparse.Namespace) -> dict[str, float]:
    pin(1)
    upstream = Upstream(tokens())
    url = f"http://127.0.0.1:{await upstream.start()}/v1"
    with serve_bare(folder, url) as bare, serve_playground(folder / "data", url) as ours:
        async with httpx2.AsyncClient(timeout=60) as client:
            relays = [bare_relay(bare), our_relay(ours, client)]
            figures: dict[str, float] = {}
            for relay in relays:
                upstream.streams.clear()
                waits = [await first_token(relay, upstream, number) for number in range(12)][2:]
                upstream.is_ending = True
                figures[f"first_token_{relay.name}"] = statistics.median(waits)
                print(f"{relay.name:10} adds {statistics.median(waits) * 1000:.1f} ms to the first token")
                await asyncio.sleep(2)
                upstream.is_ending = False
            if given.followers:
                figures["rss_per_idle_follower"] = await idle_followers(ours, client, upstream, given.followers)
            told: dict[tuple[str, int, float], Figures] = {}
            for rate in given.rates:
                for streams in given.steps:
                    for relay in relays:
                        told[relay.name, streams, rate] = await measure_step(relay, upstream, streams, rate)
            figures |= compare(told)
            if not given.no_search:
                most = {relay.name: await find_most(relay, upstream) for relay in relays}
                figures["max_streams_30tps"] = most["playground"]
                figures["max_streams_30tps_bare"] = most["bare"]
                figures["max_streams_vs_bare"] = most["playground"] / max(most["bare"], 1)
    for name, value in figures.items():
        print(f"{name:36} {value:10.4g}")
    return figures


async def measure_step(relay: Relay, upstream: Upstream, streams: int, rate: float) -> Figures:
    idle = relay.server.use().rss
    before = relay.server.stored() if isinstance(relay.server, Playground) else 0
    async with session(relay, upstream, rate) as own:
        await own.grow(streams)
        await asyncio.sleep(SETTLE)
        figures = await own.watch()
        figures.rss = (figures.rss - idle) // streams
        text = own.text_bytes()
    if isinstance(relay.server, Playground):
        await asyncio.sleep(KEEP_FINISHED)
        figures.stored = (relay.server.stored() - before) / text
    print(f"{relay.name:10} {figures}", flush=True)
    return figures


async def find_most(relay: Relay, upstream: Upstream) -> int:
    """The most streams of 30 tokens a second with a p99 delay under a quarter of a second."""
    async with session(relay, upstream, 30.0) as own:
        most = 0
        for streams in range(STEP, MOST + 1, STEP):
            await own.grow(streams)
            await asyncio.sleep(SETTLE)
            figures = await own.watch(WINDOW / 2)
            print(f"{relay.name:10} {figures}", flush=True)
            if not figures.keeps_up:
                break
            most = streams
    return most


def compare(told: dict[tuple[str, int, float], Figures]) -> dict[str, float]:
    """At 30 tokens a second, and at 200, where the bare relay is overfull."""
    figures: dict[str, float] = {}
    for rate, suffix in zip(RATES, ("", "_at_200tps"), strict=True):
        ours, bare = told.get(("playground", COMPARED, rate)), told.get(("bare", COMPARED, rate))
        if not (ours and bare):
            continue
        figures |= {
            f"cpu_per_token_vs_bare{suffix}": ours.cpu_per_1000 / bare.cpu_per_1000,
            f"p99_delay_vs_bare{suffix}": ours.delay(99) / bare.delay(99),
            f"cpu_seconds_per_1000_tokens{suffix}": ours.cpu_per_1000,
            f"p50_delay{suffix}": ours.delay(50),
            f"p95_delay{suffix}": ours.delay(95),
            f"p99_delay{suffix}": ours.delay(99),
            f"egress_bytes_per_token{suffix}": ours.received / ours.tokens,
            f"rss_per_stream{suffix}": ours.rss,
            f"redis_bytes_per_1000_tokens{suffix}": ours.redis[0] / ours.tokens * 1000,
            f"redis_commands_per_1000_tokens{suffix}": ours.redis[1] / ours.tokens * 1000,
            f"log_bytes_per_text_byte{suffix}": ours.stored,
        }
    return figures


if __name__ == "__main__":
    main()
