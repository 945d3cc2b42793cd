"""The topology of docker-compose.yml, and whatever is killed, stopped or emptied in it: the answers just go on."""

import asyncio
import itertools
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
import redis
from playwright.sync_api import Browser, Page, expect

from playground.runs.packing import unpack
from tests.behaviours import PAGE, tale
from tests.e2e import builders as builds
from tests.e2e.builders import serve_scripted
from tests.e2e.followers import Follower, Person, expect_exact
from tests.e2e.nginx import needs_nginx
from tests.e2e.topology import WEB, Topology, serve_topology, wait_until
from tests.e2e.workbench import make_wish, open_code, preview, wait_for_version
from tests.upstream import Upstream

pytestmark = [
    pytest.mark.soak,  # starting it takes a minute of processor time
    needs_nginx,
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="Redis is not installed"),
]
MANY = 50
LEASE = 12.0  # seconds
TOKEN = 8  # characters at the most

type Act = Callable[[], Awaitable[None]]


@pytest.fixture(scope="module")
def model() -> Iterator[Upstream]:
    with Upstream.in_thread() as running:
        yield running


@pytest.fixture(scope="module")
def topology(tmp_path_factory: pytest.TempPathFactory, model: Upstream) -> Iterator[Topology]:
    limits = {"PLAYGROUND_CONCURRENT_RUNS": "200", "PLAYGROUND_USER_RUNS_PER_HOUR": "10000"}
    given = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "tells"}
    folder = tmp_path_factory.mktemp("topology")
    with serve_topology(folder, PLAYGROUND_CHECKS="no", **limits, **given) as running:
        yield running


@pytest.fixture(scope="module")
def person(topology: Topology) -> Person:
    return Person.sign_up(topology, "many@example.com")


@pytest.fixture
def numbers(model: Upstream) -> list[int]:
    """Of tales that no other test has asked for."""
    model.tellings.clear()
    first = random.SystemRandom().randrange(10**6) * 1000
    return list(range(first, first + MANY))


def test_a_journey(page: Page, browser: Browser, topology: Topology, model: Upstream) -> None:
    """A wish, its page while it is written, a reload in the middle, the version, and its permalink for a stranger."""
    model.delay = 0.02
    page.goto(f"{topology.url}/new")
    make_wish(page, "a ball that swings")
    expect(preview(page).locator("canvas")).to_be_visible()
    expect(page.get_by_role("button", name="Version 1", exact=True)).to_have_count(0)
    page.reload()
    expect(preview(page).locator("canvas")).to_be_visible()
    wait_for_version(page)
    assert open_code(page) == PAGE.rstrip("\n")
    link = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert link
    stranger = browser.new_page()
    stranger.goto(f"{topology.url}{link}" if link.startswith("/") else link)
    expect(stranger.frame_locator("iframe").locator("canvas")).to_be_visible()
    stranger.close()


# ------------------------------------------------------------------------------------------ the relay


def follow_while(person: Person, numbers: Sequence[int], node: str, act: Act, each: int = 2) -> list[Follower]:
    """Tales that begin on `node` and have `each` followers through nginx, while `act` does what it does."""
    with ThreadPoolExecutor(1) as apart:  # this thread's loop is the browser's
        return apart.submit(asyncio.run, _follow_while(person, numbers, node, act, each)).result()


async def _follow_while(person: Person, numbers: Sequence[int], node: str, act: Act, each: int) -> list[Follower]:
    runs = await person.wish([f"tale {number}" for number in numbers], node)
    followers = [Follower(person, run) for run in runs for _ in range(each)]
    async with asyncio.timeout(180), asyncio.TaskGroup() as group:
        for follower in followers:
            group.create_task(follower.follow())
        while not all(follower.text for follower in followers):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await act()
    for at, follower in enumerate(followers):
        expect_exact(follower, tale(numbers[at // each]))
    return followers


def told_again(model: Upstream, number: int) -> int:
    """Characters that the model was made to write more than once."""
    tellings = [telling for telling in model.tellings if telling.number == number]
    return sum(max(0, before.end - after.start) for before, after in itertools.pairwise(tellings))


def times_told(model: Upstream, numbers: Sequence[int]) -> list[int]:
    return [sum(telling.number == number for telling in model.tellings) for number in numbers]


def say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


def test_a_web_node_is_killed(topology: Topology, person: Person, model: Upstream, numbers: list[int]) -> None:
    model.delay = 0.1

    async def act() -> None:
        topology.signal("web-1", signal.SIGKILL)

    try:
        followers = follow_while(person, numbers, topology.url_of("web-1"), act, each=1)
    finally:
        topology.revive("web-1")
    assert all(follower.is_taken_over for follower in followers)
    assert times_told(model, numbers) == [2] * MANY
    again = max(told_again(model, number) for number in numbers)
    wait = max(follower.longest_wait for follower in followers)
    say(f"a killed node: at most {again} characters written again, {wait:.1f} s without a word")
    assert again <= 2 / model.delay * TOKEN  # two seconds of tokens
    assert wait < 3 * LEASE


@pytest.mark.parametrize("way", ["killed", "flushed"])
def test_redis_is_lost(topology: Topology, person: Person, model: Upstream, numbers: list[int], way: str) -> None:
    numbers = numbers[:10]
    model.delay = 0.05

    async def act() -> None:
        for _ in range(2):
            if way == "flushed":
                topology.redis.empty()
            else:
                topology.redis.kill()
                topology.redis.forget()
                await asyncio.sleep(3)
                topology.redis.start()
            await asyncio.sleep(3)

    followers = follow_while(person, numbers, topology.url_of("web-2"), act)
    assert times_told(model, numbers) == [1] * len(numbers)
    say(f"Redis {way}: {max(follower.longest_wait for follower in followers):.1f} s without a word")
    wait_until(lambda: httpx2.get(f"{topology.url}/healthz", timeout=5).status_code == 200)  # the workers, too


def test_the_database_is_away(topology: Topology, person: Person, model: Upstream, numbers: list[int]) -> None:
    numbers = numbers[:10]
    model.delay = 0.06

    async def act() -> None:
        topology.postgres.stop()
        await asyncio.sleep(10)
        topology.postgres.start()

    followers = follow_while(person, numbers, topology.url_of("web-2"), act)
    assert times_told(model, numbers) == [1] * len(numbers)
    wait = max(follower.longest_wait for follower in followers)
    say(f"the database away for 10 s: {wait:.1f} s without a word")
    assert wait < 5
    expect_saved(topology, followers)
    headers = {"Authorization": f"Bearer {person.token}"}
    for node in WEB:
        for _ in range(8):  # connections of the pool that had nothing to do meanwhile
            address = f"{topology.url_of(node)}/api/conversations"
            httpx2.get(address, headers=headers, timeout=10).raise_for_status()


def expect_saved(topology: Topology, followers: Sequence[Follower]) -> None:
    """What the database holds is what the followers were told."""
    what = "run_id, first_seq, packed"
    statement = f"SELECT {what} FROM runs_checkpoint WHERE run_id = ANY('{{%s}}') ORDER BY run_id, first_seq"
    stretches = topology.query(statement % ",".join({follower.run for follower in followers}))
    for follower in followers:
        saved = [frame for run, seq, packed in stretches if run == follower.run for frame in unpack(run, seq, packed)]
        assert saved == follower.frames


def test_a_web_node_is_asked_to_end(topology: Topology, person: Person, model: Upstream, numbers: list[int]) -> None:
    numbers = numbers[:20]
    model.delay = 0.1
    answers: list[int] = []

    async def act() -> None:
        child = topology.children["web-1"]
        assert child.process
        child.process.terminate()
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {person.token}"}) as client:
            while child.process.poll() is None:
                try:
                    answer = await client.post(f"{topology.url_of('web-1')}/api/runs", json={"prompt": "tale 1"})
                    answers.append(answer.status_code)
                except httpx2.HTTPError:
                    answers.append(0)
                await asyncio.sleep(0.1)

    followers = follow_while(person, numbers, topology.url_of("web-1"), act)
    process = topology.children["web-1"].process
    assert process
    assert process.returncode == 0
    refused = list(itertools.dropwhile(lambda status: status == 202, answers))  # the signal takes its time
    assert set(refused) <= {0, 503}  # none is taken
    topology.revive("web-1")
    assert all(follower.is_taken_over for follower in followers)
    assert max(told_again(model, number) for number in numbers) <= TOKEN  # that was on its way
    wait = max(follower.longest_wait for follower in followers)
    say(f"a node that ends: {wait:.1f} s without a word")
    assert wait < LEASE - 2  # nobody has waited for it to run out
    expect_saved(topology, followers)


def test_a_web_node_that_was_asleep_writes_nothing(
    topology: Topology, person: Person, model: Upstream, numbers: list[int]
) -> None:
    numbers = numbers[:10]
    model.delay = 0.08
    store = redis.Redis.from_url(topology.redis.url)
    fences: list[dict[str, int]] = []

    async def act() -> None:
        topology.signal("web-1", signal.SIGSTOP)
        await asyncio.sleep(LEASE)
        while list(_fences(topology).values()).count(1) < len(numbers):  # noqa: ASYNC110 (until others have taken all)
            await asyncio.sleep(0.5)
        fences.append(_fences(topology))
        topology.signal("web-1", signal.SIGCONT)

    followers = follow_while(person, numbers, topology.url_of("web-1"), act)
    assert all(follower.is_taken_over for follower in followers)
    runs = {follower.run for follower in followers}
    assert {fences[0][run] for run in runs} == {1}
    before = _everything(topology, store, runs)
    time.sleep(5)
    assert _everything(topology, store, runs) == before
    expect_saved(topology, followers)
    topology.wait_until_ready("web-1")


def _fences(topology: Topology) -> dict[str, int]:
    return {
        str(run): int(fence) for run, fence in topology.query("SELECT id, fence FROM runs_run WHERE status = 'running'")
    }


def _everything(topology: Topology, store: "redis.Redis", runs: set[str]) -> object:
    """What log and database hold of the runs."""
    streams = [store.dump(key) for run in sorted(runs) for key in sorted(store.keys(f"run:{{{run}}}:*"))]
    names = "','".join(sorted(runs))
    rows = topology.query(f"SELECT * FROM runs_run WHERE id IN ('{names}') ORDER BY id")
    return streams, rows, topology.query(f"SELECT * FROM runs_checkpoint WHERE run_id IN ('{names}') ORDER BY id")


# ------------------------------------------------------------------------------------------- the work

_ORDER = """
from playground.artifacts.models import Version
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker
order_check(Version.objects.latest("pk"))
wake_worker()
"""
_CHECKS = "SELECT state, attempt, verdict, reason FROM checks_check ORDER BY version_id DESC LIMIT 1"


def test_a_worker_is_killed_while_it_checks(page: Page, topology: Topology, model: Upstream) -> None:
    model.delay = 0
    page.goto(f"{topology.url}/new")
    make_wish(page, "a ball that swings")
    wait_for_version(page)
    checkers = ["checker-1", "checker-2"]
    for name in checkers:
        topology.start(name, "checker")
    wait_until(lambda: len(_active(topology, checkers)) == 2, child=topology.children[checkers[0]])
    topology.manage("shell", "-v", "0", "-c", _ORDER)
    wait_until(lambda: topology.query(_CHECKS)[0][0] == "running")
    (busy,) = [name for name, tasks in _active(topology, checkers).items() if tasks]
    topology.signal(busy, signal.SIGKILL)
    began = time.monotonic()
    wait_until(lambda: topology.query(_CHECKS)[0][0] == "done", 150)
    say(f"a killed checker: the check was done by the other {time.monotonic() - began:.0f} s later")
    _state, attempt, verdict, reason = topology.query(_CHECKS)[0]
    assert (attempt, reason) == (2, "")
    assert verdict in ("works_well", "usable")
    for name in checkers:
        topology.children[name].stop()


def test_a_builder_is_killed(topology: Topology) -> None:
    builders = ["builder-1", "builder-2"]
    for name in builders:
        topology.start(name, "builder")
    with serve_scripted() as scripted, builds.Person(topology, "builds") as person:
        topology.manage("shell", "-v", "0", "-c", builds.CONNECT.format(url=scripted.base_url, name="scripted"))
        wait_until(lambda: len(_active(topology, builders)) == 2, child=topology.children[builders[0]])
        run = person.build("lines, steps=16 delay=0.6", model="scripted", limits={"checks": 0})
        person.wait_for_step(run, 3)
        (busy,) = [name for name, tasks in _active(topology, builders).items() if tasks]
        topology.signal(busy, signal.SIGKILL)
        began = time.monotonic()
        left = person.get(f"/runs/{run}")["build"]["step"]
        person.wait_for_step(run, left + 1, 90)
        say(f"a killed builder: the other one has got further {time.monotonic() - began:.0f} s later")
        person.wait_for_end(run)
    journal = builds.journal_of(topology, run)
    builds.expect_once(journal)
    assert (journal["outcome"], journal["files"]) == ("done", builds.undisturbed(16))
    for name in builders:
        topology.children[name].stop()


def _active(topology: Topology, names: Sequence[str]) -> dict[str, list[object]]:
    """What each worker that answers does."""
    to = ",".join(f"{name}@localhost" for name in names)
    command = ["celery", "-A", "playground.config", "inspect", "active", "--json", "--destination", to]
    done = subprocess.run(command, env=topology.environment, capture_output=True, text=True)
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    return {name.removesuffix("@localhost"): tasks for name, tasks in told.items()}
