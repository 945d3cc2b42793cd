from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.llm.collector import Collector
from agents.llm.types import Answered, Calling, Finished, Reasoning, Text, TokenUsage

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
anything: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=fields) | anything


deltas = objects(role=anything, content=anything, reasoning_content=anything, reasoning=anything)
choices = st.lists(objects(delta=deltas, message=deltas, finish_reason=anything), max_size=2) | anything
usages = objects(prompt_tokens=anything, completion_tokens=anything)
chunks = st.fixed_dictionaries({}, optional={"model": anything, "choices": choices, "usage": usages})


@given(st.lists(chunks, max_size=4))
def test_no_chunk_of_any_shape_raises_and_all_text_can_be_stored(received: list[dict[str, Any]]) -> None:
    collector = Collector("asked")
    parts = []
    for chunk in received:
        collector.take(chunk)
        parts += collector.release()
    parts += collector.conclude()
    assert isinstance(parts[0], Answered)
    assert isinstance(parts[-1], Finished)
    for part in parts:
        if isinstance(part, Text | Reasoning):
            assert part.text
            assert "\0" not in part.text
            part.text.encode()
        if isinstance(part, TokenUsage):
            assert part.input_tokens >= 0


def test_halves_of_a_pair_are_joined_or_replaced() -> None:
    collector = Collector("asked")
    collector.take({"choices": [{"delta": {"content": "a\ud83d\ude00b\ud83d\0c"}}]})
    assert collector.release()[1] == Text("a😀b\ufffdc")


def test_neighbouring_words_are_one_part() -> None:
    collector = Collector("asked")
    call = {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "look", "arguments": "{}"}}]}
    deltas = [{"reasoning": "a"}, {"reasoning": "b"}, {"content": "c"}, {"content": "d"}, call, {"content": "e"}]
    for delta in deltas:
        collector.take({"choices": [{"delta": delta}]})
    words = [Reasoning("ab"), Text("cd"), Calling("look", "{}"), Text("e")]
    assert collector.release() == [Answered("asked"), *words]
    assert collector.release() == []


def test_the_last_usage_counts() -> None:
    collector = Collector("asked")
    for count in (1, 2, 3):
        collector.take({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": count}})
    assert TokenUsage(9, 3) in collector.conclude()


def test_a_tool_call_ends_as_a_stop() -> None:
    collector = Collector("asked")
    collector.take({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    assert collector.conclude() == [Finished("stop")]
