"""The provider against a model server with every bad habit, over real HTTP."""

import asyncio
from contextlib import aclosing

import pytest

from agents.errors import ProviderError
from agents.llm.openai_compatible import OpenAICompatible, Timeouts
from agents.llm.types import Answered, ChatRequest, Finished, Image, Message, Reasoning, StreamPart, Text, TokenUsage
from tests.upstream import ANSWER, USAGE, Upstream

SHORT = Timeouts(connect=2, first_byte=3, between_tokens=0.6)


def ask(model: str) -> ChatRequest:
    return ChatRequest(model=model, messages=(Message("user", "a page"),), max_tokens=500, temperature=0.2)


async def answer(upstream: Upstream, model: str, timeouts: Timeouts = SHORT) -> list[StreamPart]:
    provider = OpenAICompatible(base_url=upstream.base_url, api_key="sk-secret-key", timeouts=timeouts)
    try:
        return [part async for part in provider.stream(ask(model))]
    finally:
        await provider.aclose()


def text_of(parts: list[StreamPart]) -> str:
    return "".join(part.text for part in parts if isinstance(part, Text))


@pytest.mark.parametrize(
    "model",
    [
        "good",
        "no-usage",
        "usage-every-chunk",
        "null-first",
        "no-ids",
        "other-model",
        "no-done",
        "crlf",
        "whole-json",
        "reject-stream-options",
        "reject-max-tokens",
        "slow-headers",
    ],
)
async def test_the_whole_text_arrives_whatever_the_habit(upstream: Upstream, model: str) -> None:
    parts = await answer(upstream, model)
    assert text_of(parts) == ANSWER
    assert isinstance(parts[0], Answered)
    assert parts[-1] == Finished("stop")


@pytest.mark.parametrize(("model", "reported"), [("good", True), ("usage-every-chunk", True), ("no-usage", False)])
async def test_usage_comes_once_or_not_at_all(upstream: Upstream, model: str, reported: bool) -> None:
    usage = [part for part in await answer(upstream, model) if isinstance(part, TokenUsage)]
    assert usage == ([TokenUsage(USAGE["prompt_tokens"], USAGE["completion_tokens"])] if reported else [])


async def test_what_is_sent(upstream: Upstream) -> None:
    await answer(upstream, "good")
    sent = upstream.requests[-1]
    assert sent.headers["authorization"] == "Bearer sk-secret-key"
    assert sent.body["max_tokens"] == 500
    assert sent.body["temperature"] == 0.2
    assert sent.body["stream_options"] == {"include_usage": True}
    assert "seed" not in sent.body


async def test_images_are_sent_as_parts(upstream: Upstream) -> None:
    provider = OpenAICompatible(base_url=upstream.base_url, api_key="k", timeouts=SHORT)
    message = Message("user", "like this", (Image("data:image/png;base64,AAAA"),))
    request = ChatRequest(model="good", messages=(message,), max_tokens=5)
    _ = [part async for part in provider.stream(request)]
    content = upstream.requests[-1].body["messages"][0]["content"]
    assert content[0] == {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert content[1] == {"type": "text", "text": "like this"}
    await provider.aclose()


async def test_the_model_that_answered(upstream: Upstream) -> None:
    assert (await answer(upstream, "other-model"))[0] == Answered("something-else-7b")
    assert (await answer(upstream, "no-ids"))[0] == Answered("no-ids")


async def test_reasoning_is_apart(upstream: Upstream) -> None:
    parts = await answer(upstream, "reasoning")
    assert "".join(part.text for part in parts if isinstance(part, Reasoning)) == "Hm, Hm, "
    assert text_of(parts) == "Done."


async def test_length_is_said(upstream: Upstream) -> None:
    assert (await answer(upstream, "finish-length"))[-1] == Finished("length")


async def test_four_megabytes_in_one_chunk(upstream: Upstream) -> None:
    assert len(text_of(await answer(upstream, "huge-chunk", Timeouts()))) > 4_000_000


@pytest.mark.parametrize(
    ("model", "code", "retryable"),
    [
        ("unauthorized", "unauthorized", False),
        ("no-such-model", "model_not_found", False),
        ("rate-limited", "rate_limited", True),
        ("no-credit", "quota_exhausted", False),
        ("server-error", "upstream_error", True),
        ("integer-code", "bad_request", False),
        ("context-overflow", "context_overflow", False),
        ("error-in-stream", "upstream_error", True),
        ("stall-first", "stalled", True),
        ("stall-middle", "stalled", True),
        ("cut-middle", "cut_off", True),
        ("html-200", "not_a_model", False),
        ("garbage-sse", "garbage", False),
    ],
)
async def test_failures_have_a_code_and_no_secret(upstream: Upstream, model: str, code: str, retryable: bool) -> None:
    with pytest.raises(ProviderError) as failure:
        await answer(upstream, model)
    assert (failure.value.code, failure.value.retryable) == (code, retryable)
    assert "sk-secret-key" not in failure.value.message
    assert failure.value.message.endswith((".", ")")) or code in ("bad_request", "upstream_error", "garbage")


async def test_retry_after_is_passed_on(upstream: Upstream) -> None:
    with pytest.raises(ProviderError) as failure:
        await answer(upstream, "rate-limited")
    assert failure.value.retry_after == 7


async def test_a_refused_connection() -> None:
    provider = OpenAICompatible(base_url="http://127.0.0.1:9/v1", api_key="", timeouts=SHORT)
    with pytest.raises(ProviderError) as failure:
        _ = [part async for part in provider.stream(ask("good"))]
    assert failure.value.code == "unreachable"
    assert "127.0.0.1:9" in failure.value.message
    await provider.aclose()


async def test_a_missing_key_is_told_from_a_wrong_one(upstream: Upstream) -> None:
    provider = OpenAICompatible(base_url=upstream.base_url, api_key="", timeouts=SHORT)
    with pytest.raises(ProviderError) as failure:
        _ = [part async for part in provider.stream(ask("unauthorized"))]
    assert failure.value.code == "no_key"
    await provider.aclose()


async def test_closing_the_stream_closes_the_connection(upstream: Upstream) -> None:
    provider = OpenAICompatible(base_url=upstream.base_url, api_key="k", timeouts=SHORT)
    before = upstream.disconnects
    async with aclosing(provider.stream(ask("endless"))) as parts:
        async for part in parts:
            if isinstance(part, Text):
                break
    async with asyncio.timeout(5):
        while upstream.disconnects == before:  # noqa: ASYNC110 - the server counts in a thread of its own
            await asyncio.sleep(0.02)
    await provider.aclose()
