"""From a place in the film to the model's own words until there."""

import pytest

from playground.artifacts.edits.editor import Editor
from playground.artifacts.extraction import Extractor
from playground.protocol import EditDelta, Event, FileDelta, TextDelta
from playground.runs.checkpoints import MEND
from playground.runs.footage import STRIDE, find_prefix
from tests.behaviours import ANSWER

BASE = {"index.html": "<h1>One</h1>\n<p>two</p>\n"}
EDIT = "```html index.html\n<<<<<<< SEARCH\n<p>two</p>\n=======\n<p>three</p>\n<p>four</p>\n>>>>>>> REPLACE\n```\n"
LOST = EDIT.replace("<p>two</p>", "<p>nowhere</p>")
LONG = ANSWER.replace("Watch it swing.", "Watch it swing, to and fro. " * 40)
THOUGHT = f"Let me see: {ANSWER}</think>\nAfter all:\n\n{LONG}"


def tell(words: str, *, is_whole: bool = True) -> list[Event]:
    editor, extractor = Editor(BASE), Extractor()
    told: list[Event] = []
    *before, last = words.split(MEND)
    for part in before:
        told += [event for found in [*extractor.feed(part), *extractor.finish()] for event in editor.take(found)]
        extractor = Extractor()
    ending = extractor.feed(last)
    told += [event for found in ending for event in editor.take(found)]
    return told + [event for found in (extractor.finish() if is_whole else ()) for event in editor.take(found)]


def texts(events: list[Event]) -> list[str]:
    return [
        "".join(event.text for event in events if isinstance(event, kind)) for kind in (TextDelta, FileDelta, EditDelta)
    ]


@pytest.mark.parametrize("words", [ANSWER, LONG, f"Now three.\n\n{EDIT}Done.\n", f"{LOST}{MEND}Sorry.\n{EDIT}"])
def test_each_place_has_the_words_that_were_written_until_there(words: str) -> None:
    told = tell(words)
    before = ""
    for count in range(len(told) + 1):
        prefix = find_prefix(words, BASE, told[:count])
        assert words.startswith(prefix)
        assert prefix.startswith(before)
        before = prefix
    assert texts(tell(before, is_whole=False)) == texts(told)


def test_a_place_is_exact_to_the_character() -> None:
    prose = "word " * STRIDE
    assert find_prefix(prose + LONG, {}, [TextDelta(text="word " * 7)]).rstrip() == ("word " * 7).rstrip()


def test_before_the_first_word_nothing_is_taken() -> None:
    assert find_prefix(ANSWER, {}, []) == ""
