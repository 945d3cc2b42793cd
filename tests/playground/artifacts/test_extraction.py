"""What becomes a file, what stays prose: exact examples."""

import pytest

from playground.artifacts.extraction import extract

PAGE = "<!DOCTYPE html>\n<html>\n<body>\n<p>Hi</p>\n</body>\n</html>\n"
FENCED = f"```html\n{PAGE}```\n"

# name, answer, files, a piece of the prose
# fmt: off
FORMS: list[tuple[str, str, dict[str, str], str]] = [
    ("the usual form", f"Here it is.\n\n{FENCED}\nEnjoy.", {"index.html": PAGE}, "Enjoy."),
    ("fence at the very start", FENCED, {"index.html": PAGE}, ""),
    ("upper case info", f"```HTML\n{PAGE}```", {"index.html": PAGE}, ""),
    ("tildes", f"~~~html\n{PAGE}~~~\n", {"index.html": PAGE}, ""),
    ("a long fence", f"`````html\n{PAGE}`````\n", {"index.html": PAGE}, ""),
    ("no info string", f"```\n{PAGE}```\nDone", {"index.html": PAGE}, "Done"),
    ("a wrong info string", f"```xml\n{PAGE}```\n", {"index.html": PAGE}, ""),
    (
        "a comment before the page",
        f"```html\n<!-- a game -->\n{PAGE}```\n",
        {"index.html": f"<!-- a game -->\n{PAGE}"},
        "",
    ),
    ("name after the language", f"```html game.html\n{PAGE}```\n", {"game.html": PAGE}, ""),
    ("name after a colon", f"```html:src/game.html\n{PAGE}```\n", {"src/game.html": PAGE}, ""),
    ("name as title", f'```html title="game.html"\n{PAGE}```\n', {"game.html": PAGE}, ""),
    ("name as file=", "```js file=src/app.js\nlet a\n```\n", {"src/app.js": "let a\n"}, ""),
    ("name in braces", '```js {filename="app.js"}\nlet a\n```\n', {"app.js": "let a\n"}, ""),
    ("name alone", "```style.css\nb{}\n```\n", {"style.css": "b{}\n"}, ""),
    ("name with ./", "```css ./style.css\nb{}\n```\n", {"style.css": "b{}\n"}, ""),
    ("name in bold above", "**app.js**\n```javascript\nlet a\n```\n", {"app.js": "let a\n"}, "**app.js**"),
    ("name as heading above", "### `app.js`\n\n```js\nlet a\n```\n", {"app.js": "let a\n"}, "### `app.js`"),
    ("name in a list above", "1. `style.css`:\n```css\nb{}\n```\n", {"style.css": "b{}\n"}, "1."),
    ("File: above", "File: app.js\n```js\nlet a\n```\n", {"app.js": "let a\n"}, "File:"),
    ("name as a comment inside", "```js\n// app.js\nlet a\n```\n", {"app.js": "// app.js\nlet a\n"}, ""),
    ("name as a css comment", "```css\n/* style.css */\nb{}\n```\n", {"style.css": "/* style.css */\nb{}\n"}, ""),
    ("a name that escapes", f"```html ../../etc/x.html\n{PAGE}```\n", {"index.html": PAGE}, ""),
    ("a heading of another language", "index.html\n```bash\nls\n```\n", {}, "```bash\nls\n```\n"),
    (
        "indented under a list",
        "- page:\n  ```html\n  <!DOCTYPE html>\n    <p>a\n  ```\n",
        {"index.html": "<!DOCTYPE html>\n  <p>a\n"},
        "",
    ),
    ("shell stays prose", "Run:\n```bash\nls\n```\nok", {}, "Run:\n```bash\nls\n```\nok"),
    ("css alone stays prose", "```css\nb{}\n```\n", {}, "```css\nb{}\n```\n"),
    ("a snippet after a page", f"{FENCED}Change it:\n```html\n<p>Bye</p>\n```\n", {"index.html": PAGE}, "<p>Bye</p>"),
    (
        "an html fragment with a script",
        "```html\n<script>a()</script>\n```\n",
        {"index.html": "<script>a()</script>\n"},
        "",
    ),
    ("never closed", f"Go\n```html\n{PAGE}", {"index.html": PAGE}, "Go"),
    (
        "prose after the page in an open fence",
        f"```html\n{PAGE}\nHow to play: run.",
        {"index.html": PAGE},
        "\nHow to play: run.",
    ),
    ("a bare page", f"Here:\n{PAGE}", {"index.html": PAGE}, "Here:\n"),
    ("a bare page, a lone fence, prose", f"{PAGE}```\nThat is it.\n", {"index.html": PAGE}, "That is it.\n"),
    (
        "svg in a fence",
        "```svg\n<svg viewBox='0 0 1 1'></svg>\n```\n",
        {"image.svg": "<svg viewBox='0 0 1 1'></svg>\n"},
        "",
    ),
    ("svg without info", "```\n<svg></svg>\n```\n", {"image.svg": "<svg></svg>\n"}, ""),
    ("thinking first", f"<think>\n{FENCED}hm</think>\nReady.\n{FENCED}", {"index.html": PAGE}, "Ready."),
    ("thinking in capitals", f"<thinking>no</thinking>\n{FENCED}", {"index.html": PAGE}, ""),
    ("a fence in thinking that never closes", f"<think>```html\n<p>draft</think>\n{FENCED}", {"index.html": PAGE}, ""),
    ("a lone closing think tag", f"hm\n</think>\n{FENCED}", {"index.html": PAGE}, ""),
    ("CRLF", FENCED.replace("\n", "\r\n"), {"index.html": PAGE}, ""),
    ("byte order mark", "\ufeff" + FENCED, {"index.html": PAGE}, ""),
    (
        "a module",
        "```jsx\nimport a from 'a'\nexport default 1\n```\n",
        {"App.jsx": "import a from 'a'\nexport default 1\n"},
        "",
    ),
    ("php is no page", "```php\n<?php echo 1;\n```\n", {}, "<?php"),
]
# fmt: on


@pytest.mark.parametrize(("answer", "files", "prose"), [form[1:] for form in FORMS], ids=[form[0] for form in FORMS])
def test_form(answer: str, files: dict[str, str], prose: str) -> None:
    result = extract(answer)
    assert result.files == files
    assert prose in result.prose


def test_thinking_is_reasoning() -> None:
    result = extract(f"<think>first this\n{FENCED}</think>\nthen that")
    assert result.reasoning == f"first this\n{FENCED}"
    assert result.prose == "\nthen that"
    assert result.files == {}


def test_html_css_and_js_apart_take_the_names_that_the_page_uses() -> None:
    page = '<!DOCTYPE html>\n<html><link rel="stylesheet" href="main.css"><script src="./game.js"></script></html>\n'
    result = extract(f"```html\n{page}```\n\n```css\nb{{}}\n```\nand\n```javascript\nlet a\n```\n")
    assert result.files == {"index.html": page, "main.css": "b{}\n", "game.js": "let a\n"}


def test_a_script_beside_a_page_with_its_own_script_is_a_snippet() -> None:
    page = "<!DOCTYPE html>\n<html><script>a()</script></html>\n"
    result = extract(f"```html\n{page}```\nTry:\n```js\nb()\n```\n")
    assert result.files == {"index.html": page}
    assert "b()" in result.prose


def test_several_named_files() -> None:
    result = extract("```html index.html\n<p>\n```\n```css css/a.css\nb{}\n```\n```js js/b.js\nc\n```\n")
    assert list(result.files) == ["index.html", "css/a.css", "js/b.js"]
    assert result.prose == ""


def test_fences_inside_a_page_do_not_end_it() -> None:
    page = "<!DOCTYPE html>\n<html><body><pre>\n```js\nlet a\n```\n</pre></body></html>\n"
    assert extract(f"```html\n{page}```\nEnd").files == {"index.html": page}


def test_a_template_literal_with_bare_fences_does_not_end_the_page() -> None:
    page = "<!DOCTYPE html>\n<html><script>\nlet a = `\n```\nlet b\n```\n`\n</script>\n</html>\n"
    result = extract(f"```html\n{page}```\nEnd")
    assert result.files == {"index.html": page}
    assert result.prose == "End"


def test_nested_markdown_keeps_its_fences() -> None:
    readme = "# How\n```js\nlet a\n```\nDone\n"
    result = extract(f"```md README.md\n{readme}```\nEnd")
    assert result.files == {"README.md": readme}
    assert result.prose == "End"


def test_a_longer_fence_holds_shorter_ones() -> None:
    result = extract("````md README.md\n```\nlet a\n```\n````\nEnd")
    assert result.files == {"README.md": "```\nlet a\n```\n"}


def test_the_end_tag_in_a_script_does_not_end_the_page() -> None:
    page = "<!DOCTYPE html>\n<html><script>\nlet a = `\n</html>\n`\ntext()\n</script>\n</html>\n"
    assert extract(f"```html\n{page}").files == {"index.html": page}


def test_the_second_page_replaces_the_first() -> None:
    second = PAGE.replace("Hi", "Ho")
    assert extract(f"{FENCED}Better:\n```html\n{second}```\n").files == {"index.html": second}


@pytest.mark.parametrize(
    ("answer", "incomplete"),
    [
        ("```html\n<!DOCTYPE html>\n<html><body>", True),
        (f"```html\n{PAGE}", False),
        ("```js app.js\nlet a", True),
        (FENCED, False),
    ],
)
def test_a_file_that_the_answer_ends_in_is_incomplete(answer: str, incomplete: bool) -> None:
    assert bool(extract(answer).incomplete) is incomplete
