"""Long conversations, against a real model server: what is told, what is counted, and what a person can take back."""

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from agents.llm.tokens import estimate_tokens
from playground.accounts.models import User
from playground.gateway.models import Model
from playground.protocol import ContextCondensed, RunRequest
from playground.runs import services
from playground.runs.models import Condensation, Run
from tests.conftest import connect_model
from tests.playground.runs.test_generation import finish
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "I remember. " * 600  # some 2,000 tokens
WINDOW = 8_000


@pytest.fixture
def model(upstream: Upstream) -> Model:
    return connect_model(upstream.base_url, "edits", context_window=WINDOW, output_limit=1_000)


async def converse(upstream: Upstream, user: User, *answers: str, parent: Run | None = None) -> list[Run]:
    """A wish for each answer, one after the other; extra answers go to whatever else is asked."""
    runs: list[Run] = []
    for number, answer in enumerate(answers):
        upstream.turns["edits"] = [answer]
        last = runs[-1] if runs else parent
        request = RunRequest(prompt=f"wish {number}", model="edits", parent=last.pk if last else None)
        runs.append(await services.start(user=user, address="127.0.0.1", request=request))
        await finish(runs[-1])
    return runs


async def follow_up(upstream: Upstream, user: User, parent: Run, *answers: str) -> tuple[Run, list[object]]:
    upstream.turns["edits"] = list(answers)
    request = RunRequest(prompt="and now?", model="edits", parent=parent.pk)
    run = await services.start(user=user, address="127.0.0.1", request=request)
    return run, await finish(run)


def told(upstream: Upstream) -> str:
    return "\n".join(str(message["content"]) for message in upstream.requests[-1].body["messages"])


async def test_a_full_window_is_condensed_and_what_was_said_stays(
    upstream: Upstream, alice: User, model: Model
) -> None:
    runs = await converse(upstream, alice, LONG, LONG, LONG)
    run, events = await follow_up(upstream, alice, runs[-1], "The person wants a blue ball.", "It is blue.")
    condensed = next(event for event in events if isinstance(event, ContextCondensed))
    assert (condensed.upto, condensed.runs) == (runs[1].pk, 2)
    asked = upstream.requests[-2].body["messages"]
    assert "Summarise this conversation" in asked[0]["content"]
    assert "wish 0" in asked[1]["content"]
    assert "The person wants a blue ball." in told(upstream)
    assert "wish 0" not in told(upstream)
    assert "wish 2" in told(upstream)
    assert told(upstream).count("I remember.") == 600  # the last answer alone is told in full
    assert upstream.requests[-1].body["max_tokens"] == 1_000
    assert await Run.objects.filter(conversation_id=run.conversation_id).acount() == 4


async def test_a_short_conversation_is_told_in_full(upstream: Upstream, alice: User, model: Model) -> None:
    runs = await converse(upstream, alice, "one", "two")
    _run, events = await follow_up(upstream, alice, runs[-1], "three")
    assert not any(isinstance(event, ContextCondensed) for event in events)
    assert "wish 0" in told(upstream)


async def test_without_a_summary_the_wishes_are_listed(upstream: Upstream, alice: User, model: Model) -> None:
    runs = await converse(upstream, alice, LONG, LONG, LONG)
    await follow_up(upstream, alice, runs[-1], " ", "It is blue.")
    condensation = await Condensation.objects.aget()
    assert condensation.is_outline
    assert condensation.summary == "- wish 0\n- wish 1"
    assert "- wish 1" in told(upstream)


async def test_a_person_condenses_and_takes_it_back(upstream: Upstream, alice: User, bob: User, model: Model) -> None:
    runs = await converse(upstream, alice, LONG, LONG)
    client, stranger = AsyncClient(), AsyncClient()
    await sync_to_async(client.force_login)(alice)
    await sync_to_async(stranger.force_login)(bob)
    context = (await client.get(f"/api/runs/{runs[1].pk}/context?model=edits")).json()
    assert context["window"] == WINDOW
    assert context["conversation"] > 2 * estimate_tokens(LONG) > context["files"]
    assert context["can_condense"]

    url = f"/api/runs/{runs[1].pk}/condensation?model=edits"
    assert (await stranger.put(url)).status_code == 404
    upstream.turns["edits"] = ["In short: remembered."]
    condensed = (await client.put(url)).json()
    assert (condensed["id"], condensed["condensation"]["summary"]) == (runs[0].pk, "In short: remembered.")
    assert condensed["condensation"]["saved"] > 1_000
    after = (await client.get(f"/api/runs/{runs[1].pk}/context?model=edits")).json()
    assert after["conversation"] < context["conversation"] - 1_000
    refused = await client.put(url)
    assert refused.json()["error"]["code"] == "nothing_to_condense"

    assert (await stranger.delete(f"/api/runs/{runs[0].pk}/condensation")).status_code == 404
    undone = (await client.delete(f"/api/runs/{runs[0].pk}/condensation")).json()
    assert undone["condensation"] is None
    assert (await client.get(f"/api/runs/{runs[1].pk}/context?model=edits")).json() == context


async def test_what_was_taken_back_is_not_condensed_again_by_itself(
    upstream: Upstream, alice: User, model: Model
) -> None:
    runs = await converse(upstream, alice, LONG, LONG, LONG)
    run, _events = await follow_up(upstream, alice, runs[-1], "In short.", "blue")
    client = AsyncClient()
    await sync_to_async(client.force_login)(alice)
    await client.delete(f"/api/runs/{runs[1].pk}/condensation")
    _run, events = await follow_up(upstream, alice, run, "green")
    assert not any(isinstance(event, ContextCondensed) for event in events)
    assert "wish 0" in told(upstream)
    limit = upstream.requests[-1].body["max_tokens"]
    assert 0 < limit <= 1_024  # what the window has left


async def test_a_branch_that_leaves_before_the_summary_is_told_in_full(
    upstream: Upstream, alice: User, model: Model
) -> None:
    runs = await converse(upstream, alice, "one", LONG, LONG, LONG)
    await follow_up(upstream, alice, runs[-1], "In short.", "blue")
    await follow_up(upstream, alice, runs[0], "another way")
    assert "In short." not in told(upstream)
    assert "wish 0" in told(upstream)


def test_estimates_know_scripts() -> None:
    assert estimate_tokens("") == 0
    assert 20 <= estimate_tokens("The quick brown fox jumps over the lazy dog, twice, and then it goes home.") <= 25
    assert 8 <= estimate_tokens("请做一个会弹跳的红色小球页面") <= 11
