"""Which of several files is the page."""

import pytest

from playground.artifacts.extraction import extract
from playground.artifacts.files import choose_entry, is_page, mime_type


@pytest.mark.parametrize(
    ("paths", "entry"),
    [
        (["a.html", "index.html", "App.jsx"], "index.html"),
        (["logo.svg", "src/Button.jsx", "src/App.jsx", "style.css"], "src/App.jsx"),
        (["deep/page.html", "page.html"], "page.html"),
        (["README.md", "sketch.js"], "sketch.js"),
        (["notes.md", "data.json"], "notes.md"),
        (["App.vue", "main.js"], "App.vue"),
        (["style.css", "script.js"], "script.js"),
        (["data.bin", "table.csv"], "table.csv"),
        (["README.md"], "README.md"),
    ],
)
def test_the_entry(paths: list[str], entry: str) -> None:
    assert choose_entry(paths) == entry


def test_what_is_shown_before_the_other_files_are_known() -> None:
    shown = ["index.html", "App.jsx", "App.vue", "a.svg", "a.md", "a.mmd"]
    assert [path for path in [*shown, "README.md", "a.js", "a.css", "a.json", "a.py"] if is_page(path)] == shown


@pytest.mark.parametrize("path", ["a.jsx", "a.ts", "a.vue", "a.md", "a.mmd", "a.py", "a.csv"])
def test_sources_are_text(path: str) -> None:
    assert mime_type(path).startswith("text/")
    assert mime_type(path).endswith("charset=utf-8")


@pytest.mark.parametrize(
    ("fence", "path"),
    [
        ("vue\n<template><b/></template>", "App.vue"),
        ("mermaid\ngraph TD; A-->B", "diagram.mmd"),
        ("js\nlet x;\nfunction setup() {}", "sketch.js"),
        ("jsx\nfunction App() { return <b/> }", "App.jsx"),
    ],
)
def test_a_lone_block_that_shows_itself_is_a_file(fence: str, path: str) -> None:
    assert list(extract(f"Here:\n```{fence}\n```\n").files) == [path]


@pytest.mark.parametrize("fence", ["js\nconsole.log(1)", "python\nprint(1)", "json\n{}", "vue\nnpm install"])
def test_a_snippet_stays_prose(fence: str) -> None:
    assert extract(f"Here:\n```{fence}\n```\n").files == {}
