"""Watching together, against a real Valkey: all are told how things stand, by push, and only as long as allowed."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import AsyncClient

from playground.accounts.models import User
from playground.curation.moderation import Curator, ban
from playground.protocol import ConversationNews, Frame, Role, TextDelta
from playground.runs import presence, together
from playground.runs.models import Conversation, Run
from playground.runs.sharing import close_link, join, open_link
from playground.runs.switchboard import announce, switchboard
from playground.runs.together import Watcher, watching
from tests.conftest import chunks_of
from tests.playground.runs.messages import append
from tests.playground.runs.test_consumer import connect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared(alice: User, bob: User) -> Conversation:
    """Alice's, which Bob watches."""
    conversation = Conversation.objects.create(owner=alice, title="a clock")
    open_link(conversation, Role.VIEWER)
    join(bob, conversation.links.get().token)
    return conversation


@sync_to_async
def rename(conversation: Conversation, title: str) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(title=title)
    announce(conversation.pk)


@sync_to_async
def make_run(conversation: Conversation, status: str = "running") -> Run:
    run = Run.objects.create(conversation=conversation, prompt="w", model_name="m", status=status)
    announce(conversation.pk)
    return run


async def until(watcher: Watcher, holds: Callable[[ConversationNews], bool], wait: float = 5) -> ConversationNews:
    async with asyncio.timeout(wait):
        while True:
            news = await watcher.next()
            assert news
            if holds(news):
                return news


async def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def watch(stack: AsyncExitStack, conversation: Conversation, user: User) -> Watcher:
    watcher = Watcher(user.pk, is_present=True)
    return await stack.enter_async_context(watching(conversation.pk, watcher))


async def test_all_are_told_what_changes_and_who_is_there(shared: Conversation, alice: User, bob: User) -> None:
    async with AsyncExitStack() as stack:
        owner, viewer = await watch(stack, shared, alice), await watch(stack, shared, bob)
        news = await until(viewer, lambda news: len(news.people) == 2)
        assert [(person.name, person.role) for person in news.people] == [("alice", "owner"), ("bob", "viewer")]
        assert (news.role, news.title, news.runs) == (Role.VIEWER, "a clock", [])
        began = time.monotonic()
        run = await make_run(shared)
        for watcher in (owner, viewer):
            news = await until(watcher, lambda news: bool(news.runs))
            assert ([told.id for told in news.runs], news.begun) == ([run.pk], 1)
        assert time.monotonic() - began < 1  # pushed


async def test_a_slow_one_finds_the_latest_state_and_holds_up_nobody(
    shared: Conversation, alice: User, bob: User
) -> None:
    async with AsyncExitStack() as stack:
        quick, slow = await watch(stack, shared, alice), await watch(stack, shared, bob)
        await until(quick, lambda news: len(news.people) == 2)
        for number in range(5):
            await rename(shared, f"title {number}")
            await until(quick, lambda news, number=number: news.title == f"title {number}")  # type: ignore[misc]
        news = await slow.next(1)
        assert news
        assert news.title == "title 4"
        assert await slow.next(0.3) is None  # no backlog


async def test_one_subscription_per_conversation_however_many_watch(
    shared: Conversation, alice: User, bob: User
) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    channel = f"conversation:{{{shared.pk}}}:news"
    async with AsyncExitStack() as stack:
        watchers = [await watch(stack, shared, user) for user in (alice, bob) * 10]
        await asyncio.gather(*(watcher.next(5) for watcher in watchers))
        assert dict(client.pubsub_numsub(channel)) == {channel.encode(): 1}
    await eventually(lambda: dict(client.pubsub_numsub(channel)) == {channel.encode(): 0})
    client.close()


async def test_who_is_gone_is_no_longer_shown_when_the_lease_ends(
    shared: Conversation, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LEASE", 1)
    monkeypatch.setattr(together, "BEAT", 0.3)
    async with AsyncExitStack() as stack:
        owner = await watch(stack, shared, alice)
        async with watching(shared.pk, Watcher(bob.pk, is_present=True)):
            await until(owner, lambda news: len(news.people) == 2)
        await until(owner, lambda news: [person.name for person in news.people] == ["alice"])
        # … and of another process, which was killed: nobody renews.
        await presence.renew(shared.pk, [bob.pk])
        await until(owner, lambda news: len(news.people) == 2)
        await until(owner, lambda news: len(news.people) == 1)


async def test_it_recovers_when_redis_was_lost(
    shared: Conversation, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said while the connection was down is read again, and then everything is as before."""
    async with AsyncExitStack() as stack:
        owner = await watch(stack, shared, alice)
        await until(owner, lambda news: len(news.people) == 1)
        client = redis.Redis.from_url(settings.REDIS_URL)
        client.flushall()
        client.client_kill_filter(_type="pubsub")
        client.close()
        await Conversation.objects.filter(pk=shared.pk).aupdate(title="unheard")
        await until(owner, lambda news: news.title == "unheard")
        await eventually(lambda: switchboard().is_connected)
        await rename(shared, "heard")
        began = time.monotonic()
        await until(owner, lambda news: news.title == "heard")
        assert time.monotonic() - began < 1
        await watch(stack, shared, bob)
        await until(owner, lambda news: len(news.people) == 2, wait=10)


async def next_message(socket: WebsocketCommunicator, kind: str, **fields: object) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            message: dict[str, Any] = json.loads(await socket.receive_from(timeout=10))
            is_kind = message.get("type", "frame") == kind
            if is_kind and all(message.get(name) == value for name, value in fields.items()):
                return message


async def test_a_link_that_is_turned_off_cuts_its_followers_off(shared: Conversation, alice: User, bob: User) -> None:
    run = await make_run(shared)
    await append(run.pk, [Frame(run=run.pk, seq=1, at=0, event=TextDelta(text="seen"))])
    sockets = {name: await connect(user) for name, user in (("owner", alice), ("viewer", bob))}
    for socket in sockets.values():
        await socket.send_json_to({"type": "conversation.watch", "conversation": shared.pk})
        await socket.send_json_to({"type": "run.follow", "run": run.pk})
        await next_message(socket, "frame", seq=1)
    script = await connect(bob)  # follows the run alone
    await script.send_json_to({"type": "run.follow", "run": run.pk})
    await next_message(script, "frame", seq=1)
    await sync_to_async(close_link)(shared, Role.VIEWER)
    refused = await next_message(sockets["viewer"], "refused", conversation=shared.pk)
    assert refused["error"]["code"] == "conversation_not_found"
    await asyncio.sleep(0.3)
    await append(run.pk, [Frame(run=run.pk, seq=2, at=0, event=TextDelta(text="hidden"))])
    await next_message(sockets["owner"], "frame", seq=2)
    assert await sockets["viewer"].receive_nothing(0.5)
    assert await script.receive_nothing(0.1)
    for socket in (*sockets.values(), script):
        await socket.disconnect()


async def test_who_is_banned_is_cut_off_on_the_sockets_that_are_open(
    shared: Conversation, alice: User, bob: User, admin: User
) -> None:
    """Whose the conversation is, and who came by its link."""
    run = await make_run(shared)
    await append(run.pk, [Frame(run=run.pk, seq=1, at=0, event=TextDelta(text="seen"))])
    for user in (bob, alice):
        socket = await connect(user)
        await socket.send_json_to({"type": "conversation.watch", "conversation": shared.pk})
        await socket.send_json_to({"type": "run.follow", "run": run.pk})
        await next_message(socket, "frame", seq=1)
        await asyncio.sleep(1)  # until nothing else has it read again how things stand
        await sync_to_async(ban)(user, Curator(admin), "Spam")
        refused = await next_message(socket, "refused", conversation=shared.pk)
        assert refused["error"]["code"] == "conversation_not_found"
        await socket.send_json_to({"type": "run.follow", "run": run.pk})
        await next_message(socket, "refused", run=run.pk)
        await socket.disconnect()


async def test_a_stranger_watches_nothing(shared: Conversation, guest: User) -> None:
    socket = await connect(guest)
    await socket.send_json_to({"type": "conversation.watch", "conversation": shared.pk})
    await next_message(socket, "refused", conversation=shared.pk)
    await rename(shared, "news")
    assert await socket.receive_nothing(0.5)
    await socket.disconnect()


async def client_of(user: User) -> AsyncClient:
    client = AsyncClient()
    await client.aforce_login(user)
    return client


async def poll(client: AsyncClient, wait: float = 10, **query: object) -> dict[str, Any]:
    answer = await client.get(
        f"/api/events?{urlencode({**query, 'wait': wait})}", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200, answer.content
    batch: dict[str, Any] = json.loads(answer.content)
    return batch


async def during[T](waiting: Coroutine[object, object, T], act: Callable[[], Awaitable[object]]) -> T:
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        task = group.create_task(waiting)
        await asyncio.sleep(1.2)
        assert not task.done()
        await act()
    return task.result()


async def test_polls_wait_for_news_and_end_with_the_link(shared: Conversation, bob: User) -> None:
    client = await client_of(bob)
    (news,) = (await poll(client, watch=f"{shared.pk}:"))["news"]
    assert [person["name"] for person in news["people"]] == ["bob"]
    waiting = poll(client, watch=f"{shared.pk}:{news['stamp']}")
    (later,) = (await during(waiting, lambda: rename(shared, "new")))["news"]
    assert (later["title"], later["role"]) == ("new", "viewer")
    waiting = poll(client, watch=f"{shared.pk}:{later['stamp']}")
    batch = await during(waiting, lambda: sync_to_async(close_link)(shared, Role.VIEWER))
    assert (batch["news"], [refused["conversation"] for refused in batch["refused"]]) == ([], [shared.pk])
    assert (await poll(client, watch=f"{shared.pk}:"))["refused"][0]["conversation"] == shared.pk


async def test_a_stream_tells_news_and_frames_and_ends_with_the_link(shared: Conversation, bob: User) -> None:
    run = await make_run(shared)
    await append(run.pk, [Frame(run=run.pk, seq=1, at=0, event=TextDelta(text="seen"))])
    client = await client_of(bob)
    answer = await client.get(f"/api/events?follow={run.pk}:0&watch={shared.pk}:")
    told: list[dict[str, Any]] = []
    is_off = False
    async with asyncio.timeout(20):
        async for chunk in chunks_of(answer):
            told += [json.loads(line[6:]) for line in chunk.decode().splitlines() if line.startswith("data: ")]
            if not is_off and any("event" in each for each in told) and any("stamp" in each for each in told):
                is_off = True
                await sync_to_async(close_link)(shared, Role.VIEWER)
    assert is_off
    assert told[-1]["type"] == "refused"
