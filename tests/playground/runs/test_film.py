"""What a film tells of a log, and when."""

import pytest

from playground import protocol as build
from playground.protocol import (
    AnswerWithdrawn,
    CheckPictures,
    EditClosed,
    EditDelta,
    EditOpened,
    Event,
    FileClosed,
    FileDelta,
    FileOpened,
    Frame,
    ModelAnswered,
    ReasoningDelta,
    RunFinished,
    RunStarted,
    TextDelta,
    Usage,
)
from playground.runs.film import LONGEST, LONGEST_PAUSE, cut_film, find_looks

PAGE = FileOpened(path="index.html", language="html")


def log_of(*told: tuple[int, Event]) -> list[Frame]:
    return [Frame(run="r", seq=seq, at=at, event=event) for seq, (at, event) in enumerate(told, 1)]


def text(text: str, path: str = "index.html") -> FileDelta:
    return FileDelta(path=path, text=text)


def closed(path: str = "index.html") -> FileClosed:
    return FileClosed(path=path, complete=True)


def events_of(film: list[Frame]) -> list[Event]:
    return [frame.event for frame in film]


def written(film: list[Frame]) -> str:
    return "".join(frame.event.text for frame in film if isinstance(frame.event, FileDelta))


def test_what_concerns_only_the_makers_is_in_no_film() -> None:
    film = cut_film(
        log_of(
            (0, RunStarted(model="secret")),
            (1, ModelAnswered(model="secret")),
            (2, ReasoningDelta(text="secret")),
            (3, TextDelta(text="Here it is.")),
            (4, PAGE),
            (5, text("<p>")),
            (6, closed()),
            (7, Usage(input_tokens=1, output_tokens=2)),
            (8, RunFinished(reason="stop")),
        )
    )
    assert events_of(film) == [TextDelta(text="Here it is."), PAGE, text("<p>"), closed(), RunFinished(reason="stop")]
    assert [frame.seq for frame in film] == [1, 2, 3, 4, 5]
    assert {frame.run for frame in film} == {""}


def test_a_build_tells_its_steps_and_not_what_was_said_to_it() -> None:
    check = build.BuildCheck(verdict="usable", words="Usable", pictures=CheckPictures(thumbnail="/secret"), level="x")
    returned = build.ToolReturned(
        step=1, id="c", name="write_file", is_ok=True, summary="3 lines", text="secret", picture="/secret"
    )
    film = cut_film(
        log_of(
            (0, build.BuildStep(step=1)),
            (1, build.BuildWriting(step=1, tool="", text="secret", is_reasoning=True)),
            (2, build.BuildWriting(step=1, tool="run_command", text="secret")),
            (3, build.BuildWriting(step=1, tool="write_file", text='{"path')),
            (4, build.BuildSteered(step=1, id="m", text="secret")),
            (
                5,
                build.BuildAnswered(
                    step=1, text="I write.", reasoning="secret", tools=["write_file"], used=build.BuildUse(cost=0.7)
                ),
            ),
            (6, returned),
            (7, build.BuildChecked(step=1, check=check, is_best=True, seconds=1)),
        )
    )
    assert "secret" not in str(film)
    assert "0.7" not in str(film)
    kinds = [event.type for event in events_of(film)]
    assert kinds == ["build.step", "build.writing", "build.answered", "build.returned", "build.checked"]


def test_a_log_that_is_no_longer_kept_makes_no_film() -> None:
    assert (
        cut_film(log_of((0, RunStarted(model="m")), (0, TextDelta(text="gone")), (0, RunFinished(reason="stop")))) == []
    )


def test_what_was_withdrawn_is_not_shown() -> None:
    film = cut_film(log_of((0, PAGE), (1, text("draft")), (2, AnswerWithdrawn()), (3, PAGE), (4, text("page"))))
    assert written(film) == "page"


def test_pauses_are_short_and_recorded_times_are_kept() -> None:
    film = cut_film(log_of((5_000, PAGE), (5_500, text("a")), (95_000, text("b")), (95_400, closed())))
    start = film[0].at
    assert [frame.at - start for frame in film] == [0, 500, 500 + LONGEST_PAUSE, 900 + LONGEST_PAUSE]


def test_a_long_making_lasts_a_minute() -> None:
    told = [(second * 900, text(f"{second}\n")) for second in range(400)]
    film = cut_film(log_of((0, PAGE), *told, (400_000, closed())))
    assert film[-1].at == LONGEST
    assert [frame.at for frame in film] == sorted(frame.at for frame in film)


def test_what_came_all_at_once_is_written_in_pieces() -> None:
    page = "".join(f"line {number}\n" for number in range(2_000))
    film = cut_film(log_of((0, PAGE), (100, text(page)), (100, closed())))
    assert written(film) == page
    assert len(film) > 50
    assert film[-1].at > 5_000


def test_the_text_that_edits_start_from_is_there_at_once() -> None:
    before = "line\n" * 5_000
    opened = FileOpened(path="index.html", language="html", is_edit=True)
    film = cut_film(
        log_of(
            (0, opened),
            (0, text(before)),
            (0, EditOpened(path="index.html", line=0, count=1)),
            (9, EditDelta(path="index.html", text="x\ny\n")),
            (9, EditClosed(path="index.html")),
        )
    )
    assert events_of(film)[:2] == [opened, text(before)]
    assert film[-1].at < 2_000


def test_the_page_is_loaded_as_it_is_written_and_again_where_it_changes() -> None:
    film = cut_film(log_of((0, PAGE), (900, text("<p>")), (1_800, closed())))
    assert [(look.seq, look.streams) for look in find_looks(film, ())] == [(1, True)]
    edited = log_of(
        (0, FileOpened(path="index.html", language="html", is_edit=True)),
        (0, text("a\n")),
        (500, EditOpened(path="index.html", line=0, count=1)),
        (600, EditClosed(path="index.html")),  # the next one follows at once
        (700, EditOpened(path="index.html", line=0, count=1)),
        (800, EditClosed(path="index.html")),
    )
    assert [look.seq for look in find_looks(cut_film(edited), {"index.html"})] == [6]


@pytest.mark.parametrize(("base", "looks"), [((), []), (("style.css",), [3])])
def test_a_file_that_was_there_before_is_asked_for_again(base: tuple[str, ...], looks: list[int]) -> None:
    css = FileOpened(path="style.css", language="css")
    film = cut_film(log_of((0, css), (1, text("p {}", "style.css")), (2, closed("style.css"))))
    assert [look.seq for look in find_looks(film, base)] == looks


def test_each_step_of_a_build_is_looked_at_however_fast_they_were() -> None:
    """They are chapters, and where one may go on from."""
    change = build.FileChange(path="index.html", before=None, after="x")
    told: list[Event] = []
    for step in (1, 2, 3):
        returned = build.ToolReturned(
            step=step, id="c", name="write_file", is_ok=True, summary="", text="", changes=[change]
        )
        told += [build.BuildStep(step=step), returned]
    film = cut_film(log_of(*((at * 50, event) for at, event in enumerate(told))))
    assert [(look.seq, look.step) for look in find_looks(film, ())] == [(2, 1), (4, 2), (6, 3)]
