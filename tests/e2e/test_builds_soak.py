"""Builds on PostgreSQL while machines, stores and workers come and go: what takes minutes."""

import random
import signal
import time
from collections.abc import Iterator
from functools import partial

import pytest

from playground.launcher.children import SOON
from tests.e2e.builders import (
    Person,
    Scripted,
    descendants_of,
    expect_once,
    find_builder,
    journal_of,
    kill,
    kill_often,
    names_below,
    pool_of,
    serve_scripted,
    undisturbed,
)
from tests.e2e.stack import Stack, start_stack
from tests.e2e.topology import wait_until
from tests.stores import Postgres, serve_postgres

pytestmark = pytest.mark.soak

BLIND = {"checks": 0}
STEPS = 45
KILLS = 20


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with serve_scripted() as running:
        yield running


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with serve_postgres("playground") as running:
        yield running


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, model: Scripted, postgres: Postgres) -> Iterator[Stack]:
    running = start_stack(
        tmp_path_factory.mktemp("builds"),
        DATABASE_URL=postgres.create("builds"),
        OPENAI_BASE_URL=model.base_url,
        OPENAI_API_KEY="sk-test",
        OPENAI_MODEL="scripted",
        PLAYGROUND_BUILDS_AT_ONCE="1",
        PLAYGROUND_BUILD_MODEL_CALLS=str(STEPS + KILLS),  # an answer that is broken off counts, too
    )
    yield running
    running.stop()


def _resumed(person: Person, run: str, times: int) -> bool:
    entries = person.get(f"/runs/{run}/build/steps?limit=200")["entries"]
    return [entry["event"]["type"] for entry in entries].count("build.resumed") == times


def _sleeps(builder: int) -> bool:
    return any("sleep" in name for name in names_below(builder))


@pytest.fixture(scope="module")
def ann(stack: Stack) -> Iterator[Person]:
    with Person(stack, "ann") as person:
        yield person


@pytest.fixture
def calm() -> Iterator[None]:
    """The launcher gives up on a process that ends three times within so many seconds: in one test, or in two."""
    yield
    time.sleep(SOON)


def test_killed_twenty_times(stack: Stack, ann: Person) -> None:
    """D1."""
    luck = random.Random(1)
    builder = find_builder(stack.launcher.pid)
    run = ann.build(f"lines, steps={STEPS} delay=0.3", limits=BLIND)
    kill_often(ann, run, builder, KILLS, luck)
    ann.wait_for_end(run, 200)
    journal = journal_of(stack, run)
    assert journal["outcome"] == "done"
    expect_once(journal)
    assert journal["files"] == undisturbed(STEPS)
    assert [event["type"] for event in journal["events"]].count("resumed") == KILLS


@pytest.mark.usefixtures("calm")
def test_a_machine_is_gone(stack: Stack, ann: Person) -> None:
    """D2: the worker's main process, with all that it has started. The launcher starts another one."""
    run = ann.build("lines, steps=12 delay=0.5", limits=BLIND)
    ann.wait_for_step(run, 2)
    builder = find_builder(stack.launcher.pid)
    kill([builder, *descendants_of(builder)])
    began = time.monotonic()
    ann.wait_for(run, lambda info: info["build"]["state"] == "waiting", 45)
    ann.wait_for(run, lambda info: info["build"]["state"] == "working", 45)
    assert time.monotonic() - began < 45
    ann.wait_for_end(run)
    expect_once(journal_of(stack, run))


def test_the_database_is_restarted(stack: Stack, ann: Person, postgres: Postgres) -> None:
    """D6, several times, at any moment."""
    run = ann.build("lines, steps=20 delay=0.4", limits=BLIND)
    ann.wait_for_step(run, 2)
    for _ in range(3):
        postgres.stop()
        time.sleep(2)
        postgres.start()
        time.sleep(2)
    ann.wait_for_end(run)
    journal = journal_of(stack, run)
    expect_once(journal)
    assert len(ann.frames(run)) == ann.frames(run)[-1]["seq"]


@pytest.mark.usefixtures("calm")
def test_a_rolling_restart_abandons_nothing(stack: Stack, ann: Person) -> None:
    """D8."""
    run = ann.build("lines, steps=20 delay=0.4", limits=BLIND)
    for step in (2, 6):
        ann.wait_for_step(run, step)
        kill([find_builder(stack.launcher.pid)], signal.SIGTERM)
        ann.wait_for(run, lambda info: info["build"]["state"] != "working")
        ann.wait_for(run, lambda info: info["build"]["state"] == "working", 60)
    ann.wait_for_end(run)
    journal = journal_of(stack, run)
    expect_once(journal)
    resumed = [event["abandoned"] for event in journal["events"] if event["type"] == "resumed"]
    assert len(resumed) >= 2
    assert set(resumed) == {""}


def test_a_step_that_ends_each_of_its_workers(stack: Stack, ann: Person) -> None:
    """D9: as one that takes all memory would."""
    run = ann.build("lines, phase=command")
    builder = find_builder(stack.launcher.pid)
    for times in range(3):
        wait_until(partial(_resumed, ann, run, times), 60)
        wait_until(partial(_sleeps, builder), 60)
        kill(pool_of(builder))
    ann.wait_for_end(run)
    journal = journal_of(stack, run)
    assert (journal["outcome"], journal["code"], journal["versions"]) == ("partial", "crash_loop", 1)
    abandoned = [event["abandoned"] for event in journal["events"] if event["type"] == "resumed"]
    assert abandoned == ["run_command"] * 3
