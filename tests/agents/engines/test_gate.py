"""What an engine asks at its gate, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from agents.engines import gate
from agents.engines.gate import Question, open_gate
from agents.engines.wire import Refusal, Reply
from agents.events import Answered, Call, Tokens
from agents.llm.answers import Answer
from agents.llm.types import Image, Message, ToolCall

URL = "http://engine/v1/chat/completions"
ANSWERED = Answered(
    step=1,
    text="Hm.",
    reasoning="",
    calls=(Call(id="s00001000", name="edit", arguments={"path": "a"}),),
    is_cut=False,
    tokens=Tokens(input=7, output=3),
    cost=None,
    seconds=0.1,
)
REPLY = Reply(Answer(text="Hm.", reasoning="So."), ANSWERED)


class Engine:
    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client
        self.inbox: asyncio.Queue[Question] = asyncio.Queue()

    async def ask(self, reply: Reply | Refusal, **body: object) -> tuple[int, str, Question]:
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(self._post({"messages": [{"role": "user", "content": "Hi"}], **body}))
            question = await self.inbox.get()
            question.answer(reply)
        return *asking.result(), question

    async def _post(self, body: object) -> tuple[int, str]:
        async with self.client.post(URL, json=body) as response:
            return response.status, await response.text()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    socket = tmp_path / "gate"
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as client:
        engine = Engine(client)
        async with open_gate(socket, engine.inbox.put_nowait):
            yield engine


async def test_an_answer_as_a_stream(engine: Engine) -> None:
    status, text, _ = await engine.ask(REPLY, stream=True)
    assert status == 200
    *chunks, done, _ = [event.removeprefix("data: ") for event in text.split("\n\n")]
    message, end, usage = map(json.loads, chunks)
    delta = message["choices"][0]["delta"]
    assert (delta["content"], delta["reasoning_content"]) == ("Hm.", "So.")
    assert delta["tool_calls"][0]["function"] == {"name": "edit", "arguments": '{"path": "a"}'}
    assert end["choices"][0]["finish_reason"] == "tool_calls"
    assert usage["usage"] == {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    assert done == "[DONE]"


async def test_an_answer_as_a_whole(engine: Engine) -> None:
    status, text, _ = await engine.ask(REPLY)
    choice = json.loads(text)["choices"][0]
    assert (status, choice["message"]["content"], choice["finish_reason"]) == (200, "Hm.", "tool_calls")


@pytest.mark.parametrize("streams", [True, False])
async def test_a_refusal(engine: Engine, streams: bool) -> None:
    refusal = Refusal(402, "The budget for this build is used up (model_calls).")
    status, text, _ = await engine.ask(refusal, stream=streams)
    assert (status, json.loads(text)["error"]["message"]) == (402, refusal.message)


async def test_signs_of_life(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status is sent by then, so that a refusal comes as an event."""
    monkeypatch.setattr(gate, "_PATIENCE", 0.01)
    body = {"messages": [{"role": "user", "content": "Hi"}], "stream": True}
    async with engine.client.post(URL, json=body) as response:
        question = await engine.inbox.get()
        assert await response.content.readline() == b": waiting\n"
        question.answer(Refusal(402, "No more."))
        assert "No more." in (await response.content.read()).decode().split("data: ")[1]


async def test_what_it_asks(engine: Engine) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:,x"}}
    call = {"id": "c1", "type": "function", "function": {"name": "edit", "arguments": "{}"}}
    messages = [
        {"role": "developer", "content": "Be good."},
        {"role": "user", "content": [{"type": "text", "text": "See"}, picture]},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "done"}, picture]},
    ]
    tool = {"type": "function", "function": {"name": "edit", "description": "d", "parameters": {"type": "object"}}}
    _, _, question = await engine.ask(REPLY, messages=messages, tools=[tool], model="theirs", max_tokens=1_000_000)
    asked = question.request
    assert asked.messages == (
        Message("system", "Be good."),
        Message("user", "See", images=(Image("data:,x"),)),
        Message("assistant", "", calls=(ToolCall("c1", "edit", "{}"),)),
        Message("tool", "done\n(a picture, which cannot be shown)", call_id="c1"),
    )
    assert [each.name for each in asked.tools] == ["edit"]
    assert (asked.model, asked.max_tokens) == ("", 0)  # not its own to choose


async def test_nonsense(engine: Engine) -> None:
    for body in (b"", b"{", b'{"messages": 1}', b'{"messages": [{"role": "king"}]}'):
        async with engine.client.post(URL, data=body) as response:
            assert response.status == 400
    async with engine.client.get("http://engine/v1/models") as response:
        assert response.status == 404


async def test_whoever_goes_away_waits_no_more(engine: Engine) -> None:
    with pytest.raises(TimeoutError):
        await engine.client.post(URL, json={"messages": []}, timeout=aiohttp.ClientTimeout(0.1))
    question = await engine.inbox.get()
    async with asyncio.timeout(5):
        while not question.reply.cancelled():  # noqa: ASYNC110 - the server finds out by itself
            await asyncio.sleep(0.01)
    question.answer(REPLY)
