"""One answer at a time in a conversation: what is asked meanwhile waits, in order; none is lost or answered twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.models import Charge, User
from playground.errors import PlaygroundError, QuotaExceeded
from playground.protocol import RaceRequest, Role, RunRequest, RunStatus
from playground.runs import queue, races, services
from playground.runs.handover import handover
from playground.runs.leases import claim
from playground.runs.models import Conversation, Run, RunQuerySet
from playground.runs.sharing import close_link, join, open_link
from playground.runs.tasks import _resume_all
from tests.conftest import connect_model
from tests.playground.runs.test_takeover import expire, kill_producer
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def slow(upstream: Upstream) -> AsyncIterator[Upstream]:
    upstream.delay = 0.002
    await sync_to_async(connect_model)(upstream.base_url, "good")
    yield upstream
    upstream.delay = 0.0


async def ask(user: User, prompt: str, conversation: str | None = None, **more: object) -> Run:
    body = {"prompt": prompt, "conversation": conversation, "follows": True, **more}
    return await services.start(user=user, address="10.0.0.1", request=RunRequest.model_validate(body))


async def poll(runs: RunQuerySet, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
    """Until there are none of them."""
    deadline = time.monotonic() + 60
    for _ in iter(lambda: time.monotonic() < deadline, False):
        if not await runs.aexists():
            return
        if meanwhile:
            await meanwhile()
        await asyncio.sleep(0.01)
    raise TimeoutError


async def until_over(conversation: str) -> list[Run]:
    """All runs of the conversation, as they stand when none is open. Never two were written at once."""

    async def check() -> None:
        assert await runs.running().acount() <= 1

    runs = Run.objects.filter(conversation=conversation)
    await poll(runs.open(), check)
    return [run async for run in runs]


async def share(conversation: str, user: User) -> None:
    """Let `user` write along."""

    def work() -> None:
        shared = Conversation.objects.get(pk=conversation)
        open_link(shared, Role.WRITER)
        join(user, shared.links.get(role=Role.WRITER).token)

    await sync_to_async(work)()


async def test_wishes_of_two_are_answered_one_after_the_other(slow: Upstream, alice: User, bob: User) -> None:
    first = await ask(alice, "one")
    await share(first.conversation_id, bob)
    second = await ask(bob, "two", first.conversation_id, parent=first.pk)
    third = await ask(alice, "three", first.conversation_id, parent=first.pk)
    assert (first.status, second.status, third.status) == ("running", "queued", "queued")
    runs = await until_over(first.conversation_id)
    assert [run.prompt for run in runs] == ["one", "two", "three"]
    assert [run.status for run in runs] == ["finished"] * 3
    assert [run.parent_id for run in runs] == [None, first.pk, second.pk]
    assert runs[1].created_at >= runs[0].finished_at  # type: ignore[operator]  # the clock of a run is that of its answer
    payers = [charge.user_id async for charge in Charge.objects.order_by("started_at")]
    assert payers == [alice.pk, bob.pk, alice.pk]
    versions = [run.version_id for run in runs]
    assert None not in versions
    assert runs[2].base_id == runs[1].version_id


async def test_many_at_the_same_instant_make_one_run_and_lose_none(slow: Upstream, alice: User, bob: User) -> None:
    first = await ask(alice, "first")
    await until_over(first.conversation_id)
    await share(first.conversation_id, bob)
    asked = [ask([alice, bob][number % 2], str(number), first.conversation_id, parent=first.pk) for number in range(8)]
    runs = await asyncio.gather(*asked)
    assert sorted(run.status for run in runs) == ["queued"] * 7 + ["running"]
    told = await until_over(first.conversation_id)
    assert {run.prompt for run in told} == {"first", *map(str, range(8))}
    assert len(slow.requests[-9:]) == 9
    parents = [run.parent_id for run in told]
    assert parents == [None, *(run.pk for run in told[:-1])]  # one branch


async def test_a_branch_stays_a_branch(slow: Upstream, alice: User) -> None:
    first = await ask(alice, "one")
    follow_up = await ask(alice, "two", first.conversation_id, parent=first.pk)
    again = await ask(alice, "one", first.conversation_id, parent=None, follows=False)
    await until_over(first.conversation_id)
    for run in (follow_up, again):
        await run.arefresh_from_db()
    assert (follow_up.parent_id, again.parent_id) == (first.pk, None)


async def test_a_wish_is_taken_back_and_gives_back_its_charge(slow: Upstream, alice: User) -> None:
    first = await ask(alice, "one")
    second = await ask(alice, "two", first.conversation_id, parent=first.pk)
    await services.cancel(second)
    assert second.status == RunStatus.CANCELLED
    runs = await until_over(first.conversation_id)
    assert [run.prompt for run in runs] == ["one"]
    assert await Charge.objects.acount() == 1
    await services.cancel(runs[0])  # over: harmless
    assert await Run.objects.filter(pk=first.pk).aexists()


async def test_a_stopped_answer_lets_the_next_one_begin(slow: Upstream, alice: User) -> None:
    await sync_to_async(connect_model)(slow.base_url, "endless")
    first = await ask(alice, "one", model="endless")
    await ask(alice, "two", first.conversation_id, parent=first.pk, model="good")
    await services.cancel(first)
    assert [run.status for run in await until_over(first.conversation_id)] == ["cancelled", "finished"]


async def test_it_survives_the_death_of_the_process(slow: Upstream, alice: User) -> None:
    """A worker goes on with the orphan, and then with what waits."""
    first = await ask(alice, "one")
    await ask(alice, "two", first.conversation_id, parent=first.pk)
    await kill_producer(first)
    await expire(first)
    orphan = await sync_to_async(claim)(first.pk)
    assert orphan
    await _resume_all([orphan])
    runs = [run async for run in Run.objects.all()]
    assert [run.status for run in runs] == ["finished"] * 2


async def test_a_worker_begins_what_nobody_goes_on_with(slow: Upstream, alice: User) -> None:
    first = await ask(alice, "one")
    await ask(alice, "two", first.conversation_id, parent=first.pk)
    handover.is_draining = True
    try:
        await poll(Run.objects.running())
        await asyncio.sleep(0.1)
        assert await Run.objects.waiting().acount() == 1
    finally:
        handover.is_draining = False
    stalled = await sync_to_async(queue.find_stalled)()
    assert stalled == [first.conversation_id]
    await _resume_all([], stalled)
    assert [run.status for run in await until_over(first.conversation_id)] == ["finished"] * 2


async def test_a_queue_that_stands_still_is_set_going_by_the_next_wish(slow: Upstream, alice: User) -> None:
    """As when an answer ends in the moment in which a wish is put behind it."""
    first = await ask(alice, "one")
    await until_over(first.conversation_id)
    await Run.objects.acreate(
        conversation_id=first.conversation_id, author=alice, prompt="two", model_id=first.model_id, model_name="good"
    )
    third = await ask(alice, "three", first.conversation_id, parent=first.pk)
    assert third.status == "queued"
    assert [run.status for run in await until_over(first.conversation_id)] == ["finished"] * 3


async def test_limits_and_models_are_looked_at_again_when_the_turn_comes(slow: Upstream, alice: User) -> None:
    first = await ask(alice, "one")
    await ask(alice, "two", first.conversation_id, parent=first.pk)
    await ask(alice, "three", first.conversation_id, parent=first.pk)
    alice.tokens_per_day = 1
    await alice.asave()
    runs = await until_over(first.conversation_id)
    assert [(run.error or {}).get("code") for run in runs] == [None, "quota_exceeded", "quota_exceeded"]
    alice.tokens_per_day = 0
    await alice.asave()
    gone = await sync_to_async(connect_model)(slow.base_url, "other-model")
    for number, model in enumerate(["good", "other-model", "good"]):
        await ask(alice, str(number), first.conversation_id, parent=first.pk, model=model)
    await gone.adelete()
    runs = await until_over(first.conversation_id)
    assert [(run.error or {}).get("code") for run in runs[3:]] == [None, "model_missing", None]


async def test_who_may_no_longer_write_waits_no_longer(slow: Upstream, alice: User, bob: User) -> None:
    first = await ask(alice, "one")
    await share(first.conversation_id, bob)
    await ask(bob, "two", first.conversation_id, parent=first.pk)
    await sync_to_async(lambda: close_link(Conversation.objects.get(pk=first.conversation_id), Role.WRITER))()
    assert [run.prompt for run in await until_over(first.conversation_id)] == ["one"]


async def test_a_queue_has_an_end(slow: Upstream, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST", 1)
    first = await ask(alice, "one")
    await ask(alice, "two", first.conversation_id, parent=first.pk)
    with pytest.raises(QuotaExceeded) as refusal:
        await ask(alice, "three", first.conversation_id, parent=first.pk)
    assert refusal.value.code == "too_many_waiting"
    await until_over(first.conversation_id)


async def test_a_race_needs_the_conversation_for_itself(slow: Upstream, alice: User) -> None:
    await sync_to_async(connect_model)(slow.base_url, "no-usage")
    first = await ask(alice, "one")
    request = RaceRequest(prompt="a race", conversation=first.conversation_id, models=["good", "no-usage"])
    with pytest.raises(PlaygroundError) as refusal:
        await races.start_race(user=alice, address="", request=request)
    assert refusal.value.code == "busy"
    await until_over(first.conversation_id)
    race = await races.start_race(user=alice, address="", request=request)
    waiting = await ask(alice, "after it", first.conversation_id, parent=first.pk)
    assert waiting.status == "queued"
    await poll(Run.objects.open())
    await waiting.arefresh_from_db()
    assert waiting.parent_id == first.pk  # nobody has kept a lane
    lanes = [lane async for lane in Run.objects.filter(race=race)]
    assert all(lane.finished_at and lane.finished_at <= waiting.created_at for lane in lanes)
