"""Three-way merges: what two sides changed is all there, or is told."""

import time

from hypothesis import given
from hypothesis import strategies as st

from playground.artifacts.edits import Conflict, merge_texts

TEXTS = st.text("ab\n", max_size=40)
LINES = st.lists(st.sampled_from(["a", "b", "c", "{", "}", ""]), max_size=12)


def merged(base: str, mine: str, theirs: str) -> str | None:
    """None where there is a conflict."""
    pieces = merge_texts(base, mine, theirs)
    return None if any(isinstance(piece, Conflict) for piece in pieces) else "".join(map(str, pieces))


def side(base: str, mine: str, theirs: str, name: str) -> str:
    """The text with all conflicts decided for one side."""
    pieces = merge_texts(base, mine, theirs)
    return "".join(piece if isinstance(piece, str) else getattr(piece, name) for piece in pieces)


@given(TEXTS, TEXTS)
def test_one_side_alone_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merged(base, changed, base) == changed
    assert merged(base, base, changed) == changed
    assert merged(base, changed, changed) == changed


@given(TEXTS, TEXTS, TEXTS)
def test_the_sides_may_be_swapped(base: str, mine: str, theirs: str) -> None:
    assert merged(base, mine, theirs) == merged(base, theirs, mine)
    assert side(base, mine, theirs, "mine") == side(base, theirs, mine, "theirs")


@given(LINES, LINES, LINES, LINES, LINES)
def test_changes_apart_from_each_other_both_survive(
    old_top: list[str], new_top: list[str], middle: list[str], old_end: list[str], new_end: list[str]
) -> None:
    """However alike the rest is; where the comparison finds no way to keep them apart, it is a conflict."""
    wall = ["== 1 ==", *middle, "== 2 =="]
    texts = [
        "\n".join(lines)
        for lines in (
            [*old_top, *wall, *old_end],
            [*new_top, *wall, *old_end],
            [*old_top, *wall, *new_end],
            [*new_top, *wall, *new_end],
        )
    ]
    assert merged(*texts[:3]) in (texts[3], None)


@given(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, min_size=3, max_size=20), st.data())
def test_two_lines_that_are_changed_both_stay_changed(lines: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(lines) - 3))
    second = data.draw(st.integers(first + 2, len(lines) - 1))
    mine, theirs, both = list(lines), list(lines), list(lines)
    mine[first] = both[first] = "MINE"
    theirs[second] = both[second] = "THEIRS"
    assert merged("\n".join(lines), "\n".join(mine), "\n".join(theirs)) == "\n".join(both)


@given(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, min_size=1, max_size=20), st.data())
def test_the_same_line_changed_twice_is_a_conflict(lines: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    mine, theirs = list(lines), list(lines)
    mine[place], theirs[place] = "MINE", "THEIRS"
    pieces = merge_texts(*("\n".join(text) + "\n" for text in (lines, mine, theirs)))
    assert [piece for piece in pieces if isinstance(piece, Conflict)] == [
        Conflict(f"{lines[place]}\n", "MINE\n", "THEIRS\n")
    ]


@given(TEXTS, TEXTS, TEXTS)
def test_every_line_that_came_in_is_there_or_is_told(base: str, mine: str, theirs: str) -> None:
    pieces = merge_texts(base, mine, theirs)
    told = "".join(piece if isinstance(piece, str) else piece.mine + "\n" + piece.theirs + "\n" for piece in pieces)
    have = told.split("\n")
    for line in {*mine.split("\n"), *theirs.split("\n")} - {*base.split("\n")}:
        assert line in have


def test_insertions_at_the_same_place_are_a_conflict() -> None:
    assert merge_texts("a\nb\n", "a\n1\nb\n", "a\n2\nb\n") == ["a\n", Conflict("", "1\n", "2\n"), "b\n"]


def test_a_missing_line_end_is_kept() -> None:
    assert merged("a\nb\nc", "A\nb\nc", "a\nb\nc") == "A\nb\nc"
    assert merged("a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\r\nb\r\nC\r\n") == "A\r\nb\r\nC\r\n"


def test_large_files_take_no_long_time() -> None:
    lines = [f"line {number % 50}\n" for number in range(40_000)]
    mine = ["x\n", *lines[1:20_000], "y\n", *lines[20_001:]]
    theirs = [*lines[:-1], "z\n"]
    started = time.monotonic()
    merge_texts("".join(lines), "".join(mine), "".join(theirs))
    shuffled = [f"line {number * 7919 % 50}\n" for number in range(40_000)]
    merge_texts("".join(lines), "".join(shuffled), "".join(shuffled[::-1]))
    assert time.monotonic() - started < 10
