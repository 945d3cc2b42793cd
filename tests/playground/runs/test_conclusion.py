"""A run that ends after a person has edited the same page by hand: nothing of either is lost."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.models import User
from playground.artifacts.files import read_file
from playground.artifacts.models import Artifact, Maker, Version
from playground.artifacts.services import Origin, add_version, create_artifact
from playground.protocol import RunRequest, VersionSaved
from playground.runs import services
from playground.runs.following import follow
from playground.runs.models import Run
from tests.conftest import connect_model
from tests.upstream import Upstream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("answers")]

PAGE = "<title>Ball</title>\n<p>one</p>\n<p>two</p>\n<p>three</p>\n"


@pytest.fixture
def answers(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the model says; to be changed."""
    monkeypatch.setattr(upstream, "answers", dict(upstream.answers))
    return upstream.answers


@pytest.fixture
def artifact(alice: User) -> Artifact:
    return create_artifact(owner=alice, title="Ball", files={"index.html": PAGE.encode()}).artifact


def edit_by_hand(artifact: Artifact, alice: User, old: str, new: str) -> Version:
    origin = Origin(Maker.HAND, parent=artifact.latest)
    return add_version(artifact=artifact, author=alice, files={"index.html": text_with(old, new)}, origin=origin)


def text_with(*replacements: str) -> bytes:
    text = PAGE
    for old, new in zip(replacements[::2], replacements[1::2], strict=True):
        text = text.replace(old, new)
    return text.encode()


async def run_over(upstream: Upstream, alice: User, artifact: Artifact, answer: str, *, old: str, new: str) -> Run:
    """A wish whose answer is an edit of the page; `old` becomes `new` by hand while it is being written."""
    upstream.answers["good"] = answer
    await sync_to_async(connect_model)(upstream.base_url, "good")
    wish = RunRequest(prompt="change it", model="good", artifact=artifact.pk)
    run = await services.start(user=alice, address="127.0.0.1", request=wish)
    if old:
        await sync_to_async(edit_by_hand)(artifact, alice, old, new)
    async with asyncio.timeout(30):
        events = [frame.event async for frame in follow(run.pk)]
    saved = [event for event in events if isinstance(event, VersionSaved)]
    assert len(saved) == 1
    run = await Run.objects.select_related("version__parent", "base", "conversation__artifact").aget(pk=run.pk)
    run.saved = saved[0]  # type: ignore[attr-defined]
    return run


def edit(old: str, new: str) -> str:
    return f"```html index.html\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n```\n"


async def read_page(version: Version) -> bytes:
    return await sync_to_async(read_file)(version.files["index.html"])


async def test_an_edit_elsewhere_is_merged_in(upstream: Upstream, alice: User, artifact: Artifact) -> None:
    answer = edit("<p>three</p>", "<p>by the model</p>")
    run = await run_over(upstream, alice, artifact, answer, old="one", new="by hand")
    version = run.version
    assert version
    assert version.parent
    assert (version.number, version.parent.number, version.maker) == (3, 2, Maker.MODEL)
    assert await read_page(version) == text_with("one", "by hand", "three", "by the model")
    assert (run.saved.edit, run.saved.is_merged) == (2, True)  # type: ignore[attr-defined]


async def test_an_edit_of_the_same_lines_stands_beside_it(upstream: Upstream, alice: User, artifact: Artifact) -> None:
    answer = edit("<p>one</p>", "<p>by the model</p>")
    run = await run_over(upstream, alice, artifact, answer, old="one", new="by hand")
    version = run.version
    assert version
    assert version.parent
    assert (version.number, version.parent.number) == (3, 1)
    assert await read_page(version) == text_with("one", "by the model")
    assert await read_page(await Version.objects.aget(artifact=artifact, number=2)) == text_with("one", "by hand")
    assert (run.saved.edit, run.saved.is_merged) == (2, False)  # type: ignore[attr-defined]


async def test_a_wish_goes_on_from_what_was_edited_before_it(
    upstream: Upstream, alice: User, artifact: Artifact
) -> None:
    answer = edit("<p>three</p>", "<p>by the model</p>")
    first = await run_over(upstream, alice, artifact, answer, old="", new="")
    assert first.saved.edit is None  # type: ignore[attr-defined]
    hand = await sync_to_async(edit_by_hand)(artifact, alice, "one", "by hand")
    upstream.answers["good"] = edit("<p>two</p>", "<p>2</p>")
    wish = RunRequest(prompt="more", model="good", parent=first.pk)
    second = await services.start(user=alice, address="127.0.0.1", request=wish)
    async with asyncio.timeout(30):
        _ = [frame async for frame in follow(second.pk)]
    second = await Run.objects.select_related("version", "base").aget(pk=second.pk)
    assert second.base == hand
    assert second.version
    assert await read_page(second.version) == text_with("one", "by hand", "two", "2")
    assert "by hand" in str(upstream.requests[-1].body)
