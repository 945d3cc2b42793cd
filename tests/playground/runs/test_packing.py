"""Packed frames are exactly what they were, and small."""

from hypothesis import given
from hypothesis import strategies as st

from playground.protocol import (
    EditDelta,
    Event,
    FileClosed,
    FileDelta,
    FileOpened,
    Frame,
    ReasoningDelta,
    RunFinished,
    RunStarted,
    TextDelta,
)
from playground.runs.lines import lines_of
from playground.runs.packing import pack, unpack, unpack_answer

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
PATHS = st.sampled_from(["index.html", "a b/ü.js"])
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(TextDelta, text=TEXTS),
    st.builds(ReasoningDelta, text=TEXTS),
    st.builds(FileDelta, path=PATHS, text=TEXTS),
    st.builds(EditDelta, path=PATHS, text=TEXTS),
    st.builds(FileOpened, path=PATHS, language=st.just("html")),
    st.builds(FileClosed, path=PATHS, complete=st.booleans()),
    st.builds(RunStarted, model=TEXTS),
    st.builds(RunFinished, reason=st.sampled_from(["stop", "length"])),
)


@given(events=st.lists(EVENTS, min_size=1, max_size=30), first=st.integers(1, 10**6), answer=TEXTS)
def test_what_is_packed_comes_out_the_same(events: list[Event], first: int, answer: str) -> None:
    frames = [Frame(run="r", seq=seq, at=seq * 7, event=event) for seq, event in enumerate(events, first)]
    packed = pack(lines_of(frames), answer)
    assert unpack("r", first, packed) == frames
    assert unpack_answer(packed) == answer


def test_text_that_comes_in_small_pieces_takes_no_more_room_than_itself() -> None:
    text = "".join(f"const x{n} = Math.sin({n} * time) + offset[{n % 7}];\n" for n in range(10))
    pieces = [text[start : start + 15] for start in range(0, len(text), 15)]
    frames = [
        Frame(run="r" * 16, seq=seq, at=20_000 + seq * 121, event=FileDelta(path="index.html", text=piece))
        for seq, piece in enumerate(pieces, 1000)
    ]
    assert len(pack(lines_of(frames), text)) < len(text)
    assert len("".join(frame.model_dump_json() for frame in frames)) > 5 * len(text)
