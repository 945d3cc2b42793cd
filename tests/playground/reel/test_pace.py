import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.reel.clips import load_clips
from playground.reel.pace import DEFAULT_SPEED, play, read_speed, split_tokens


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(split_tokens(text)) == text


def test_tokens_have_a_believable_size() -> None:
    page = load_clips()[0].answer("en")
    assert 2.5 < len(page) / len(split_tokens(page)) < 5
    assert split_tokens("一个按钮") == list("一个按钮")


async def test_without_a_speed_each_token_comes_alone() -> None:
    assert [piece async for piece in play(["a", "b", "c"], 0)] == ["a", "b", "c"]


async def test_the_pace_is_right_however_late_the_reader_is() -> None:
    tokens = [str(number) for number in range(200)]
    start = time.monotonic()
    pieces = []
    async for piece in play(tokens, 1000):
        pieces.append(piece)
        await asyncio.sleep(0.02)
    assert "".join(pieces) == "".join(tokens)
    assert pieces[0] == "0"
    assert len(pieces) < 50
    assert 0.5 < time.monotonic() - start < 1.5  # 0.4 s to the first token, 0.2 s for all, and a busy machine


def test_speed_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_REEL_SPEED", raising=False)
    assert read_speed() == DEFAULT_SPEED
    monkeypatch.setenv("PLAYGROUND_REEL_SPEED", "0")
    assert read_speed() == 0


@pytest.mark.parametrize("value", ["fast", "-1", "nan", "inf"])
def test_a_senseless_speed_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PLAYGROUND_REEL_SPEED", value)
    with pytest.raises(SystemExit, match="PLAYGROUND_REEL_SPEED must be"):
        read_speed()
