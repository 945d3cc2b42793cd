"""Builds on real workers: killed, put to sleep, stopped, in turns with others; and one from wish to version."""

import random
import signal
import time
from collections.abc import Iterator

import pytest

from tests.e2e.builders import (
    Person,
    Scripted,
    expect_once,
    find_builder,
    journal_of,
    kill,
    pool_of,
    second_builder,
    serve_scripted,
)
from tests.e2e.stack import Stack, start_stack

STEPS = 45


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with serve_scripted() as running:
        yield running


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, model: Scripted) -> Iterator[Stack]:
    running = start_stack(
        tmp_path_factory.mktemp("builds"),
        OPENAI_BASE_URL=model.base_url,
        OPENAI_API_KEY="sk-test",
        OPENAI_MODEL="scripted",
        PLAYGROUND_BUILDS_AT_ONCE="1",
        PLAYGROUND_BUILD_SLICE="2",
        PLAYGROUND_BUILD_CHECKS="0",
    )
    yield running
    running.stop()


@pytest.fixture(scope="module")
def ann(stack: Stack) -> Person:
    return Person(stack, "ann")


@pytest.fixture(scope="module")
def ben(stack: Stack) -> Person:
    return Person(stack, "ben")


def test_killed_again_and_again(stack: Stack, ann: Person) -> None:
    """D1: the process that works is killed at random moments; what comes of it is what would have come anyway."""
    luck = random.Random(7)
    builder = find_builder(stack.launcher.pid)
    run = ann.build(f"lines, steps={STEPS} delay=0.1")
    ann.wait_for_step(run, 2)
    kills = 0
    while kills < 8 and ann.get(f"/runs/{run}")["build"]["state"] != "over":
        kill(pool_of(builder))
        kills += 1
        ann.wait_for(run, lambda info: info["build"]["state"] in ("working", "over"))
        time.sleep(luck.uniform(0.3, 1.2))
    end = ann.wait_for_end(run)
    assert end["build"]["outcome"] == "done"
    assert kills >= 5
    calm = ann.build(f"lines, steps={STEPS}")
    ann.wait_for_end(calm)
    journal, reference = journal_of(stack, run), journal_of(stack, calm)
    expect_once(journal)
    expect_once(reference)
    assert journal["files"] == reference["files"]
    assert any(event["type"] == "resumed" for event in journal["events"])
    told = [frame["event"] for frame in ann.frames(run) if frame["event"]["type"] == "build.resumed"]
    assert told
    assert {event["after"] for event in told} == {"death"}


def test_an_owner_that_was_asleep_writes_nothing(stack: Stack, ann: Person) -> None:
    """D3: put to sleep beyond its lease, woken when another one has the build."""
    builder = find_builder(stack.launcher.pid)
    run = ann.build("lines, steps=12 delay=0.4")
    ann.wait_for_step(run, 2)
    asleep = pool_of(builder)
    kill(asleep, signal.SIGSTOP)
    fence = journal_of(stack, run)["fence"]
    with second_builder(stack):
        ann.wait_for(run, lambda info: info["build"]["state"] != "working", 60)
        ann.wait_for(run, lambda info: info["build"]["state"] == "working", 60)
        kill(asleep, signal.SIGCONT)
        ann.wait_for_end(run)
        time.sleep(1)
    journal = journal_of(stack, run)
    expect_once(journal)
    assert journal["fence"] == fence + 1
    later = [seq for seq, by in zip(journal["seqs"], journal["fences"], strict=True) if by == fence + 1]
    assert later == journal["seqs"][later[0] :]
    assert len(ann.frames(run)) == ann.frames(run)[-1]["seq"]
