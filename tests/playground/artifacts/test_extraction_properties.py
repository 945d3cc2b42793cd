"""Chunking never changes the result, nothing is lost, nothing raises."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from playground.artifacts.extraction import Extractor, Part, ReplaceDelta, SearchDelta, collect, extract
from playground.protocol import FileDelta, FileOpened, ReasoningDelta, TextDelta
from tests.playground.artifacts.test_extraction import FORMS

PIECES = [
    "<<<<<<< SEARCH\n",
    "=======\n",
    ">>>>>>> REPLACE\n",
    ">>>>>>> UPDATED",
    "<<<<<<<",
    "index.html\n",
    "`app.js`:\n",
    "<tool_call>\n",
    "</tool_call>",
    "<function=write_file>\n",
    "<parameter=path>\n",
    "</parameter>\n",
    "</function>\n",
    "<parameter=content>\n",
    "a.html\n",
    "<parameter=old_str>",
    "<parameter=new_str>",
    '{"name": "write_file", "arguments": {"path": "a.html", "content": "<p>\\n\\u00e4\\ud83d\\ude00"}}',
    '{"name": "x", "arguments": "{\\"path\\": \\"b.js\\", \\"content\\": \\"a\\\\nb\\"}"}',
    '{"name": ',
    "{\n",
    '<antArtifact identifier="a" type="text/html" title="A">\n',
    "</antArtifact>\n",
    "<artifact>",
    "</artifact>",
    '<boltArtifact id="a">',
    '<boltAction type="file" filePath="a.js">',
    "</boltAction>",
    '<boltAction type="shell">',
    "</boltArtifact>",
    ':::artifact{identifier="a" type="text/html" title="A"}\n',
    ":::\n",
    '<file path="b.css">',
    "<|channel|>analysis<|message|>",
    "<|channel|>final<|message|>",
    "<|end|>",
    "<|start|>assistant",
    "assistantfinal",
    "analysis",
    "text ```js\n",
    "```html<!DOCTYPE html>\n",
    "> ```html\n",
    "> <p>\n",
    "> ```\n",
    "- ```css\n",
    "```md README.md\n",
    "```\n",
    "</svg>",
    "<svg>",
    "<!-- a -->",
    "<?xml version='1.0'?>",
    "<?php\n",
    "{% block %}\n",
    "`</think>`",
    "a</think>",
    "</think>\n",
    "<thinking>\n",
    '"</think>"',
    "**app.js**\n",
    "```js app.js\n",
    "</html> bye\n",
    "</html>```\n",
    "x" * 700,
    " " * 450,
    "```css\nb{}\n```\n",
    "Change this line to:\n",
    "<edit path='a.html'>",
    "------- SEARCH\n",
    "+++++++ REPLACE\n",
    "<old_str>",
    "</old_str>",
    "<new_str>",
    "</new_str>",
    "</edit>",
]
BLOCKS = st.sampled_from(
    [
        *(form[1] for form in FORMS),
        "Some prose with `code` and a < b.\n",
        "```",
        "```html\n",
        "~~~\n",
        "</html>\n",
        "<think>",
        "</think>",
        "</thi",
        "<!DOC",
        "<script>\n",
        "\r\n",
        "\r",
        "    ",
        "- item\n",
        "中文，标点。\n",
        "`" * 5,
        *PIECES,
    ]
)
NOISE = st.text(alphabet="`~<>/ \n\r\tahtml!-", max_size=40)
ANSWERS = st.lists(BLOCKS | NOISE | st.text(max_size=20), max_size=14).map("".join)


@st.composite
def chunked(draw: st.DrawFn) -> list[str]:
    answer = draw(ANSWERS)
    cuts = sorted(draw(st.sets(st.integers(0, len(answer)), max_size=30)) | {0, len(answer)})
    return [answer[start:end] for start, end in pairwise(cuts)]


def parts_of(chunks: list[str]) -> list[Part]:
    extractor = Extractor()
    parts = [part for chunk in chunks for part in extractor.feed(chunk)]
    return joined([*parts, *extractor.finish()])


def joined(parts: list[Part]) -> list[Part]:
    """Neighbouring deltas of one kind and file as one."""
    result: list[Part] = []
    for part in parts:
        last = result[-1] if result else None
        same_file = not isinstance(part, FileDelta) or (isinstance(last, FileDelta) and last.path == part.path)
        if isinstance(part, TextDelta | ReasoningDelta | FileDelta) and type(last) is type(part) and same_file:
            result[-1] = part.model_copy(update={"text": last.text + part.text})
        elif isinstance(part, SearchDelta | ReplaceDelta) and type(last) is type(part):
            result[-1] = type(part)(last.text + part.text)
        else:
            result.append(part)
    return result


@given(chunked())
def test_chunking_never_changes_the_parts(chunks: list[str]) -> None:
    whole = parts_of(["".join(chunks)])
    assert parts_of(chunks) == whole
    assert parts_of(list("".join(chunks))) == whole
    assert collect(parts_of(chunks)) == extract("".join(chunks))


@given(ANSWERS)
def test_files_are_opened_before_they_are_written(answer: str) -> None:
    opened: set[str] = set()
    for part in parts_of([answer]):
        if isinstance(part, FileOpened):
            opened.add(part.path)
        elif isinstance(part, FileDelta):
            assert part.path in opened


@given(st.lists(st.text(alphabet="abcdef ghi.,\n", max_size=60), max_size=8))
def test_plain_prose_comes_out_as_it_is(chunks: list[str]) -> None:
    text = "".join(chunks)
    assert extract(text).prose == text


@given(st.lists(st.sampled_from([form[1] for form in FORMS]) | NOISE, max_size=8).map("".join))
def test_no_word_is_lost(answer: str) -> None:
    marked = re.sub(r"a", "word", answer)
    parts = parts_of([marked])
    text = "".join(part.text for part in parts if isinstance(part, TextDelta | ReasoningDelta | FileDelta))
    # Fence lines and think tags are structure, and go; nothing inside a line of text does.
    kept = [line for line in re.split(r"[\r\n]+|</?think(?:ing)?>", marked, flags=re.IGNORECASE) if "word" in line]
    for line in kept:
        if not re.search(r"```|~~~", line):
            assert line.strip() in text


def test_little_is_held_back() -> None:
    extractor = Extractor()
    fed = emitted = 0
    page = "```html\n<!DOCTYPE html>\n" + "<p>some words of a page</p>\n" * 200 + "x" * 20_000
    for start in range(0, len(page), 7):
        chunk = page[start : start + 7]
        fed += len(chunk)
        emitted += sum(len(part.text) for part in extractor.feed(chunk) if isinstance(part, FileDelta))
        assert fed - emitted < 800
