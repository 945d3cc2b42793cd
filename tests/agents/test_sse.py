import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.llm.sse import EventReader, Oversized


def read(pieces: list[bytes], limit: int = 1000) -> list[bytes]:
    reader = EventReader(limit)
    return [event for piece in pieces for event in reader.feed(piece)]


@given(
    values=st.lists(st.text(), max_size=5),
    end=st.sampled_from(["\n", "\r\n"]),
    ping=st.sampled_from(["", ": ping", "event: chunk", "retry: 5"]),
    cuts=st.lists(st.integers(min_value=0, max_value=400)),
)
def test_any_cut_gives_the_same_events(values: list[str], end: str, ping: str, cuts: list[int]) -> None:
    data = [json.dumps(value) for value in values]
    stream = "".join(f"{ping}{end}data: {datum}{end}{end}" for datum in data).encode()
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[start:stop] for start, stop in pairwise(edges)]
    assert read(pieces, limit=1_000_000) == [datum.encode() for datum in data]


@given(st.lists(st.sampled_from(["data: a", "data: b", "data:c", "data: ", "event: x", "", ""]), max_size=12))
def test_what_comes_at_once_is_read_as_what_comes_byte_by_byte(lines: list[str]) -> None:
    stream = "".join(f"{line}\n" for line in lines).encode()
    assert read([stream]) == read([bytes([byte]) for byte in stream])


def test_lines_of_one_event_are_joined() -> None:
    assert read([b'data: {\ndata:  "a": 1}\n\n']) == [b'{\n "a": 1}']


def test_an_event_without_data_is_none() -> None:
    assert read([b"data:\n\n: ping\n\n\ndata: one\n\ndata: \r\n\r\ndata: two\n\n"]) == [b"one", b"two"]


def test_what_the_end_cuts_off_is_no_event() -> None:
    assert read([b"data: one\n\ndata: two\n"]) == [b"one"]


@pytest.mark.parametrize("piece", [b"x" * 100, b"data: " + b"x" * 90 + b"\n"])
def test_what_does_not_end_is_refused(piece: bytes) -> None:
    with pytest.raises(Oversized):
        read([piece] * 20)
