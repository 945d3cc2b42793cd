"""The edits of an answer, applied as they stream: the log tells the same files as the editor keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.edits import find_edits
from playground.artifacts.edits.editor import Editor
from playground.artifacts.edits.reading import FileReader
from playground.artifacts.extraction import Part
from playground.artifacts.extraction.edits import EditClosed, EditOpened, ReplaceDelta, ReplaceOpened, SearchDelta
from playground.artifacts.extraction.parts import Withdrawn
from playground.protocol import EditFailed, Event, FileClosed, FileDelta, FileOpened

PAGE = "<h1>One</h1>\n<p>two</p>\n<p>three</p>\n"


def block(search: str, replace: str, path: str | None = "index.html", *, complete: bool = True) -> list[Part]:
    """An edit as the extractor gives it, a character at a time."""
    return [
        EditOpened(path),
        *map(SearchDelta, search),
        ReplaceOpened(),
        *map(ReplaceDelta, replace),
        EditClosed(complete),
    ]


def edit(base: dict[str, str], *parts: Part) -> tuple[Editor, list[Event]]:
    editor = Editor(base)
    events = [event for part in parts for event in editor.take(part)]
    return editor, [*events, *editor.close()]


def read(events: list[Event], path: str = "index.html") -> str:
    reader = FileReader(path)
    for event in events:
        reader.take(event)
    return reader.text


def test_an_edit_opens_the_file_with_what_it_was_and_changes_it_in_place() -> None:
    editor, events = edit({"index.html": PAGE}, *block("<p>two</p>\n", "<p>2</p>\n<p>2b</p>\n"))
    changed = PAGE.replace("<p>two</p>\n", "<p>2</p>\n<p>2b</p>\n")
    assert events[:2] == [
        FileOpened(path="index.html", language="html", is_edit=True),
        FileDelta(path="index.html", text=PAGE),
    ]
    assert events[-1] == FileClosed(path="index.html", complete=True)
    assert editor.files == {"index.html": changed}
    assert read(events) == changed
    assert editor.take_failed() == []


def test_an_edit_without_a_place_changes_nothing_and_is_remembered() -> None:
    editor, events = edit({"index.html": PAGE}, *block("<p>four</p>\n", "<p>4</p>\n"))
    assert events == [EditFailed(path="index.html", search="<p>four</p>\n", found=0)]
    assert editor.files == {}
    (failed,) = editor.take_failed()
    assert (failed.path, failed.edit.replace, failed.found) == ("index.html", "<p>4</p>\n", 0)
    assert editor.take_failed() == []


def test_an_edit_that_is_cut_off_is_taken_back() -> None:
    editor, events = edit({"index.html": PAGE}, *block("<p>two</p>\n", "<p>2</p>\n<p>ha", complete=False))
    assert editor.files == {"index.html": PAGE}
    assert read(events) == PAGE
    assert len(editor.take_failed()) == 1


def test_a_part_of_a_line() -> None:
    editor, events = edit({"index.html": PAGE}, *block("three", "3"))
    assert editor.files["index.html"] == read(events) == PAGE.replace("three", "3")


def test_an_unnamed_edit_goes_where_its_text_stands() -> None:
    base = {"index.html": PAGE, "style.css": "p { color: red }\n"}
    editor, _ = edit(base, *block("p { color: red }\n", "p { color: blue }\n", path=None))
    assert editor.files == {"style.css": "p { color: blue }\n"}


def test_a_file_that_the_answer_has_just_written_can_be_edited() -> None:
    written: list[Part] = [
        FileOpened(path="a.js", language="javascript"),
        FileDelta(path="a.js", text="let a\nlet b\n"),
        FileClosed(path="a.js", complete=True),
    ]
    editor, events = edit({}, *written, *block("let b\n", "let c\n", path="a.js"))
    assert editor.files["a.js"] == read(events, "a.js") == "let a\nlet c\n"


def test_a_file_that_is_written_whole_takes_the_place_of_its_edits() -> None:
    whole: list[Part] = [FileOpened(path="index.html", language="html"), FileDelta(path="index.html", text="<p>new")]
    editor, events = edit({"index.html": PAGE}, *block("<p>two</p>\n", "<p>2</p>\n"), *whole)
    assert editor.files["index.html"] == read(events) == "<p>new"


def test_what_was_reasoning_leaves_the_files_as_they_were() -> None:
    decoy = block("<p>two</p>\n", "<p>draft</p>\n")
    editor, events = edit({"index.html": PAGE}, *decoy, Withdrawn(), *block("<p>three</p>\n", "<p>3</p>\n"))
    assert editor.files["index.html"] == read(events) == PAGE.replace("three", "3")


@pytest.mark.parametrize("search", ["", "\n"])
def test_a_new_file_may_come_as_an_edit_of_nothing(search: str) -> None:
    editor, events = edit({"index.html": PAGE}, *block(search, "let a\n", path="a.js"))
    assert editor.files["a.js"] == read(events, "a.js") == "let a\n"


LINES = st.lists(st.sampled_from(["", "a", "  a", "b", "}", "  }", "long line"]), max_size=10)


@given(LINES, LINES)
def test_the_log_and_the_editor_agree(before: list[str], after: list[str]) -> None:
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    parts = [part for change in find_edits(old, new) for part in block(change.search, change.replace)]
    editor, events = edit({"index.html": old}, *parts)
    assert editor.take_failed() == []
    assert editor.files.get("index.html", old) == new
    assert read(events) == (new if parts else "")
