"""A cut answer and its continuation make the whole answer, to the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.llm.types import ChatRequest, Message
from playground.runs.continuation import Seam, continue_request, find_anchor, starts_over, strip_repeated

ANSWER = (
    "Here is your page.\n\n```html index.html\n<!DOCTYPE html>\n<html>\n<body>\n"
    + "".join(f'  <li class="item">Line {number}</li>\n' for number in range(40))
    + "  <li></li>\n" * 30
    + "</body>\n</html>\n```\n\nEnjoy it.\n"
)
REQUEST = ChatRequest(model="m", messages=(Message("user", "a page"),), max_tokens=100)


def test_a_server_that_prefills_gets_the_text_as_it_is() -> None:
    request = continue_request(REQUEST, "abc", prefill=True)
    assert request.is_prefilled
    assert request.messages == (*REQUEST.messages, Message("assistant", "abc"))


def test_another_is_asked_to_begin_with_the_anchor() -> None:
    request = continue_request(REQUEST, ANSWER[:700], prefill=False)
    assert not request.is_prefilled
    assert request.messages[-2] == Message("assistant", ANSWER[:700])
    assert request.messages[-1].text.endswith(find_anchor(ANSWER[:700]))


def test_cut_anywhere_the_anchor_and_what_follows_make_the_whole() -> None:
    for cut in range(1, len(ANSWER)):
        received, rest = ANSWER[:cut], ANSWER[cut:]
        is_in_block = "```html" in received and "</html>" not in received
        text = find_anchor(received) + rest
        assert received + strip_repeated(received, text, is_in_block=is_in_block) == ANSWER, cut
        assert not starts_over(received, text), cut
        if is_in_block:
            fenced = f"Going on:\n```html\n{text}"
            assert received + strip_repeated(received, fenced, is_in_block=True) == ANSWER, cut


@given(st.integers(60, 1500), st.integers(30, 400))
def test_however_much_is_repeated(cut: int, repeated: int) -> None:
    received, rest = ANSWER[:cut], ANSWER[cut:]
    again = received[-repeated:]
    if received.find(again) == received.rfind(again):  # else nobody could tell
        assert received + strip_repeated(received, again + rest, is_in_block=False) == ANSWER


def test_an_exact_continuation_stays_as_it_is() -> None:
    assert strip_repeated("<p>one", " two</p>", is_in_block=True) == " two</p>"


def test_a_new_fence_inside_a_block_is_taken_off() -> None:
    assert strip_repeated("```js\nlet a = 1\n", "```js\nlet b = 2\n", is_in_block=True) == "let b = 2\n"


@pytest.mark.parametrize("again", [ANSWER, ANSWER[ANSWER.index("<!DOCTYPE") :], ANSWER[ANSWER.index("```html") :]])
def test_nothing_is_taken_of_an_answer_that_starts_over(again: str) -> None:
    seam = Seam(ANSWER[:700], is_in_block=True)
    assert seam.feed(again[:50]) + seam.feed(again[50:]) + seam.finish() == ""


@pytest.mark.parametrize("before", ["", "\n", "```html\n"])
def test_nobody_waits_for_more_than_what_was_to_be_repeated(before: str) -> None:
    seam = Seam(ANSWER[:300], is_in_block=True)
    assert seam.feed(before + find_anchor(ANSWER[:300])) == ""
    assert seam.feed("on") == "on"


@given(st.integers(1, 2500), st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_chunks_make_no_difference(cut: int, sizes: list[int]) -> None:
    received = ANSWER[:cut]
    text = find_anchor(received) + ANSWER[cut:]
    seam = Seam(received, is_in_block=False)
    out, position = "", 0
    for size in sizes:
        out += seam.feed(text[position : position + size])
        position += size
    out += seam.feed(text[position:]) + seam.finish()
    assert received + out == ANSWER


@pytest.mark.parametrize("text", ["ml>\n```\n\nWatch it.\n", "</p>\n</html>\n````\nWatch it.\n", "```\n\nWatch it.\n"])
def test_the_end_of_the_block_is_no_new_beginning(text: str) -> None:
    assert strip_repeated("```html index.html\n<p>one</p>\n</ht", text, is_in_block=True) == text
