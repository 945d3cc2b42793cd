"""Which parts come, and when: edits stream, decoys are withdrawn, what was cut off is said to be."""

from playground.artifacts.extraction import (
    EditClosed,
    EditOpened,
    Extractor,
    Part,
    ReplaceDelta,
    ReplaceOpened,
    SearchDelta,
    Withdrawn,
    collect,
    extract,
)
from playground.protocol import FileClosed, FileDelta, FileOpened, TextDelta

PAGE = "<!DOCTYPE html>\n<html>\n<body>\n<p>Hi</p>\n</body>\n</html>\n"
FENCED = f"```html\n{PAGE}```\n"


def parts_of(answer: str) -> list[Part]:
    extractor = Extractor()
    return [*extractor.feed(answer), *extractor.finish()]


def test_an_edit_streams() -> None:
    extractor = Extractor()
    assert extractor.feed("```js a.js\n<<<<<<< SEARCH\n") == [EditOpened("a.js")]
    assert extractor.feed("let x") == [SearchDelta("let x")]
    assert extractor.feed("\n===") == [SearchDelta("\n")]
    assert extractor.feed("====\n") == [ReplaceOpened()]
    assert extractor.feed("let b\n>>>>>>>") == [ReplaceDelta("let b\n")]
    assert extractor.feed(" REPLACE\n") == [EditClosed(complete=True)]
    assert extractor.feed("```\n") + extractor.finish() == []


def test_a_decoy_is_withdrawn_when_something_follows() -> None:
    extractor = Extractor()
    decoy = extractor.feed(f"{FENCED}</think>\n")
    assert [part.path for part in decoy if isinstance(part, FileOpened)] == ["index.html"]
    assert Withdrawn() not in decoy
    assert extractor.feed("Here:\n")[0] == Withdrawn()


def test_nothing_is_withdrawn_when_nothing_follows() -> None:
    assert Withdrawn() not in parts_of(f"{FENCED}</think>\n\n")


def test_a_withdrawal_makes_prose_reasoning() -> None:
    result = extract("so\n</think>\nHi")
    assert result.prose == "Hi"
    assert result.reasoning.split() == ["so"]


def test_files_out_of_reasoning_that_never_closed_come_at_the_end() -> None:
    extractor = Extractor()
    assert not any(isinstance(part, FileOpened) for part in extractor.feed(f"<think>{FENCED}"))
    end = extractor.finish()
    assert isinstance(end[0], FileOpened)
    assert isinstance(end[-1], FileClosed)
    assert not any(isinstance(part, TextDelta) for part in end)


def test_a_json_call_streams() -> None:
    extractor = Extractor()
    extractor.feed('<tool_call>\n{"name": "write_file", "arguments": {"path": "a.js", "content": "')
    assert extractor.feed("let a\\n") == [FileDelta(path="a.js", text="let a\n")]
    assert extractor.feed("\\u00e") == []
    assert extractor.feed("4") == [FileDelta(path="a.js", text="ä")]


def test_a_whole_version_outlives_one_that_is_cut_off() -> None:
    result = extract(f"{FENCED}Again:\n```html\n<!DOCTYPE html>\n<html><body>")
    assert result.files == {"index.html": PAGE}
    assert result.incomplete == {"index.html"}


def test_cut_at_every_byte_the_file_is_a_prefix_and_incomplete() -> None:
    answer = f"Here:\n\n{FENCED}\nBye"
    page_end = answer.index("</html>") + len("</html>")
    for cut in range(len(answer)):
        result = extract(answer[:cut])
        for text in result.files.values():
            assert PAGE.startswith(text)
        assert bool(result.incomplete) is (bool(result.files) and cut < page_end)


def test_parts_of_an_edit_fold_into_one() -> None:
    parts: list[Part] = [
        EditOpened(None),
        SearchDelta("a"),
        ReplaceOpened(),
        ReplaceDelta("b"),
        EditClosed(complete=True),
    ]
    (edit,) = collect(parts).edits
    assert (edit.path, edit.search, edit.replace, edit.complete) == (None, "a", "b", True)
