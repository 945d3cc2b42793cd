"""Whatever comes, and however it is cut: the same text, in linear time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.host.rewriting.transformer import Scanner, Transformer
from tests.playground.host.rewriting.addresses import PRELUDE, classic, css, html, module, whole

PIECES = [
    "<!doctype html>", "<", ">", "</", "<!--", "-->", "<script", "<script>", "</script>", "<style>", "</style>",
    "<script type=module>", "<script type=importmap>", '{"imports": {"three": "./x"}}', " src=", "'", '"', "`", "${",
    "{", "}", "/", "//", "/*", "*/", "\\", "\n", " ", "https://", "https://unpkg.com/", "//unpkg.com/a@1", "unpkg.com",
    "import ", "import", "export", "from", "(", ")", '"three"', "'lit'", "[", "]", "three", ";", ".", "*", "=", "&amp;",
    "integrity='sha384-x'", "<textarea>", "</textarea>", "<a href=", 
    "<img src=/", "url(", "@import ", "<title>", "\ufeff", "é", "x" * 300,
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)
MAKERS = {"html": html, "css": css, "module": module, "classic": classic}


@pytest.mark.parametrize("kind", MAKERS)
@given(text=TEXTS, data=st.data())
@settings(max_examples=300)
def test_any_chunking_gives_the_same(kind: str, text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    parts = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    make = MAKERS[kind]
    assert in_parts(make(), parts) == whole(make(), text)
    assert in_parts(make(), list(text)) == whole(make(), text)


@pytest.mark.parametrize("kind", MAKERS)
@given(text=st.text())
def test_text_without_addresses_passes(kind: str, text: str) -> None:
    written = whole(MAKERS[kind](), text)
    assert written.replace(PRELUDE, "", 1) == text


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<p title='", "<a>", "https://x", "//", "<!--", "`${", "import", "'", "/["]
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_the_work_is_linear(kind: str, unit: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = (work(MAKERS[kind](), unit * (count // len(unit)), size, monkeypatch) for count in (20_000, 40_000))
    assert long <= 2.2 * short + 10_000


def work(rewriter: Transformer, text: str, size: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many characters were looked at, counted where each look begins."""
    looked = 0
    drain = Scanner._drain

    def count(self: Scanner, *, is_end: bool) -> str:
        nonlocal looked
        looked += len(self._rest)
        return drain(self, is_end=is_end)

    with monkeypatch.context() as patch:
        patch.setattr(Scanner, "_drain", count)
        in_parts(rewriter, [text[at : at + size] for at in range(0, len(text), size)])
    return looked


def in_parts(rewriter: Transformer, parts: list[str]) -> str:
    return "".join([*map(rewriter.feed, parts), rewriter.finish()])
