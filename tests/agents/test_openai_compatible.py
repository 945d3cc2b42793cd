"""The provider against a model server with every bad habit, over real HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

import pytest

from agents.errors import ProviderError
from agents.llm.openai_compatible import OpenAICompatible, Timeouts
from agents.llm.types import Answered, ChatRequest, Finished, Image, Message, Reasoning, StreamPart, Text, TokenUsage
from tests.behaviours import ANSWER, USAGE
from tests.upstream import Upstream

SHORT = Timeouts(connect=2, first_byte=3, between_tokens=0.6)


KEY = "sk-secret-key"


def ask(model: str, seed: int | None = None) -> ChatRequest:
    return ChatRequest(model=model, messages=(Message("user", "a page"),), max_tokens=500, temperature=0.2, seed=seed)


@asynccontextmanager
async def connect(base_url: str, api_key: str = KEY, timeouts: Timeouts = SHORT) -> AsyncIterator[OpenAICompatible]:
    provider = OpenAICompatible(base_url=base_url, api_key=api_key, timeouts=timeouts)
    try:
        yield provider
    finally:
        await provider.aclose()


async def read(provider: OpenAICompatible, request: ChatRequest) -> list[StreamPart]:
    return [part async for part in provider.stream(request)]


async def answer(upstream: Upstream, model: str, timeouts: Timeouts = SHORT) -> list[StreamPart]:
    async with connect(upstream.base_url, timeouts=timeouts) as provider:
        return await read(provider, ask(model, seed=7))


async def fail(base_url: str, model: str, api_key: str = KEY, timeouts: Timeouts = SHORT) -> ProviderError:
    async with connect(base_url, api_key, timeouts) as provider:
        with pytest.raises(ProviderError) as failure:
            await read(provider, ask(model))
    return failure.value


async def wait_for_disconnect(upstream: Upstream, before: int) -> None:
    async with asyncio.timeout(5):
        while upstream.disconnects == before:  # noqa: ASYNC110 - the server counts in a thread of its own
            await asyncio.sleep(0.02)


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
        "null-finish",
        "lingers",
        "crlf",
        "whole-json",
        "reject-stream-options",
        "reject-max-tokens",
        "reject-seed",
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
    assert sent.body["seed"] == 7
    assert "top_p" not in sent.body


async def test_a_refused_field_is_left_out_or_renamed(upstream: Upstream) -> None:
    await answer(upstream, "reject-stream-options")
    assert "stream_options" not in upstream.requests[-1].body
    await answer(upstream, "reject-seed")
    assert "seed" not in upstream.requests[-1].body
    await answer(upstream, "reject-max-tokens")
    assert upstream.requests[-1].body["max_completion_tokens"] == 500
    assert "max_tokens" not in upstream.requests[-1].body


async def test_images_are_sent_as_parts(upstream: Upstream) -> None:
    message = Message("user", "like this", (Image("data:image/png;base64,AAAA"),))
    async with connect(upstream.base_url) as provider:
        await read(provider, ChatRequest(model="good", messages=(message,), max_tokens=5))
    content = upstream.requests[-1].body["messages"][0]["content"]
    assert content[0] == {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert content[1] == {"type": "text", "text": "like this"}


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


@pytest.mark.parametrize("model", ["stall-middle", "cut-middle", "end-middle", "error-in-stream"])
async def test_what_came_before_the_failure_is_there(upstream: Upstream, model: str) -> None:
    parts: list[StreamPart] = []
    async with connect(upstream.base_url) as provider:
        with suppress(ProviderError):
            async for part in provider.stream(ask(model)):
                parts.append(part)
    assert text_of(parts).startswith("Here ")
    assert not isinstance(parts[-1], Finished)


@pytest.mark.parametrize(
    ("model", "code", "retryable"),
    [
        ("unauthorized", "unauthorized", False),
        ("no-such-model", "model_not_found", False),
        ("rate-limited", "rate_limited", True),
        ("no-credit", "quota_exhausted", False),
        ("server-error", "upstream_error", True),
        ("overloaded", "upstream_error", True),
        ("error-200", "upstream_error", True),
        ("integer-code", "bad_request", False),
        ("context-overflow", "context_overflow", False),
        ("error-in-stream", "upstream_error", True),
        ("stall-first", "stalled", True),
        ("stall-after-role", "stalled", True),
        ("stall-middle", "stalled", True),
        ("cut-middle", "cut_off", True),
        ("end-middle", "cut_off", True),
        ("hang-up", "cut_off", True),
        ("too-much", "too_long", False),
        ("endless-line", "too_long", False),
        ("html-200", "not_a_model", False),
        ("garbage-sse", "garbage", False),
    ],
)
async def test_failures_have_a_code_and_no_secret(upstream: Upstream, model: str, code: str, retryable: bool) -> None:
    failure = await fail(upstream.base_url, model)
    assert (failure.code, failure.retryable) == (code, retryable)
    assert KEY not in failure.message
    assert failure.message.endswith((".", ")"))


async def test_a_stall_says_where_it_happened(upstream: Upstream) -> None:
    for model in ("stall-first", "stall-after-role"):
        impatient = Timeouts(connect=2, first_byte=0.5, between_tokens=4)
        failure = await fail(upstream.base_url, model, timeouts=impatient)
        assert "did not begin to answer for 0.5 seconds" in failure.message
    assert "in the middle" in (await fail(upstream.base_url, "stall-middle")).message


async def test_retry_after_is_passed_on(upstream: Upstream) -> None:
    assert (await fail(upstream.base_url, "rate-limited")).retry_after == 7
    until_2100 = (await fail(upstream.base_url, "overloaded")).retry_after
    assert until_2100 is not None
    assert until_2100 > 365 * 24 * 3600


async def test_what_was_refused_for_the_rate_can_be_asked_again(upstream: Upstream) -> None:
    assert (await fail(upstream.base_url, "rate-limited-then-good")).retryable
    assert text_of(await answer(upstream, "rate-limited-then-good")) == ANSWER


async def test_an_address_without_v1(upstream: Upstream) -> None:
    failure = await fail(upstream.base_url.removesuffix("/v1"), "good")
    assert failure.code == "model_not_found"
    assert "/v1" in failure.message


async def test_a_refused_connection() -> None:
    failure = await fail("http://user:pass-word@127.0.0.1:9/v1", "good")
    assert failure.code == "unreachable"
    assert "127.0.0.1:9" in failure.message
    assert "pass-word" not in failure.message


async def test_tls_where_there_is_none(upstream: Upstream) -> None:
    failure = await fail(upstream.base_url.replace("http:", "https:"), "good")
    assert failure.code == "unreachable"
    assert f"127.0.0.1:{upstream.port}" in failure.message


@pytest.mark.parametrize("base_url", ["", "localhost:8000/v1", "http://host:port/v1", "http:///v1", "ftp://host/v1"])
def test_what_is_no_address_is_refused_at_once(base_url: str) -> None:
    with pytest.raises(ProviderError) as failure:
        OpenAICompatible(base_url=base_url, api_key=KEY)
    assert failure.value.code == "unreachable"


async def test_a_missing_key_is_told_from_a_wrong_one(upstream: Upstream) -> None:
    assert (await fail(upstream.base_url, "unauthorized", api_key="")).code == "no_key"


async def test_a_key_as_people_paste_it(upstream: Upstream) -> None:
    async with connect(upstream.base_url, api_key=f" {KEY}\n") as provider:
        await read(provider, ask("good"))
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["sk-sec…ret", "sk-\x00secret", "sk-one\nsk-two"])
async def test_a_key_that_cannot_be_sent_is_said_and_not_shown(upstream: Upstream, key: str) -> None:
    before = len(upstream.requests)
    failure = await fail(upstream.base_url, "good", api_key=key)
    assert failure.code == "unauthorized"
    assert "sk-" not in failure.message
    assert len(upstream.requests) == before


async def test_closing_the_stream_closes_the_connection(upstream: Upstream) -> None:
    before = upstream.disconnects
    async with connect(upstream.base_url) as provider:
        async with aclosing(provider.stream(ask("endless"))) as parts:
            async for part in parts:
                if isinstance(part, Text):
                    break
        await wait_for_disconnect(upstream, before)


@pytest.mark.parametrize("model", ["stall-first", "stall-after-role", "endless"])
async def test_cancelling_the_task_closes_the_connection(upstream: Upstream, model: str) -> None:
    disconnects, asked = upstream.disconnects, len(upstream.requests)
    async with connect(upstream.base_url, timeouts=Timeouts()) as provider, asyncio.timeout(10):
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read(provider, ask(model)))
            while len(upstream.requests) == asked:  # noqa: ASYNC110 - the server counts in a thread of its own
                await asyncio.sleep(0.02)
            reading.cancel()
        await wait_for_disconnect(upstream, disconnects)


async def test_a_server_that_lingers_after_its_answer_is_not_waited_for(upstream: Upstream) -> None:
    started = time.monotonic()
    await answer(upstream, "lingers", Timeouts())
    assert time.monotonic() - started < 30  # far below the patience for a token
