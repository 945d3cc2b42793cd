"""One answer in several requests, against a real model server that cuts, drops, and misquotes."""

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.models import User
from playground.artifacts.edits.reading import FileReader
from playground.artifacts.files import read_file
from playground.artifacts.services import create_artifact
from playground.errors import PlaygroundError
from playground.protocol import EditFailed, FileClosed, FileOpened, RunFinished, RunRequest, RunStatus, SegmentStarted
from playground.runs import segments, services
from playground.runs.models import Run
from playground.runs.segments import is_looping
from tests.behaviours import ANSWER, PAGE
from tests.conftest import connect_model
from tests.playground.runs.test_generation import finish, start
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

BASE = "<!DOCTYPE html>\n<html>\n<body>\n<h1>One</h1>\n<p>two</p>\n<p>two</p>\n</body>\n</html>\n"


def edit(search: str, replace: str) -> str:
    return f"```html index.html\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n```\n"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "PAUSE", 0.0)


async def saved_page(run: Run) -> str:
    version = await sync_to_async(lambda: run.version)()
    assert version
    return (await sync_to_async(read_file)(version.files["index.html"])).decode()


def reasons(events: list[object]) -> list[str]:
    return [event.reason for event in events if isinstance(event, SegmentStarted)]


@pytest.mark.parametrize("owner", ["somebody", "vllm"])
@pytest.mark.parametrize("model", ["cut-at-limit", "dropped"])
async def test_a_cut_answer_goes_on_by_itself(upstream: Upstream, alice: User, model: str, owner: str) -> None:
    upstream.owner = owner
    before = len(upstream.requests)
    run = await start(upstream, model, alice)
    events = await finish(run)
    upstream.owner = "somebody"
    assert run.status == RunStatus.FINISHED
    assert await saved_page(run) == PAGE
    assert set(reasons(events)) == {"continue"}
    assert len(upstream.requests) - before == len(reasons(events)) + 1
    assert [event for event in events if isinstance(event, FileClosed)] == [
        FileClosed(path="index.html", complete=True)
    ]
    last = upstream.requests[-1].body
    assert last["messages"][-1]["role"] == ("assistant" if owner == "vllm" else "user")
    assert last.get("continue_final_message", False) is (owner == "vllm")


async def test_a_limit_that_a_person_has_set_is_kept_and_continue_goes_on(upstream: Upstream, alice: User) -> None:
    run = await start(upstream, "cut-at-limit", alice, sampling={"max_tokens": 100})
    events = await finish(run)
    assert reasons(events) == []
    assert events[-1] == RunFinished(reason="length")
    more = RunRequest(prompt="go on", continues=run.pk)
    resumed = await services.start(user=alice, address="127.0.0.1", request=more)
    events = await finish(resumed)
    assert resumed.prompt == run.prompt
    assert resumed.parent_id == run.parent_id
    assert reasons(events)[0] == "continue"
    assert await saved_page(resumed) == PAGE


async def test_nobody_continues_what_is_not_theirs_or_not_there(upstream: Upstream, alice: User, bob: User) -> None:
    run = await start(upstream, "unauthorized", alice)
    await finish(run)
    for user, code in ((bob, "run_not_found"), (alice, "nothing_to_continue")):
        with pytest.raises(PlaygroundError) as refused:
            await services.start(
                user=user, address="127.0.0.1", request=RunRequest(prompt="x", continues=run.pk, model="unauthorized")
            )
        assert refused.value.code == code


async def ask_for_change(upstream: Upstream, user: User, *answers: str) -> tuple[Run, list[object]]:
    """A wish about a page that is there, answered by each of `answers` in turn."""
    upstream.turns["edits"] = list(answers)
    await sync_to_async(connect_model)(upstream.base_url, "edits")
    version = await sync_to_async(create_artifact)(owner=user, title="Page", files={"index.html": BASE.encode()})
    request = RunRequest(prompt="change it", model="edits", artifact=version.artifact_id)
    run = await services.start(user=user, address="127.0.0.1", request=request)
    return run, await finish(run)


async def test_an_edit_changes_the_page_and_nothing_else(upstream: Upstream, alice: User) -> None:
    run, events = await ask_for_change(upstream, alice, "Done.\n\n" + edit("<h1>One</h1>\n", "<h1>1</h1>\n"))
    assert await saved_page(run) == BASE.replace("One", "1")
    opened = next(event for event in events if isinstance(event, FileOpened))
    assert opened.is_edit
    reader = FileReader("index.html")
    for event in events:
        reader.take(event)  # type: ignore[arg-type]  # events
    assert reader.text == BASE.replace("One", "1")
    asked = upstream.requests[-1].body["messages"][-1]["content"]
    assert asked.startswith("change it")
    assert BASE.strip() in asked
    assert "SEARCH" in asked


async def test_an_edit_without_a_place_is_asked_for_again(upstream: Upstream, alice: User) -> None:
    good, ambiguous = edit("<h1>One</h1>\n", "<h1>1</h1>\n"), edit("<p>two</p>\n", "<p>2</p>\n")
    better = edit("<h1>1</h1>\n<p>two</p>\n", "<h1>1</h1>\n<p>2</p>\n")
    run, events = await ask_for_change(upstream, alice, good + ambiguous, better)
    assert reasons(events) == ["repair"]
    assert [event.found for event in events if isinstance(event, EditFailed)] == [2]
    assert await saved_page(run) == BASE.replace("One", "1").replace("two", "2", 1)
    asked = upstream.requests[-1].body["messages"][-1]["content"]
    assert "stands in 2 places" in asked
    assert BASE.replace("One", "1") in asked


async def test_what_still_does_not_fit_is_written_anew(upstream: Upstream, alice: User) -> None:
    wrong = edit("<p>nine</p>\n", "<p>9</p>\n")
    run, events = await ask_for_change(upstream, alice, wrong, wrong, f"```html index.html\n{PAGE}```\n")
    assert reasons(events) == ["repair", "rewrite"]
    assert await saved_page(run) == PAGE


async def test_after_that_what_did_apply_is_kept(upstream: Upstream, alice: User) -> None:
    good, wrong = edit("<h1>One</h1>\n", "<h1>1</h1>\n"), edit("<p>nine</p>\n", "<p>9</p>\n")
    run, events = await ask_for_change(upstream, alice, good + wrong, wrong, wrong)
    assert run.status == RunStatus.FINISHED
    assert len([event for event in events if isinstance(event, EditFailed)]) == 3
    assert await saved_page(run) == BASE.replace("One", "1")


def test_a_model_that_has_lost_itself_is_known() -> None:
    assert is_looping("start " + "and on and on. " * 1000)
    assert not is_looping(ANSWER * 3)
    assert not is_looping("short " * 10)
