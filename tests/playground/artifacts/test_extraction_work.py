"""Work grows with the answer and no faster: counted in characters that the modes are shown, not in seconds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.artifacts.extraction import Extractor, extract
from playground.artifacts.extraction.source import Source

PAGE = "<!DOCTYPE html>\n<html><body>\n"
SHAPES = {
    "prose": ("", "some words and `code`, a < b\n"),
    "one long line of prose": ("", "word < "),
    "a page": (f"```html\n{PAGE}", "<p>text</p>\n"),
    "a page in one line": (f"```html\n{PAGE}", "<p>text</p>"),
    "a page without a fence": (PAGE, "<p>text</p>\n"),
    "blank lines behind a page": (f"{PAGE}</html>", "\n"),
    "spaces behind a page": (f"{PAGE}</html>", " "),
    "reasoning": ("<think>", "hm `</think>` hm\n"),
    "reasoning in one line": ("<think>", "</thin"),
    "end tags": ("", "a </think>\n"),
    "channels": ("<|channel|>analysis<|message|>", "<|channel|>"),
    "fences": ("", "```\n"),
    "fences that never open": ("", "```a`"),
    "small blocks": ("", "```css\nb{}\n```\n"),
    "small blocks behind a page": (f"```html\n{PAGE}</html>\n```\n", "```css\nb{}\n```\n"),
    "pages": ("", f"```html\n{PAGE}</html>\n```\n"),
    "tags that open nothing": ("", "<boltAction type='x'> <tool_call> "),
    "quotes": ("", "> > > > "),
    "comments": ("", "<!---->"),
    "comments in a fence": ("```\n", "<!---->"),
    "emphasis": ("", "****____\n```\n```\n"),
    "a call as XML": ("<function=w><parameter=path>a.js</parameter><parameter=content>", "a\n</para"),
    "a call as XML, the content first": ("<function=w><parameter=content>", "a\n"),
    "a call as JSON": ('{"name": "w", "arguments": {"path": "a.js", "content": "', "\\n\\u00e4\\ud83d"),
    "brackets": ('<tool_call>{"a": ', "[{"),
    "edits": ("", "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n"),
    "an edit of marks": ("<<<<<<< SEARCH\n", "=====\n<<<<\n"),
    "a container": ("<antArtifact type='text/html' title='a'>", "</antArtifac"),
}


class CountedSource(Source):
    """Counts the characters that are looked at: each look at `rest` costs what it holds."""

    looked_at = 0

    @property
    def rest(self) -> str:
        self.looked_at += len(self._rest) + 1
        return self._rest

    @rest.setter
    def rest(self, text: str) -> None:
        self._rest = text


def work(text: str, size: int) -> int:
    extractor = Extractor()
    source = extractor._source = CountedSource()
    for start in range(0, len(text), size):
        extractor.feed(text[start : start + size])
    extractor.finish()
    return source.looked_at


@pytest.mark.parametrize("size", [1, 1_000_000], ids=["single characters", "whole"])
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_twice_the_work(shape: str, size: int) -> None:
    beginning, repeated = SHAPES[shape]
    length = 2_000 if size == 1 else 6_000
    count = length // len(repeated)
    once = work(beginning + repeated * count, size)
    twice = work(beginning + repeated * count * 2, size)
    assert twice < 2.5 * once + 20_000


@pytest.mark.parametrize("shape", SHAPES)
def test_little_is_kept(shape: str) -> None:
    beginning, repeated = SHAPES[shape]
    extractor = Extractor()
    extractor.feed(beginning)
    for _ in range(6_000 // len(repeated)):
        extractor.feed(repeated)
        assert len(extractor._source.rest) <= 3_000


WORDS = r"""
``` ~~~~ html > - <think> </think> <html> </html> <svg> </svg> <!-- --> <script> </script> ======= a.js \u \ 中 " ** ` #
<tool_call> <function=f> <parameter=path> </parameter> <parameter=content> </function> { } ::: final analysis
<|channel|> <|message|> assistantfinal <old_str> </old_str> <new_str> </new_str> </antArtifact>"""
LINES = """<!DOCTYPE html>|<<<<<<< SEARCH|>>>>>>> REPLACE|<edit path='a.js'>|:::artifact{type=text/html}|\n|\r\n| |\0|
\ud83d|{"name": "f", "arguments": {"path": "a.js", "content": \""""
PIECES = st.sampled_from([*WORDS.split(), *LINES.split("|")])


@given(
    st.lists(PIECES | st.text(max_size=5) | st.binary(max_size=5).map(lambda raw: raw.decode("latin-1")), max_size=60)
)
def test_nothing_raises(words: list[str]) -> None:
    extract("".join(words))


@given(st.text(), st.text())
def test_every_text_survives_a_call(path: str, content: str) -> None:
    call = json.dumps({"name": "write_file", "arguments": {"path": "a.txt", "note": path, "content": content}})
    files = extract(f"<tool_call>\n{call}\n</tool_call>").files
    assert files == {"a.txt": content}
