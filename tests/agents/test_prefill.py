"""How a server is told to go on with an answer that has begun."""

from typing import Any

import pytest

from agents.llm.body import build
from agents.llm.openai_compatible import OpenAICompatible
from agents.llm.prefill import Prefill, find_prefill
from agents.llm.types import ChatRequest, Message
from tests.upstream import Upstream

MESSAGES = (Message("user", "a page"), Message("assistant", "Here "))


@pytest.mark.parametrize(
    ("base_url", "owners", "prefill"),
    [
        ("http://vllm:8000/v1", ["vllm"], Prefill.FLAG),
        ("http://127.0.0.1:30000/v1", ["sglang"], Prefill.FLAG),
        ("http://localhost:8080/v1", ["llamacpp"], Prefill.PLAIN),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", [], Prefill.PARTIAL),
        ("https://api.openai.com/v1", ["system", "openai"], None),
        ("http://localhost:11434/v1", ["library"], None),
    ],
)
def test_servers_are_known_by_their_host_or_by_what_they_call_themselves(
    base_url: str, owners: list[str], prefill: Prefill | None
) -> None:
    assert find_prefill(base_url, owners) == prefill


@pytest.mark.parametrize(
    ("prefill", "fields", "last"),
    [
        (Prefill.FLAG, {"extra_body": {"add_generation_prompt": False, "continue_final_message": True}}, {}),
        (Prefill.PARTIAL, {}, {"partial": True}),
        (Prefill.PLAIN, {}, {}),
        (None, {}, {}),
    ],
)
def test_each_is_told_in_its_own_way(prefill: Prefill | None, fields: dict[str, Any], last: dict[str, Any]) -> None:
    plain = build(ChatRequest(model="m", messages=MESSAGES, max_tokens=5))
    body = build(ChatRequest(model="m", messages=MESSAGES, max_tokens=5, is_prefilled=True), prefill)
    assert body["messages"][-1] == {"role": "assistant", "content": "Here ", **last}
    assert {name: value for name, value in body.items() if name != "messages"} == {
        **{name: value for name, value in plain.items() if name != "messages"},
        **fields,
    }


async def test_the_server_is_asked_once_and_its_silence_is_an_answer() -> None:
    async with Upstream.running() as upstream:
        provider = OpenAICompatible(base_url=upstream.base_url, api_key="k")
        assert not await provider.can_prefill()
        upstream.owner = "vllm"
        assert await provider.can_prefill()
        upstream.owner = "somebody"
        assert await provider.can_prefill()
        await provider.aclose()
    unreachable = OpenAICompatible(base_url="http://127.0.0.1:9/v1", api_key="k")
    assert not await unreachable.can_prefill()
    await unreachable.aclose()
