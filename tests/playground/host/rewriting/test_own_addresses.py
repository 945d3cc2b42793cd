"""Addresses from the top of a site: a version is not at the top of its host. The file here is one folder deep."""

import pytest

from tests.playground.host.rewriting.addresses import PRELUDE, classic, css, html, module, whole


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ('<link rel="stylesheet" href="/style.css">', '<link rel="stylesheet" href="../style.css">'),
        ("<img src=/a/b.png alt=x>", '<img src="../a/b.png" alt=x>'),
        ('<a href="/about.html">', '<a href="../about.html">'),
        ("<a href=/>", '<a href="../">'),
        ('<a href="//elsewhere.example/">', '<a href="//elsewhere.example/">'),
        (r'<img src="/\elsewhere.example/">', r'<img src="/\elsewhere.example/">'),
        ('<img src="own.png" title="/no">', '<img src="own.png" title="/no">'),
        ('<base href="/">', '<base href="/">'),
        ("<style>p { background: url(/p.png) }</style>", "<style>p { background: url(../p.png) }</style>"),
        (
            '<script type="module">import "/src/main.js"</script>',
            '<script type="module">import "../src/main.js"</script>',
        ),
    ],
)
def test_in_a_page(written: str, served: str) -> None:
    assert whole(html(), written).removeprefix(PRELUDE) == served


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("url(/p.png)", "url(../p.png)"),
        ("url( '/p.png' )", "url( '../p.png' )"),
        ('@import "/look.css";', '@import "../look.css";'),
        ("url(//elsewhere.example/p.png)", "url(//elsewhere.example/p.png)"),
        ("url(p.png) /* / */ a{b:c/d}", "url(p.png) /* / */ a{b:c/d}"),
        ("url(/", "url(../"),
    ],
)
def test_in_a_style_sheet(written: str, served: str) -> None:
    assert whole(css(), written) == served


def test_in_scripts() -> None:
    assert whole(module(), 'import a from "/a.js"; import("/b.js")') == 'import a from "../a.js"; import("../b.js")'
    assert whole(classic(), 'import("/b.js"); fetch("/c.json")') == 'import("../b.js"); fetch("/c.json")'
