"""The live preview: the page is served while it is written, and files wait until they are."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.test import override_settings

from playground.accounts.models import User
from playground.artifacts.addresses import shelf_url
from playground.artifacts.services import create_artifact
from playground.host import prelude
from playground.protocol import (
    EditClosed,
    EditDelta,
    EditOpened,
    Event,
    FileClosed,
    FileDelta,
    FileOpened,
    Frame,
    RunFinished,
)
from playground.runs.models import Conversation, Run
from playground.runs.presenting import preview_url
from tests.conftest import HostClient, chunks_of
from tests.playground.runs.messages import append

pytestmark = pytest.mark.django_db(transaction=True)


class Producer:
    def __init__(self, run: Run) -> None:
        self.run, self.seq = run, 0

    async def write(self, *events: Event) -> None:
        for event in events:
            self.seq += 1
            await append(self.run.pk, [Frame(run=self.run.pk, seq=self.seq, at=0, event=event)])


async def make_producer() -> Producer:
    user = await sync_to_async(User.objects.create_guest)()
    conversation = await Conversation.objects.acreate(owner=user, title="wish")
    run = await Run.objects.acreate(conversation=conversation, prompt="wish", model_name="m", status="running")
    return Producer(run)


async def load(run: Run, path: str = "", **headers: str) -> tuple[int, str]:
    host, _, address = (await sync_to_async(preview_url)(run)).removeprefix("http://").partition("/")
    answer = await HostClient(host).get(f"/{address}{path}", headers=headers)
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


async def write_file(producer: Producer, path: str, text: str) -> None:
    await producer.write(
        FileOpened(path=path, language=""), FileDelta(path=path, text=text), FileClosed(path=path, complete=True)
    )


async def test_text_is_rewritten_as_it_comes() -> None:
    producer = await make_producer()
    await producer.write(FileOpened(path="index.html", language="html"))
    for part in ('<!doctype html><script src="https://unp', "kg.com/three@0.128.0/a.js", '"></script><p>'):
        await producer.write(FileDelta(path="index.html", text=part))
    await producer.write(FileClosed(path="index.html", complete=True))
    three = f"{shelf_url()}/web/unpkg.com/three@0.128.0/a.js"
    page = f'<!doctype html>{prelude.tag()}<script crossorigin src="{three}"></script><p>'
    assert await load(producer.run) == (200, page)


async def test_an_edited_file_comes_when_its_edits_are_done() -> None:
    producer = await make_producer()
    await producer.write(FileOpened(path="a.css", language="css", is_edit=True))
    await producer.write(FileDelta(path="a.css", text="a {}\nb {}\n"))
    await producer.write(EditOpened(path="a.css", line=1, count=1), EditDelta(path="a.css", text="c {}\n"))
    await producer.write(EditClosed(path="a.css"), FileClosed(path="a.css", complete=True))
    assert await load(producer.run, "a.css") == (200, "a {}\nc {}\n")


async def test_scripts_leave_the_names_of_the_import_map() -> None:
    producer = await make_producer()
    page = '<script type="importmap">{"imports": {"three": "./three.js"}}</script>'
    await write_file(producer, "index.html", page)
    await write_file(producer, "game.js", 'import "three"; import "lit"')
    assert await load(producer.run, "game.js") == (200, f'import "three"; import "{shelf_url()}/esm/lit@latest"')


async def test_a_component_is_shown_at_once_and_built_when_it_is_there() -> None:
    producer = await make_producer()
    await producer.write(FileOpened(path="App.jsx", language="jsx"))
    async with asyncio.timeout(10):
        status, page = await load(producer.run)
    assert (status, 'import * as app from "./App.jsx"' in page) == (200, True)
    await producer.write(FileDelta(path="App.jsx", text="export default () => <b/>"))
    await producer.write(FileClosed(path="App.jsx", complete=True))
    assert "jsx-runtime" in (await load(producer.run, "App.jsx"))[1]
    assert "jsx-runtime" in (await load(producer.run, "App", **{"Sec-Fetch-Dest": "script"}))[1]


async def test_a_lone_script_is_the_page_when_no_other_came() -> None:
    producer = await make_producer()
    await write_file(producer, "sketch.js", "function draw() {}")
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        loading = group.create_task(load(producer.run))
        await asyncio.sleep(0.2)
        assert not loading.done()
        await producer.write(RunFinished(reason="stop"))
    assert "p5.min.js" in loading.result()[1]


async def test_what_the_run_does_not_write_comes_from_its_base() -> None:
    producer = await make_producer()
    files = {"index.html": b'<script type=importmap>{"imports":{"lit":"./lit.js"}}</script>', "old.js": b"let old"}
    owner = producer.run.conversation.owner
    base = await sync_to_async(create_artifact)(owner=owner, title="", files=files)
    await Conversation.objects.filter(pk=producer.run.conversation_id).aupdate(base=base)
    await write_file(producer, "game.js", 'import "lit"')
    assert await load(producer.run, "game.js") == (200, 'import "lit"')
    await producer.write(RunFinished(reason="stop"))
    assert await load(producer.run, "old.js") == (200, "let old")
    assert "importmap" in (await load(producer.run))[1]


@override_settings(HEARTBEAT=0.1)
async def test_who_waits_is_led_to_the_same_address() -> None:
    """Before a proxy takes the connection for dead. An edited file is begun when it is done."""
    producer = await make_producer()
    await write_file(producer, "index.html", "<p>")
    await producer.write(FileOpened(path="edited.js", language="javascript", is_edit=True))
    for path in ("missing.js", "edited.js"):
        host, _, address = (await sync_to_async(preview_url)(producer.run)).removeprefix("http://").partition("/")
        response = await HostClient(host).get(f"/{address}{path}?v=1")
        assert (response.status_code, response["Location"]) == (307, f"/{address}{path}?v=1")
        assert response["Cache-Control"] == "no-store"
    await producer.write(FileDelta(path="edited.js", text="let a"), FileClosed(path="edited.js", complete=True))
    assert await load(producer.run, "edited.js") == (200, "let a")
