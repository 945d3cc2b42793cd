import pytest

from playground.host.rewriting import HtmlRewriter
from playground.host.rewriting.html import LONGEST_TAG
from tests.playground.host.rewriting.addresses import PRELUDE, SHELF, addresses, css, html, whole

WEB = f"{SHELF}/web/unpkg.com"


@pytest.mark.parametrize(
    ("document", "before"),
    [
        ("<!doctype html><p>", "<!doctype html>"),
        ("\ufeff <!-- a > b --><!DOCTYPE HTML PUBLIC 'x'>\n<p>", "\ufeff <!-- a > b --><!DOCTYPE HTML PUBLIC 'x'>"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html><p>', '<?xml version="1.0"?>\n<!DOCTYPE html>'),
        ("<!--><!doctype html>", "<!--><!doctype html>"),
        ("<html><!doctype html>", ""),
        ("Hello", ""),
        ("<!doctypehtml>", ""),
        ("<!doc", ""),
        ("", ""),
    ],
)
def test_the_prelude_comes_right_after_the_doctype(document: str, before: str) -> None:
    assert whole(html(), document) == before + PRELUDE + document.removeprefix(before)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<script src="https://unpkg.com/a@1/b.js"></script>', f'<script crossorigin src="{WEB}/a@1/b.js"></script>'),
        ("<script src=//unpkg.com/a ></script>", f'<script crossorigin src="{WEB}/a" ></script>'),
        (
            "<SCRIPT SRC='https://unpkg.com/a' integrity='sha384-x' crossorigin=anonymous defer></SCRIPT>",
            f'<SCRIPT src="{WEB}/a"  crossorigin=anonymous defer></SCRIPT>',
        ),
        ('<link crossorigin="use-credentials" href=https://unpkg.com/a>', f'<link  href="{WEB}/a">'),
        ('<script src="mine.js" integrity="sha384-x">', '<script crossorigin src="mine.js" integrity="sha384-x">'),
        ('<script crossorigin="" src="mine.js">', '<script crossorigin="" src="mine.js">'),
        ("<script>a()</script>", "<script>a()</script>"),
        ('<template shadowrootmode="closed">', '<template shadowrootmode="open">'),
        (
            '<link href="https://fonts.googleapis.com/css2?family=A:wght@400;700&amp;family=B&display=swap">',
            f'<link href="{SHELF}/web/fonts.googleapis.com/css2?family=A:wght@400;700&amp;family=B&amp;display=swap">',
        ),
        (
            '<p style="background:url(&quot;https://unpkg.com/a.png&quot;)">',
            f'<p style="background:url(&quot;{WEB}/a.png&quot;)">',
        ),
        ('<img srcset="https://unpkg.com/a 1x, //unpkg.com/b 2x">', f'<img srcset="{WEB}/a 1x, {WEB}/b 2x">'),
        ('<base href="https://unpkg.com/a/">', '<base href="https://unpkg.com/a/">'),
        (
            '<a href="https://unpkg.com/a">https://unpkg.com/a</a>',
            '<a href="https://unpkg.com/a">https://unpkg.com/a</a>',
        ),
        ('<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">', ""),
        ('<p title="a > b" data-x="https://unpkg.com/a">', f'<p title="a > b" data-x="{WEB}/a">'),
        ("<!-- <script src='https://unpkg.com/a'> -->", "<!-- <script src='https://unpkg.com/a'> -->"),
        ("<textarea><script src='https://unpkg.com/a'>", "<textarea><script src='https://unpkg.com/a'>"),
        ("<p title='unclosed https://unpkg.com/a", "<p title='unclosed https://unpkg.com/a"),
        ("1 < 2 </> </ x> <?x?> <!x> <3", "1 < 2 </> </ x> <?x?> <!x> <3"),
    ],
)
def test_tags(tag: str, expected: str) -> None:
    assert whole(html(), f"<!doctype html>{tag}") == f"<!doctype html>{PRELUDE}{expected}"


def test_a_page_without_addresses_gets_the_prelude_alone() -> None:
    page = "<!doctype html><html><body class=a><script>let a = 'b</p>'</script><p>Hi &amp; bye</p>"
    assert whole(html(), page) == page.replace("html>", f"html>{PRELUDE}", 1)


def test_scripts_and_styles() -> None:
    page = (
        "<style>@import '//unpkg.com/a.css'; a{b:url(//unpkg.com/c.png)}</style>"
        "<script>import a from 'three'; import('three'); f('https://unpkg.com/a')</script >"
        "<script type='module'>import a from 'three'</SCRIPT>"
        "<script type='text/babel'>import a from 'three'; <p>don't</p>\nimport b from 'lit'</script>"
        '<script type=\'application/json\'>{"from": "three", "a": "https://unpkg.com/b"}</script>'
    )
    three, lit = f"{SHELF}/esm/three@latest", f"{SHELF}/esm/lit@latest"
    assert whole(html(), page) == PRELUDE + (
        f"<style>@import '{WEB}/a.css'; a{{b:url({WEB}/c.png)}}</style>"
        f"<script>import a from 'three'; import('{three}'); f('{WEB}/a')</script >"
        f"<script type='module'>import a from '{three}'</SCRIPT>"
        f"<script type='text/babel'>import a from '{three}'; <p>don't</p>\nimport b from '{lit}'</script>"
        f'<script type=\'application/json\'>{{"from": "three", "a": "{WEB}/b"}}</script>'
    )


def test_the_import_map_answers_for_its_names() -> None:
    rewriter = html()
    page = (
        '<script type="importmap">{"imports": {"three": "https://unpkg.com/three@1/x.js", "three/": "./t/"}}</script>'
        "<script type=module>import 'three'; import 'three/a'; import 'lit'</script>"
    )
    written = whole(rewriter, page)
    assert f'"three": "{WEB}/three@1/x.js"' in written
    assert f"import 'three'; import 'three/a'; import '{SHELF}/esm/lit@latest'" in written
    assert rewriter.names.cover("three/b")


def test_an_import_map_that_is_no_json_still_names() -> None:
    page = '<script type=importmap>{"imports": {"three": "./x",}}</script><script type=module>import "three"</script>'
    assert whole(html(), page) == PRELUDE + page


def test_pins_answer_open_ranges() -> None:
    rewriter = HtmlRewriter(addresses(three_latest="0.180.0"), "")
    page = '<script src="https://unpkg.com/three@latest/a.js"></script><script type=module>import "three"</script>'
    assert whole(rewriter, page) == (
        f'<script crossorigin src="{SHELF}/npm/three@0.180.0/a.js"></script>'
        f'<script type=module>import "{SHELF}/esm/three@0.180.0"</script>'
    )


def test_a_long_tag_is_not_held_back() -> None:
    rewriter = html()
    rewriter.feed("<!doctype html>")
    picture = "x" * LONGEST_TAG
    assert len(rewriter.feed(f'<img src="data:{picture}')) > LONGEST_TAG
    assert rewriter.feed('>" data-a="https://unpkg.com/a"><script>') == f'>" data-a="{WEB}/a"><script>'
    assert rewriter.feed("<a href='") == "<a href='"


def test_text_goes_out_as_it_comes() -> None:
    rewriter = html()
    assert rewriter.feed("<h1>Hi") == f"{PRELUDE}<h1>Hi"
    assert rewriter.feed(" you<") == " you"
    assert rewriter.feed("/h1><script>let a = 1;") == "</h1><script>let a = 1;"
    assert rewriter.feed("</scr") == ""
    assert rewriter.feed("eam") == "</scream"


def test_style_sheets() -> None:
    source = "@import url(https://fonts.googleapis.com/css2?family=A|B); a{b:url('//unpkg.com/c')} /* https://x.y */"
    assert whole(css(), source) == (
        f"@import url({SHELF}/web/fonts.googleapis.com/css2?family=A|B); a{{b:url('{WEB}/c')}} /* https://x.y */"
    )
