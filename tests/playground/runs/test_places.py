"""Places that a wish points at: kept with the run, told to the model, and never more than they should be."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from pydantic import ValidationError

from playground.accounts.models import User
from playground.protocol import Place, RunRequest, RunStatus
from playground.reel.chat import ChatRequest as ReelRequest
from playground.runs import services
from playground.runs.presenting import run_info
from tests.behaviours import PAGE
from tests.conftest import connect_model
from tests.playground.runs.test_generation import finish, start
from tests.upstream import Upstream

PLACE: dict[str, Any] = {
    "page": "",
    "path": "body > canvas",
    "tag": "canvas",
    "id": "",
    "classes": [],
    "name": "",
    "text": "",
    "html": '<canvas width="200" height="200"></canvas>',
    "box": {"x": 8, "y": 8, "width": 200, "height": 200},
    "window": {"width": 800, "height": 600},
    "point": {"x": 20, "y": 30},
}
LINE = PAGE[: PAGE.index("<canvas")].count("\n") + 1


def test_what_hides_or_breaks_the_line_is_taken_out() -> None:
    place = Place.model_validate(PLACE | {"text": "a\u202eb\0c\n\n---\n\nd\u200b", "classes": ["x\ty"]})
    assert (place.text, place.classes) == ("ab c --- d", ["x y"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": ""},
        {"path": "x" * 601},
        {"tag": "b><script>"},
        {"tag": ""},
        {"text": "x" * 241},
        {"html": "x" * 601},
        {"classes": ["a"] * 13},
        {"classes": ["a" * 81]},
        {"box": {"x": float("nan"), "y": 0, "width": 1, "height": 1}},
        {"box": {"x": 1e9, "y": 0, "width": 1, "height": 1}},
        {"window": None},
        {"point": {"x": 1}},
        {"more": 1},
    ],
)
def test_a_place_is_small_and_well_formed(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Place.model_validate(PLACE | wrong)


def test_there_are_few() -> None:
    RunRequest.model_validate({"prompt": "a", "places": [PLACE] * 8})
    with pytest.raises(ValidationError):
        RunRequest.model_validate({"prompt": "a", "places": [PLACE] * 9})


@pytest.mark.django_db(transaction=True)
async def test_the_model_is_told_and_the_run_remembers(upstream: Upstream, alice: User, bob: User) -> None:
    first = await start(upstream, "good", alice)
    await finish(first)
    await sync_to_async(connect_model)(upstream.base_url, "cut-middle")
    body = RunRequest.model_validate(
        {"prompt": "make ① blue", "model": "cut-middle", "parent": first.pk, "places": [PLACE]}
    )
    cut = await services.start(user=alice, address="127.0.0.1", request=body)
    await finish(cut)
    assert cut.status == RunStatus.FAILED
    messages = upstream.requests[-1].body["messages"]
    wish = next(message for message in messages if message["content"].startswith("make ① blue"))
    assert f"① <canvas>, in index.html:{LINE}\n" in wish["content"]
    assert "point: 20, 30 px from its upper left corner" in wish["content"]
    assert "These are the files as they stand." in wish["content"]
    assert ReelRequest.model_validate({"messages": [wish]}).wish == "make ① blue"

    request = RunRequest(prompt="x", model="good", continues=cut.pk)
    rest = await services.start(user=alice, address="127.0.0.1", request=request)
    await finish(rest)
    for run in (cut, rest):
        shown = await sync_to_async(lambda run=run: run_info(type(run).objects.get(pk=run.pk)))()
        assert shown.places == [Place.model_validate(PLACE)]

    later = RunRequest(prompt="and larger", model="good", parent=rest.pk)
    await finish(await services.start(user=alice, address="127.0.0.1", request=later))
    *_, before, _, wish = upstream.requests[-1].body["messages"]
    assert "① <canvas>\n\n" in before["content"]  # without a line: the files have changed since
    assert "①" not in wish["content"]

    client = Client()
    await sync_to_async(client.force_login)(bob)
    answer = await sync_to_async(client.get)(f"/api/runs/{cut.pk}")
    assert answer.status_code == 404
