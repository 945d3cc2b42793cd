"""Who may write, whose turn it is, and how people end a build: with owners that die, sleep, or never come."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.core import mail
from django.db.models import QuerySet
from django.utils import timezone

from agents.errors import ProviderError
from agents.events import Resumed, Warned
from playground.accounts.models import Charge, User
from playground.builds import leases, services, working
from playground.builds.ending import end_unheld
from playground.builds.host import DatabaseHost, Lost, Turn
from playground.builds.leases import claim_next, find_waiting, place_of, release
from playground.builds.means import first_event
from playground.builds.models import Build, Entry
from playground.builds.notices import send_notice
from playground.builds.working import MOST_CLAIMS, work_on
from playground.protocol import BuildPaused, RunFailed, RunFinished, RunRequest, RunStatus
from playground.runs import services as runs
from playground.runs.checkpoints import load_frames
from playground.runs.following import follow
from playground.runs.models import Run, RunQuerySet
from playground.runs.prompting import build_request
from playground.runs.queue import go_on
from playground.runs.takeover import reopen_log
from tests.playground.builds.scripts import FINISH, GOOD, PLAN, WRITE, play, start, work
from tests.playground.runs.test_queue import poll

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = "2020-01-01T00:00:00Z"


async def expire(run: Run) -> None:
    await Run.objects.filter(pk=run.pk).aupdate(lease_until=LONG_AGO)


async def claim(owner: str = "a") -> Build:
    build = await sync_to_async(claim_next)(owner)
    assert build
    return build


async def until(entries: QuerySet[Entry], count: int = 1) -> None:
    async with asyncio.timeout(30):
        while await entries.acount() < count:  # noqa: ASYNC110 - another task writes them
            await asyncio.sleep(0.005)


async def host_of(build: Build) -> DatabaseHost:
    journal = await sync_to_async(build.read_journal)()
    writer, _text = await reopen_log(build.run)
    return DatabaseHost(build, journal, writer, Turn(build, lambda: False))


async def entries_of(run: Run) -> list[tuple[int, int, str]]:
    return [(entry.seq, entry.fence, entry.kind) async for entry in Entry.objects.filter(build=run.pk)]


async def two_owners(run: Run) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str]], bool]:
    """One has the build and is cut off; another one goes on with it; then the first one writes. The journal before and
    after that, and whether it was refused.
    """
    first = await host_of(await claim("a"))
    await first.journal(await sync_to_async(first_event)(first.build))
    await expire(run)
    second = await host_of(await claim("b"))
    await second.journal(Resumed())
    before = await entries_of(run)
    is_refused = False
    try:
        await first.journal(Warned(rule="x", text="y"))
    except Lost:
        is_refused = True
    except Exception:  # whatever else keeps it out, it is not the fence
        is_refused = False
    return before, await entries_of(run), is_refused


async def test_who_has_lost_a_build_writes_nothing(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    before, after, is_refused = await two_owners(run)
    assert is_refused
    assert before == after
    assert await work() is None  # the second one has it


async def test_without_the_fence_that_would_be_noticed(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    """The mutation: were the fence not looked at, the test above would be red."""

    def forget(run: Run) -> RunQuerySet:
        return Run.objects.filter(pk=run.pk)

    play(monkeypatch, *GOOD)
    run = await start(alice)
    monkeypatch.setattr(leases, "held", forget)
    before, after, is_refused = await two_owners(run)
    assert not is_refused
    assert before == after  # the unique index still keeps it out


async def test_a_dead_owner_is_followed_by_another(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    build = await claim()
    killed = asyncio.create_task(work_on(build, lambda: False))  # noqa: TID251
    await until(Entry.objects.filter(build=run.pk, kind="tool.returned"))
    killed.cancel()
    await asyncio.wait({killed})
    await run.arefresh_from_db()
    if run.status == RunStatus.RUNNING:
        assert await work() is None  # the lease has not ended
        await expire(run)
        await work()
    await run.arefresh_from_db()
    assert run.status == RunStatus.FINISHED
    kinds = [kind for _seq, _fence, kind in await entries_of(run)]
    assert kinds.count("finished") == 1
    assert [seq for seq, _fence, _kind in await entries_of(run)] == list(range(len(kinds)))


async def test_five_tokens_are_as_good_as_one(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    """D7."""
    play(monkeypatch, *GOOD, delay=0.02)
    run = await start(alice)
    worked = await asyncio.gather(*(work() for _ in range(6)))
    assert sum(build is not None for build in worked) == 1
    assert [fence for _seq, fence, _kind in await entries_of(run)] == [1] * len(await entries_of(run))


async def test_a_clock_that_is_wrong_takes_nothing(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    """D10: leases go by the database's time, whatever the workers' clocks say."""
    play(monkeypatch, *GOOD)
    run = await start(alice)
    build = await claim()
    now = timezone.now
    for skew in (timedelta(seconds=25), timedelta(seconds=-25)):
        monkeypatch.setattr(timezone, "now", lambda skew=skew: now() + skew)
        assert await sync_to_async(claim_next)("b") is None
        assert await sync_to_async(leases.renew)(build.run)
        monkeypatch.setattr(timezone, "now", now)
        await run.arefresh_from_db()
        assert run.lease_until
        assert abs((run.lease_until - now() - leases.LEASE).total_seconds()) < 5


async def test_people_take_turns(monkeypatch: pytest.MonkeyPatch, alice: User, bob: User) -> None:
    """C5: alice has ordered thirty, bob one: his begins as soon as a slice is over."""
    play(monkeypatch, *GOOD)
    many = [await start(alice) for _ in range(30)]
    first = await claim()
    assert first.run_id == many[0].pk
    own = await start(bob)
    build = await Build.objects.select_related("run").aget(pk=own.pk)
    assert await sync_to_async(place_of)(build) == 1
    last = await Build.objects.select_related("run").aget(pk=many[-1].pk)
    assert await sync_to_async(place_of)(last) == 30
    assert await sync_to_async(leases.is_wanted)(first)
    await sync_to_async(release)(first.run)
    assert (await claim()).run_id == own.pk
    assert (await claim()).run_id == many[0].pk


async def test_a_slice_gives_way_only_to_others(monkeypatch: pytest.MonkeyPatch, alice: User, bob: User) -> None:
    monkeypatch.setattr("django.conf.settings.BUILD_SLICE", 0)
    play(monkeypatch, *GOOD)
    mine, _second = await start(alice), await start(alice)
    await work()
    await mine.arefresh_from_db()
    assert mine.status == RunStatus.FINISHED
    longer, other = await start(alice), await start(bob)
    build = await sync_to_async(leases.claim)(longer.pk, "x")
    assert build
    await work_on(build, lambda: False)
    kinds = [kind for _seq, _fence, kind in await entries_of(longer)]
    assert kinds == ["began", "paused"]
    assert await work()
    await other.arefresh_from_db()
    assert await sync_to_async(find_waiting().count)() >= 1


async def test_a_draining_worker_stops_between_two_steps(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    """D8, within: nothing is abandoned."""
    play(monkeypatch, *GOOD)
    run = await start(alice)
    build = await claim()
    await work_on(build, lambda: True)
    frames = await sync_to_async(load_frames)(run.pk, 0)
    (paused,) = [frame.event for frame in frames if isinstance(frame.event, BuildPaused)]
    assert paused.reason == "restart"
    assert [kind for _seq, _fence, kind in await entries_of(run)] == ["began", "paused"]
    await work()
    journal = await sync_to_async((await Build.objects.aget(pk=run.pk)).read_journal)()
    assert [event.abandoned for event in journal if isinstance(event, Resumed)] == [""]


@pytest.mark.parametrize("mode", ["now", "after_step", "keep_best"])
async def test_what_nobody_works_at_ends_at_once(monkeypatch: pytest.MonkeyPatch, alice: User, mode: str) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    await services.stop(run, mode)
    await poll(Run.objects.open().filter(pk=run.pk))
    frames = [frame async for frame in follow(run.pk)]
    await run.arefresh_from_db()
    if mode == "keep_best":  # there is nothing to keep
        assert isinstance(frames[-1].event, RunFailed)
    else:
        assert run.status == RunStatus.CANCELLED
        assert frames[-1].event == RunFinished(reason="cancelled")
    charge = await Charge.objects.aget(run=run.pk)
    assert charge.ended_at


async def test_keep_best_publishes_what_there_is(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, [PLAN, WRITE], ["thinking …"] * 200, delay=0.05)
    run = await start(alice)
    build = await claim()
    async with asyncio.TaskGroup() as group:
        group.create_task(work_on(build, lambda: False))
        await until(Entry.objects.filter(build=run.pk, kind="tool.returned"), 2)
        await services.stop(run, "keep_best")
    await run.arefresh_from_db()
    build = await Build.objects.aget(pk=run.pk)
    assert (run.status, build.outcome, build.code) == (RunStatus.FINISHED, "partial", "stopped")
    assert run.version_id


async def test_cancelled_while_the_owner_is_dead(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    """C2 and C3: what is wanted stands in the database, and whoever comes next sees to it."""
    provider = play(monkeypatch, *GOOD)
    run = await start(alice)
    await claim("dead")
    await runs.cancel(run)
    await end_unheld(run.pk)  # held by somebody, as far as is known
    await run.arefresh_from_db()
    assert run.status == RunStatus.RUNNING
    await expire(run)
    await work()
    await run.arefresh_from_db()
    assert run.status == RunStatus.CANCELLED
    assert not provider.requests


async def test_a_model_that_is_away_pauses_the_build(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    refusal = ProviderError("rate_limited", "Later.", retryable=True, retry_after=1_000)
    play(monkeypatch, [refusal])
    run = await start(alice)
    await work()
    build = await Build.objects.select_related("run").aget(pk=run.pk)
    info = await sync_to_async(build.info)()
    assert (info.state, build.pauses) == ("paused", 1)
    assert info.resumes_at
    assert await work() is None
    await Build.objects.filter(pk=run.pk).aupdate(resumes_at=LONG_AGO, pauses=working.MOST_PAUSES + 1)
    await work()
    await run.arefresh_from_db()
    assert run.status == RunStatus.FAILED  # nothing was there to keep


async def test_what_ends_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    for _ in range(MOST_CLAIMS):
        await claim()
        await expire(run)
    await work()
    await run.arefresh_from_db()
    assert (run.status, (run.error or {})["code"]) == (RunStatus.FAILED, "crash_loop")


async def test_a_deleted_conversation_ends_the_work_and_is_paid_for(
    monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    build = await claim()
    host = await host_of(build)
    await host.journal(await sync_to_async(first_event)(build))
    await expire(run)
    build = await claim()
    await run.conversation.adelete()
    await work_on(build, lambda: False)
    assert (await Charge.objects.aget(run=run.pk)).ended_at


async def test_answers_and_builds_go_on_from_each_other(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    provider = play(monkeypatch, *GOOD)
    run = await start(alice)
    await work()
    chat = await sync_to_async(runs.create_run)(
        user=alice,
        address="x",
        request=RunRequest.model_validate({"prompt": "blue", "conversation": run.conversation_id, "follows": True}),
    )
    assert chat.parent_id == run.pk
    request = await sync_to_async(build_request)(chat)
    assert "A page that counts." in request.messages[2].text
    assert "<h1>0</h1>" in request.messages[-1].text
    await Run.objects.filter(pk=chat.pk).aupdate(status=RunStatus.FINISHED)
    play(monkeypatch, [WRITE], [FINISH])
    second = await start(alice, prompt="bigger", conversation=run.conversation_id, follows=True)
    assert second.parent_id == chat.pk
    build = await work()
    assert build
    journal = await sync_to_async(build.read_journal)()
    assert set(journal[0].task.files) == {"index.html"}  # type: ignore[union-attr]
    assert "blue" in journal[0].task.prompt  # type: ignore[union-attr]
    assert provider.requests


async def test_a_wish_waits_for_the_build_and_a_build_for_the_answer(
    monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    waiting = await start(alice, prompt="more", conversation=run.conversation_id, follows=True)
    assert waiting.status == RunStatus.QUEUED
    await work()
    await go_on(run.conversation_id)
    await waiting.arefresh_from_db()
    assert (waiting.status, waiting.parent_id) == (RunStatus.RUNNING, run.pk)
    await work()
    await waiting.arefresh_from_db()
    assert waiting.base_id
    assert waiting.status == RunStatus.FINISHED


async def test_who_wants_it_is_told_by_mail_once(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    await work()
    assert not await sync_to_async(send_notice)(run.pk)
    await User.objects.filter(pk=alice.pk).aupdate(mails_builds=True)
    assert await sync_to_async(send_notice)(run.pk)
    assert not await sync_to_async(send_notice)(run.pk)
    (letter,) = mail.outbox
    assert letter.subject == "Built: Counter"
    assert "/a/" in letter.body
    assert letter.to == [alice.email]
