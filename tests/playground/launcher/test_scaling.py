"""The simulation of docs/scaling.md: its sums, and where its figures come from."""

import dataclasses
import json
from pathlib import Path

import pytest

from playground.launcher.scaling import TABLE, Figures, Load, Need, Room, compute, describe, read_figures

FIGURES = Figures(
    cpu_seconds_per_1000_tokens=0.5,
    proxy_cpu_seconds_per_1000_tokens=0.1,
    max_streams_30tps=100,
    rss_per_stream=200_000,
    rss_per_idle_follower=50_000,
    redis_bytes_per_1000_tokens=100_000,
    redis_commands_per_1000_tokens=1_000,
    egress_bytes_per_token=50,
    checkpoint_bytes_per_token=10,
    versions_per_second=500,
)
LOAD = Load(writing=0.1, tokens_per_second=30, answer_tokens=3000, followers_per_run=1, pages_per_reader=0.01)
ROOM = Room(core=0.5, sockets=10_000, redis_commands=10_000, redis_bytes=1e6, commits=1_000, network=1e9)


def needs(readers: int, figures: Figures = FIGURES) -> dict[str, Need]:
    return {need.part: need for need in compute(readers, figures, LOAD, ROOM)}


def test_the_sums() -> None:
    """1,000 readers: 100 answers, 3,000 tokens a second, three processes that write them."""
    found = needs(1000)
    assert found["web: answers"].amount == "1.5 cores"
    assert found["web: answers"].units == 3  # half of a core is used
    assert found["Redis: commands"].units == pytest.approx(3_000 / 10_000)
    assert found["Redis: bandwidth"].units == pytest.approx(0.3)
    assert found["PostgreSQL: commits"].units == pytest.approx((3 / 0.25 + 100 / 100 * 8) / 1_000)
    assert found["web: sockets"].units == pytest.approx(0.1)
    assert found["web: memory"].amount == "0.1 GB"


def test_streams_that_come_late_count_where_the_processor_would_do() -> None:
    late = dataclasses.replace(FIGURES, max_streams_30tps=10)
    assert needs(1000, late)["web: answers"].units == 20


def test_all_of_it_is_linear() -> None:
    for part, need in needs(100_000).items():
        assert need.units == pytest.approx(100 * needs(1000)[part].units)


def test_what_gives_first_is_one_server() -> None:
    told = describe(1000, compute(1000, FIGURES, LOAD, ROOM))
    assert "first to give: Redis: " in told
    assert told.endswith("at 3,333 readers")


def test_measured_figures_take_the_place_of_the_documented(tmp_path: Path) -> None:
    documented, here = read_figures(tmp_path, TABLE.read_text())
    assert here == []
    assert all(value > 0 for value in dataclasses.asdict(documented).values())
    (tmp_path / "bench.json").write_text(json.dumps({"max_streams_30tps": 444, "cpu_per_token_vs_bare": 0.4}))
    measured, here = read_figures(tmp_path, TABLE.read_text())
    assert here == ["max_streams_30tps"]
    assert measured == dataclasses.replace(documented, max_streams_30tps=444)
    with pytest.raises(ValueError, match="rss_per_stream"):
        read_figures(tmp_path, "")
