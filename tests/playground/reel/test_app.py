"""The server over real HTTP, mostly with the client that the playground itself uses."""

import asyncio
import http.client
import json
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from playground.reel import app
from playground.reel.clips import Clip, load_clips
from playground.reel.pace import split_tokens

CLIPS = {clip.slug: clip for clip in load_clips()}
CLIP, SHORT = CLIPS["typing-test"], CLIPS["countdown"]


def ask(client: openai.OpenAI, wish: str, **options: Any) -> list[ChatCompletionChunk]:
    body: dict[str, Any] = {"messages": [{"role": "user", "content": wish}], "stream": True, **options}
    with client.chat.completions.create(model="demo-reel", stream_options={"include_usage": True}, **body) as stream:
        return list(stream)


def text_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def send(port: int, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    payload = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    connection.request(method, path, payload, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def test_a_clip_streams_whole(client: openai.OpenAI) -> None:
    assert text_of(ask(client, CLIP.prompt["en"])) == CLIP.answer("en")


def test_a_clip_streams_whole_in_chinese(client: openai.OpenAI) -> None:
    assert text_of(ask(client, SHORT.prompt["zh"])) == SHORT.answer("zh")


def test_a_clip_that_was_cut_goes_on(client: openai.OpenAI) -> None:
    answer = CLIP.answer("en")
    given = answer[:1000]
    messages = [
        {"role": "user", "content": "whatever"},
        {"role": "assistant", "content": given},
        {"role": "user", "content": f"Go on from here:\n\n{given[-200:]}"},
    ]
    assert text_of(ask(client, "", messages=messages)) == answer[1000:]
    messages[-1]["content"] = SHORT.prompt["en"]
    assert text_of(ask(client, "", messages=messages)) == SHORT.answer("en")


@pytest.mark.parametrize("clip", CLIPS.values(), ids=lambda clip: clip.slug)
def test_every_clip_is_played(client: openai.OpenAI, clip: Clip) -> None:
    completion = client.chat.completions.create(
        model="demo-reel", messages=[{"role": "user", "content": clip.prompt["en"]}]
    )
    assert completion.choices[0].message.content == clip.answer("en")


def test_a_stream_has_the_form_of_the_api(client: openai.OpenAI) -> None:
    chunks = ask(client, SHORT.prompt["en"])
    first, *middle, last, usage = chunks
    tokens = len(split_tokens(SHORT.answer("en")))
    assert len({chunk.id for chunk in chunks}) == 1
    assert {(chunk.model, chunk.object) for chunk in chunks} == {("demo-reel", "chat.completion.chunk")}
    assert first.choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in middle] == [None] * tokens
    assert last.choices[0].finish_reason == "stop"
    assert usage.choices == []
    assert usage.usage
    assert usage.usage.completion_tokens == tokens
    assert usage.usage.total_tokens == tokens + usage.usage.prompt_tokens


def test_a_stream_ends_with_done_and_without_usage_unless_asked(reel_port: int) -> None:
    body = {"messages": [{"role": "user", "content": SHORT.prompt["en"]}], "stream": True}
    status, answer = send(reel_port, "POST", "/v1/chat/completions", body)
    events = answer.decode().strip().split("\n\n")
    assert status == 200
    assert events[-1] == "data: [DONE]"
    assert all(event.startswith("data: {") for event in events[:-1])
    assert b'"usage"' not in answer


def test_without_streaming_the_answer_comes_in_one_piece(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="demo-reel", messages=[{"role": "user", "content": [{"type": "text", "text": "打字测试"}]}]
    )
    assert completion.choices[0].message.content == CLIP.answer("zh")
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage
    assert completion.usage.completion_tokens == len(split_tokens(CLIP.answer("zh")))


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_a_limit_cuts_the_answer_off(client: openai.OpenAI, limit: str) -> None:
    chunks = ask(client, "Typing test", **{limit: 25})
    assert text_of(chunks) == "".join(split_tokens(CLIP.answer("en"))[:25])
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == 25


def test_only_the_last_wish_counts(reel_port: int) -> None:
    messages = [
        {"role": "system", "content": "Typing test"},
        {"role": "user", "content": "Typing test"},
        {"role": "assistant", "content": "Here it is."},
        {"role": "user", "content": "make it blue"},
    ]
    _, answer = send(reel_port, "POST", "/v1/chat/completions", {"messages": messages})
    assert "it has none for this wish" in json.loads(answer)["choices"][0]["message"]["content"]


def test_an_unknown_wish_gets_an_honest_answer_in_its_language(client: openai.OpenAI) -> None:
    english, chinese = text_of(ask(client, "a chess game")), text_of(ask(client, "做一个国际象棋"))
    assert "no model is running" in english
    assert "没有模型在运行" in chinese
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY"):
        assert name in english
        assert name in chinese


def test_the_list_of_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["demo-reel"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("POST", "/chat/completions", {}, 404),
        ("GET", "/v1/chat/completions", None, 405),
        ("POST", "/v1/models", {}, 405),
        ("POST", "/v1/chat/completions", b"", 400),
        ("POST", "/v1/chat/completions", b"{", 400),
        ("POST", "/v1/chat/completions", b"\xff", 400),
        ("POST", "/v1/chat/completions", [], 400),
        ("POST", "/v1/chat/completions", {}, 400),
        ("POST", "/v1/chat/completions", {"messages": []}, 400),
        ("POST", "/v1/chat/completions", {"messages": "hello"}, 400),
        ("POST", "/v1/chat/completions", {"messages": [{"role": "system", "content": "x"}]}, 400),
        ("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": 5}]}, 400),
        ("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": "x"}], "max_tokens": 0}, 400),
    ],
)
def test_what_it_cannot_answer_it_refuses_in_the_form_of_the_api(
    reel_port: int, method: str, path: str, body: object, status: int
) -> None:
    answered, content = send(reel_port, method, path, body)
    error = json.loads(content)["error"]
    assert answered == status
    assert error["type"] == "invalid_request_error"
    assert error["message"]


async def test_it_stops_at_once_when_the_client_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application itself, with a client that leaves after the third chunk of several thousand."""
    monkeypatch.setattr(app, "SPEED", 200.0)
    sent: list[bytes] = []
    gone = asyncio.Event()
    request = {"messages": [{"role": "user", "content": "Typing test"}], "stream": True}
    incoming = iter([{"type": "http.request", "body": json.dumps(request).encode()}])

    async def receive() -> app.Message:
        for message in incoming:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    async def deliver(message: app.Message) -> None:
        sent.append(message.get("body", b""))
        if len(sent) == 4:
            gone.set()

    scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions"}
    async with asyncio.timeout(5):
        await app.application(scope, receive, deliver)
    assert 4 <= len(sent) < 10
    assert b"[DONE]" not in b"".join(sent)


def test_it_serves_others_while_a_client_leaves_in_the_middle(reel_port: int, client: openai.OpenAI) -> None:
    body = json.dumps({"messages": [{"role": "user", "content": "Typing test"}], "stream": True})
    connection = http.client.HTTPConnection("127.0.0.1", reel_port, timeout=10)
    connection.request("POST", "/v1/chat/completions", body)
    assert connection.getresponse().read(100)
    connection.close()
    assert text_of(ask(client, SHORT.prompt["en"])) == SHORT.answer("en")
