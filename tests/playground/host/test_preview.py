"""The live preview: the page is served while it is written, and files wait until they are."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from playground.accounts.models import User
from playground.host import prelude
from playground.protocol import Event, FileClosed, FileDelta, FileOpened, Frame, RunFinished
from playground.runs import log
from playground.runs.models import Conversation, Run
from playground.runs.presenting import preview_url
from tests.conftest import HostClient, chunks_of

pytestmark = pytest.mark.django_db(transaction=True)


class Producer:
    def __init__(self, run: Run) -> None:
        self.run, self.seq = run, 0

    async def write(self, *events: Event) -> None:
        for event in events:
            self.seq += 1
            await log.append(self.run.pk, [Frame(run=self.run.pk, seq=self.seq, at=0, event=event)])


async def make_producer() -> Producer:
    user = await sync_to_async(User.objects.create_guest)()
    conversation = await Conversation.objects.acreate(owner=user, title="wish")
    run = await Run.objects.acreate(conversation=conversation, prompt="wish", model_name="m", status="running")
    return Producer(run)


async def load(run: Run, path: str = "") -> tuple[int, str]:
    host, _, address = (await sync_to_async(preview_url)(run)).removeprefix("http://").partition("/")
    answer = await HostClient(host).get(f"/{address}{path}")
    if not answer.streaming:
        return answer.status_code, answer.content.decode()
    return answer.status_code, b"".join([chunk async for chunk in chunks_of(answer)]).decode()


async def test_the_page_comes_before_its_end_is_written() -> None:
    producer = await make_producer()
    host, _, path = (await sync_to_async(preview_url)(producer.run)).removeprefix("http://").partition("/")
    await producer.write(FileOpened(path="index.html", language="html"), FileDelta(path="index.html", text="<h1>Hi"))
    async with asyncio.timeout(10):
        answer = await HostClient(host).get(f"/{path}")
        chunks = aiter(chunks_of(answer))
        assert await anext(chunks) == f"{prelude.tag()}<h1>Hi".encode()
        await producer.write(FileDelta(path="index.html", text="</h1>"), FileClosed(path="index.html", complete=True))
        assert await anext(chunks) == b"</h1>"
        assert b"".join([chunk async for chunk in chunks]) == b""
    assert "sandbox" in answer["Content-Security-Policy"]


async def test_a_file_waits_until_it_is_written() -> None:
    producer = await make_producer()
    await producer.write(FileOpened(path="index.html", language="html"), FileClosed(path="index.html", complete=True))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        loading = group.create_task(load(producer.run, "game.js"))
        await asyncio.sleep(0.2)
        assert not loading.done()
        await producer.write(
            FileOpened(path="game.js", language="javascript"),
            FileDelta(path="game.js", text="let a"),
            FileClosed(path="game.js", complete=True),
        )
    assert loading.result() == (200, "let a")


async def test_a_file_that_never_comes_is_not_found_at_the_end() -> None:
    producer = await make_producer()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        loading = group.create_task(load(producer.run, "missing.js"))
        await producer.write(RunFinished(reason="stop"))
    assert loading.result()[0] == 404
