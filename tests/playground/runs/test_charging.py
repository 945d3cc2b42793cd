"""Whatever way an answer ends, what it used is charged."""

import asyncio
from decimal import Decimal

import pytest
from asgiref.sync import sync_to_async
from pytest_django.fixtures import Settings

from playground.accounts.models import Charge, User
from playground.errors import QuotaExceeded
from playground.gateway.models import Endpoint, Source
from playground.protocol import RaceRequest, RunRequest
from playground.runs import services
from playground.runs.following import follow
from playground.runs.models import Conversation, Run
from playground.runs.races import start_race
from tests.conftest import connect_model
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


async def start(upstream: Upstream, model_id: str, user: User) -> Run:
    await sync_to_async(connect_model)(upstream.base_url, model_id, price_input=2, price_output=10)
    request = RunRequest(prompt="a page", model=model_id)
    return await services.start(user=user, address="10.0.0.1", request=request)


async def settled(run: str) -> Charge:
    for _ in range(600):
        charge = await Charge.objects.aget(run=run)
        if charge.ended_at:
            return charge
        await asyncio.sleep(0.05)
    raise TimeoutError("the charge is never settled")


async def test_a_finished_answer_costs_what_the_server_reports(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "good", alice)
    charge = await settled(run.pk)
    await run.arefresh_from_db()
    assert run.usage
    used = (charge.input_tokens, charge.output_tokens)
    assert used == (run.usage["input_tokens"], run.usage["output_tokens"])
    assert charge.cost == Decimal(2 * used[0] + 10 * used[1]) / 1_000_000
    assert (charge.status, charge.is_estimated, charge.address) == ("finished", False, "10.0.0.1")


async def test_a_stopped_answer_costs_an_estimate(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "pauses", alice)
    async for frame in follow(run.pk):
        if frame.event.type == "text.delta":
            break
    await services.cancel(run)
    charge = await settled(run.pk)
    assert (charge.status, charge.is_estimated) == ("cancelled", True)
    assert charge.input_tokens > 0
    assert charge.cost
    assert charge.cost > 0


async def test_a_failed_answer_names_its_error(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "unauthorized", alice)
    charge = await settled(run.pk)
    await run.arefresh_from_db()
    assert run.error
    assert (charge.status, charge.error) == ("failed", run.error["code"])
    assert (charge.input_tokens, charge.is_estimated) == (0, False)  # the server has done nothing


async def test_deleting_the_conversation_gives_nothing_back(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "pauses", alice)
    async for frame in follow(run.pk):
        if frame.event.type == "text.delta":
            break
    await services.cancel(run)
    await Conversation.objects.all().adelete()
    charge = await settled(run.pk)
    assert charge.input_tokens > 0


async def test_what_the_demo_reel_plays_is_free(upstream: Upstream, alice: User) -> None:
    await sync_to_async(connect_model)(upstream.base_url, "good")
    await Endpoint.objects.all().aupdate(source=Source.DEMO_REEL)
    run = await services.start(user=alice, address="", request=RunRequest(prompt="a page"))
    charge = await settled(run.pk)
    assert (charge.status, charge.input_tokens, charge.output_tokens, charge.cost) == ("finished", 0, 0, None)


async def test_a_race_is_charged_by_the_lane_and_refused_as_a_whole(
    upstream: Upstream, alice: User, settings: Settings
) -> None:
    settings.RUNS_PER_DAY = {"user": 3}
    for model_id in ("good", "other-model"):
        await sync_to_async(connect_model)(upstream.base_url, model_id)
    request = RaceRequest(prompt="a page", models=["good", "other-model"])
    _race = await start_race(user=alice, address="", request=request)
    async for run in Run.objects.all():
        assert (await settled(run.pk)).kind == "race"
    with pytest.raises(QuotaExceeded):
        await start_race(user=alice, address="", request=request)
    assert await Charge.objects.acount() == await Run.objects.acount() == 2
