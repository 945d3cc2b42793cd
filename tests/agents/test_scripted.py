import pytest

from agents.errors import ProviderError
from agents.llm.scripted import Scripted
from agents.llm.types import Answered, ChatRequest, Finished, Message, StreamPart, Text, TokenUsage

REQUEST = ChatRequest(model="qwen", messages=(Message("user", "a page"),), max_tokens=5)


async def play(provider: Scripted) -> list[StreamPart]:
    return [part async for part in provider.stream(REQUEST)]


async def test_texts_become_a_whole_answer_each_time() -> None:
    provider = Scripted(["Hello, ", "world"])
    expected = [Answered("qwen"), Text("Hello, "), Text("world"), Finished("stop")]
    assert await play(provider) == expected
    assert await play(provider) == expected
    assert provider.requests == [REQUEST, REQUEST]


async def test_a_script_may_say_its_own_beginning_and_end() -> None:
    script: list[StreamPart] = [Answered("other"), Text("Hello"), TokenUsage(1, 2), Finished("length")]
    assert await play(Scripted(script)) == script


async def test_an_exception_is_raised_after_what_stands_before_it() -> None:
    stream = Scripted(["Hello", ProviderError("cut_off", "Gone.")]).stream(REQUEST)
    assert [await anext(stream), await anext(stream)] == [Answered("qwen"), Text("Hello")]
    with pytest.raises(ProviderError, match="Gone"):
        await anext(stream)
