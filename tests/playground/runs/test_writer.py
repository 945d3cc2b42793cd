import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from playground.protocol import Event, FileDelta, FileOpened, ReasoningDelta, RunStarted, TextDelta
from playground.runs.lines import Line
from playground.runs.writer import LogWriter, Stretch, join_deltas, split_deltas

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(TextDelta, text=st.text(max_size=5)),
    st.builds(ReasoningDelta, text=st.text(max_size=5)),
    st.builds(FileDelta, path=st.sampled_from(["a.html", "b.css"]), text=st.text(max_size=5)),
    st.builds(FileOpened, path=st.just("a.html"), language=st.just("html")),
    st.builds(RunStarted, model=st.just("m")),
)


def texts(events: list[Event]) -> dict[tuple[str, str], str]:
    """All text by kind and file."""
    collected: dict[tuple[str, str], str] = {}
    for event in events:
        if isinstance(event, TextDelta | ReasoningDelta | FileDelta):
            key = (event.type, getattr(event, "path", ""))
            collected[key] = collected.get(key, "") + event.text
    return collected


@given(st.lists(EVENTS, max_size=30))
def test_joining_loses_no_text_and_leaves_no_neighbours_to_join(events: list[Event]) -> None:
    joined = join_deltas(events)
    assert texts(joined) == texts(events)
    assert join_deltas(joined) == joined
    others = (RunStarted, FileOpened)
    assert [e for e in joined if isinstance(e, others)] == [e for e in events if isinstance(e, others)]


def test_a_huge_delta_is_split_and_whole() -> None:
    text = "é" * 250_001
    events = split_deltas([FileDelta(path="a.html", text=text), RunStarted(model="m")])
    assert max(len(event.model_dump_json().encode()) for event in events) < 1_000_000
    assert texts(events) == {("file.delta", "a.html"): text}
    assert len(events) == 4


@given(st.lists(st.lists(EVENTS, max_size=5), max_size=10))
def test_numbers_have_no_gaps(batches: list[list[Event]]) -> None:
    writer = LogWriter("run", timezone.now())
    lines: list[Line] = []
    for number, batch in enumerate(batches):
        writer.add(*batch)
        writer.note(f"{number} ")
        lines += writer.number().lines
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    told = [number for number, batch in enumerate(batches) if batch]
    text = "".join(f"{number} " for number in range(told[-1] + 1)) if told else ""  # later words wait for their frames
    assert writer.take_unsaved() == Stretch(lines, text)
    assert writer.take_unsaved() == Stretch([])


def test_what_fails_is_as_before() -> None:
    writer = LogWriter("run", timezone.now())
    writer.add(TextDelta(text="a"))
    with pytest.raises(ZeroDivisionError), writer.restoring():
        assert 1 / len(writer.take_unsaved().lines) + len(writer.number().lines)
    assert [line.seq for line in writer.number().lines] == [1]
