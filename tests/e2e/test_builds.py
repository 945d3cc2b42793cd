"""Builds on real workers: killed, put to sleep, stopped, in turns with others; and one from wish to version."""

import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from redis import Redis

from agents.browser import find_chromium
from agents.misbehaving.habits import calls
from tests.agents.engines.programs import DONE, FOUND, HAS_QWEN, PLAN, QWEN, READ, REPAIR, WRITE, play
from tests.e2e.builders import (
    CONNECT,
    Person,
    Scripted,
    asleep,
    expect_once,
    find_builder,
    in_thread,
    journal_of,
    kill_often,
    names_below,
    pool_of,
    second_builder,
    serve_misbehaving,
    serve_scripted,
    undisturbed,
)
from tests.e2e.stack import Stack, start_stack
from tests.e2e.topology import wait_until

STEPS = 45
BLIND = {"checks": 0}


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
        PLAYGROUND_QWEN_CODE=str(QWEN),
        PLAYGROUND_BUILD_SLICE="2",
    )
    yield running
    running.stop()


@pytest.fixture(scope="module")
def ann(stack: Stack) -> Iterator[Person]:
    with Person(stack, "ann") as person:
        yield person


@pytest.fixture(scope="module")
def ben(stack: Stack) -> Iterator[Person]:
    with Person(stack, "ben") as person:
        yield person


def test_killed_again_and_again(stack: Stack, ann: Person) -> None:
    """D1: the process that works is killed at random moments; what comes of it is what would have come anyway."""
    luck = random.Random(7)
    builder = find_builder(stack.launcher.pid)
    run = ann.build(f"lines, steps={STEPS} delay=0.1", limits=BLIND)
    kill_often(ann, run, builder, 5, luck)
    end = ann.wait_for_end(run)
    assert end["build"]["outcome"] == "done"
    journal = journal_of(stack, run)
    expect_once(journal)
    assert journal["files"] == undisturbed(STEPS)
    told = [frame["event"] for frame in ann.frames(run) if frame["event"]["type"] == "build.resumed"]
    assert [event["after"] for event in told] == ["death"] * 5
    assert journal["fence"] == 6


def test_an_owner_that_was_asleep_writes_nothing(stack: Stack, ann: Person) -> None:
    """D3: put to sleep beyond its lease, woken when another one has the build."""
    builder = find_builder(stack.launcher.pid)
    run = ann.build("lines, steps=12 delay=0.4", limits=BLIND)
    ann.wait_for_step(run, 2)
    with asleep(stack, pool_of(builder)) as wake:
        fence = journal_of(stack, run)["fence"]
        with second_builder(stack):
            ann.wait_for(run, lambda info: info["build"]["state"] != "working", 60)
            ann.wait_for(run, lambda info: info["build"]["state"] == "working", 60)
            wake()
            ann.wait_for_end(run)
            time.sleep(1)
    journal = journal_of(stack, run)
    expect_once(journal)
    assert journal["fence"] == fence + 1
    later = [seq for seq, by in zip(journal["seqs"], journal["fences"], strict=True) if by == fence + 1]
    assert later == journal["seqs"][later[0] :]
    assert len(ann.frames(run)) == ann.frames(run)[-1]["seq"]


PHASES = ["waiting", "silent", "talking", "command", "check", "refused", "away"]


@pytest.mark.parametrize("phase", PHASES)
def test_stopped_in_any_phase(stack: Stack, ann: Person, ben: Person, phase: str) -> None:
    """C1: it is seen to end at once, and nothing of it runs on."""
    builder = find_builder(stack.launcher.pid)
    before = ben.build("phase=talking") if phase == "waiting" else ""
    if before:
        ben.wait_for_step(before, 1)
    run = ann.build(f"lines, phase={phase}")
    if phase == "waiting":
        assert ann.get(f"/runs/{run}")["build"]["place"] == 1
    else:
        ann.wait_for_step(run, 1)
        awaited = {"command": "sleep", "check": "chrom"}.get(phase)
        wait_until(lambda: awaited is None or any(awaited in name for name in names_below(builder)))
        if phase == "away":
            ann.wait_for(run, lambda info: info["build"]["state"] == "paused")
    asked = time.monotonic()
    ann.post(f"/runs/{run}/build/stop", {"mode": "now"})
    ann.wait_for_end(run, 5)
    assert time.monotonic() - asked < 5
    assert ann.get(f"/runs/{run}")["status"] == "cancelled"
    assert ann.frames(run)[-1]["event"] == {"type": "run.finished", "reason": "cancelled"}
    if before:
        ben.post(f"/runs/{before}/cancel")
        ben.wait_for_end(before, 5)
    wait_until(lambda: not [name for name in names_below(builder) if "celery" not in name], 5)


@pytest.mark.parametrize(("mode", "outcome"), [("after_step", "cancelled"), ("keep_best", "partial")])
def test_stopped_gently(stack: Stack, ann: Person, mode: str, outcome: str) -> None:
    """The step that it is at comes to its end, and with it what it has written."""
    run = ann.build("lines, steps=12 delay=0.8", limits=BLIND)
    ann.wait_for_step(run, 2)
    ann.post(f"/runs/{run}/build/stop", {"mode": mode})
    ann.wait_for_end(run)
    journal = journal_of(stack, run)
    assert journal["outcome"] == outcome
    answered = [event["step"] for event in journal["events"] if event["type"] == "model.answered"]
    asked = [event["step"] for event in journal["events"] if event["type"] == "model.asked"]
    assert (answered == asked) == (mode == "after_step")
    assert journal["files"]["index.html"] == undisturbed(12)["index.html"]


def test_tabs_that_come_and_go_see_the_same(stack: Stack, ann: Person) -> None:
    """C4, and D5: Redis loses everything meanwhile."""
    run = ann.build("lines, steps=14 delay=0.3", limits=BLIND)
    seen: dict[str, list[dict[str, Any]]] = {}

    def follow(name: str, drops: bool) -> Callable[[], None]:
        return lambda: seen.update({name: ann.follow(run, drops)})

    threads = [in_thread(follow("stays", False)), in_thread(follow("drops", True))]
    ann.wait_for_step(run, 4)
    with Redis.from_url(stack.environment()["REDIS_URL"]) as redis:
        redis.flushall()
    ann.wait_for_end(run)
    for thread in threads:
        thread.join(30)
    assert seen["stays"] == seen["drops"] == ann.frames(run)
    kinds = [frame["event"]["type"] for frame in seen["stays"]]
    assert kinds[-2:] == ["version.saved", "run.finished"]
    assert "build.writing" in kinds
    expect_once(journal_of(stack, run))


def test_who_orders_one_build_does_not_wait_for_thirty(ann: Person, ben: Person) -> None:
    """C5."""
    many = [ann.build(f"lines {number}, steps=30 delay=0.2", limits=BLIND) for number in range(30)]
    ann.wait_for_step(many[0], 1)
    own = ben.build("lines, steps=4", limits=BLIND)
    asked = time.monotonic()
    ben.wait_for_step(own, 1, 20)
    assert time.monotonic() - asked < 12  # a slice of two seconds, and the step that it ends with
    ben.wait_for_end(own)
    assert ann.get(f"/runs/{many[0]}")["build"]["state"] != "over"
    for run in many:
        ann.post(f"/runs/{run}/cancel")
    for run in many:
        ann.wait_for_end(run, 30)
    told = [frame["event"] for frame in ann.frames(many[0])]
    assert [event["reason"] for event in told if event["type"] == "build.paused"][:1] == ["turn"]


@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")
def test_a_mistake_is_seen_mended_and_proven(stack: Stack, ann: Person) -> None:
    """From the wish to a version whose check was made before it was one."""
    with serve_misbehaving() as url:
        stack.manage("shell", "-v", "0", "-c", CONNECT.format(url=url, name="M00-mends-its-mistake"))
        run = ann.build("a counter", model="M00-mends-its-mistake", checklist=["A button counts"])
        frames = ann.follow(run)
    events = [frame["event"] for frame in frames]
    assert frames == ann.frames(run)
    checks = [event["check"] for event in events if event["type"] == "build.checked"]
    assert [check["verdict"] for check in checks] == ["broken", "works_well"]
    assert checks[0]["gates"][0]["outcome"] == "failed"
    assert [event["gate"] for event in events if event["type"] == "build.fix"] == ["exceptions"]
    picture = ann.client.get(checks[1]["pictures"]["shots"]["5"].removeprefix("/api"))
    assert picture.headers["content-type"] == "image/webp"
    saved = next(event["version"] for event in events if event["type"] == "version.saved")
    check = ann.get(f"/artifacts/{saved['artifact']}/versions/{saved['number']}/check")
    assert (check["state"], check["verdict"]) == ("done", "works_well")
    assert check["pictures"]["thumbnail"]
    build = ann.get(f"/runs/{run}/build")
    assert (build["outcome"], build["verifies"], build["check"]["verdict"]) == ("done", True, "works_well")
    where = urlsplit(build["frame_url"])  # not every resolver knows *.localhost
    headers = {"Host": where.netloc, "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}
    page = httpx2.get(f"{stack.url}{where.path}", headers=headers)
    assert (page.status_code, "getElementById" in page.text) == (200, True)
    assert all(len(json.dumps(frame).encode()) <= 9_000 for frame in frames)


@pytest.mark.skipif(not HAS_QWEN, reason=f"Qwen Code does not work here: {FOUND}")
def test_qwen_code_is_checked_by_the_same_gates(stack: Stack, ann: Person) -> None:
    player = play(calls(PLAN, WRITE), DONE, calls(READ), calls(REPAIR), DONE)
    with serve_misbehaving({"plays-qwen": player}) as url:
        stack.manage("shell", "-v", "0", "-c", CONNECT.format(url=url, name="plays-qwen"))
        run = ann.build("a counter", model="plays-qwen", engine="qwen_code")
        ann.wait_for_end(run)
    events = [frame["event"] for frame in ann.frames(run)]
    verdicts = [event["check"]["verdict"] for event in events if event["type"] == "build.checked"]
    assert verdicts == ["broken", "works_well"]
    assert [event["gate"] for event in events if event["type"] == "build.fix"] == ["exceptions"]
    build = ann.get(f"/runs/{run}/build")
    assert (build["engine"], build["outcome"], build["check"]["verdict"]) == ("qwen_code", "done", "works_well")
    saved = next(event["version"] for event in events if event["type"] == "version.saved")
    assert ann.get(f"/artifacts/{saved['artifact']}/versions/{saved['number']}/check")["verdict"] == "works_well"
