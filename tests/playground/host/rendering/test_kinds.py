"""Each kind of file as a page."""

import pytest

from playground.host.rendering import Context, Use, content_type, open_rendering
from playground.host.rewriting import ImportNames
from tests.playground.host.rewriting.addresses import PRELUDE, SHELF, addresses


def render(path: str, text: str, use: Use = Use.PAGE, *names: str) -> str:
    known = ImportNames()
    known.add(*names)
    rendering = open_rendering(path, use, Context(addresses(), PRELUDE, known))
    assert rendering
    return rendering.start() + rendering.feed(text) + rendering.finish()


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a/App.jsx", "", [f'"{SHELF}/esm/react@latest"', f'"{SHELF}/esm/react-dom@latest/client"', '"./App.jsx"']),
        ("App.vue", "", ['loadModule("./App.vue"', "vue.global.prod.js"]),
        ("image.svg", "<svg><a/></svg>", ["<body>\n<svg><a/></svg>\n</body>"]),
        ("a.md", "# Hi\n\n|a|b|\n|-|-|\n|1|2|", ["<h1>Hi</h1>", "<td>1</td>"]),
        (
            "a.md",
            "```mermaid\ngraph TD; A-->B\n```",
            ['<pre class="mermaid">graph TD; A--&gt;B\n</pre>', "mermaid.run()"],
        ),
        ("a.mmd", "graph TD; A-->B", ['<pre class="mermaid">graph TD; A--&gt;B</pre>']),
        ("a.js", "function setup() { createCanvas(9, 9) }", ["p5.min.js", '<script crossorigin src="./a.js">']),
        ("a.js", "console.log(1)", ['<script crossorigin src="./a.js">', 'id="output"']),
        ("a.js", 'import x from "three"', ['<script crossorigin type=module src="./a.js">']),
        ("a.css", "", ['href="./a.css"', "<button"]),
        ("a.csv", "x;y\n1;<2>\n", ["<th>x</th>", "<td>&lt;2&gt;</td>"]),
        ("a.json", '[{"a": 1, "b": "<"}, {"a": {"c": null}}]', ["<th>a</th><th>b</th>", "&lt;", "<td>c</td>"]),
        ("a.json", '{"broken', ["<pre>{&quot;broken</pre>"]),
        ("a.py", "print(1)", ["pyodide.mjs", 'fetch("./a.py")']),
    ],
)
def test_pages(path: str, text: str, expected: list[str]) -> None:
    document = render(path, text)
    assert document.startswith(f"<!doctype html>{PRELUDE}\n<html>")
    assert [part for part in expected if part not in document] == []
    assert content_type(path, Use.PAGE) == "text/html; charset=utf-8"


def test_plain_pages_ask_for_no_library() -> None:
    assert "<script src" not in render("a.md", "# Hi")
    assert "import(" not in render("a.md", "# Hi")
    assert "p5" not in render("a.js", "let sketch")


def test_a_component_page_is_whole_before_its_file_is() -> None:
    rendering = open_rendering("App.jsx", Use.PAGE, Context(addresses(), PRELUDE))
    assert rendering
    assert rendering.is_whole


def test_jsx_becomes_javascript_with_libraries_from_the_shelf() -> None:
    built = render(
        "App.jsx", 'import { useState } from "react";\nexport default () => <b>{useState(1)[0]}</b>', Use.MODULE
    )
    assert f'from "{SHELF}/esm/react@latest"' in built
    assert f'from "{SHELF}/esm/react@latest/jsx-runtime"' in built
    assert "<b>" not in built
    assert content_type("App.jsx", Use.MODULE) == "text/javascript; charset=utf-8"


def test_a_component_that_is_not_exported_is_meant() -> None:
    assert "export default App" in render("App.jsx", "function App() { return <b/> }", Use.MODULE)
    mounted = render("App.jsx", "function App() { return <b/> }\ncreateRoot(root).render(<App/>)", Use.MODULE)
    assert "default" not in mounted


def test_the_import_map_holds_for_built_files() -> None:
    built = render("App.tsx", 'import a from "react"; export const b: number = a', Use.MODULE, "react")
    assert 'from "react"' in built


def test_a_build_error_shows_and_throws_where_it_is() -> None:
    built = render("App.jsx", "let a;\nlet b;\nconst c = <div>;\n", Use.MODULE)
    assert "App.jsx:" in built
    assert "document.createElement('pre')" in built
    line = int(built.partition("App.jsx:")[2].partition(":")[0])
    assert "throw new SyntaxError" in built.splitlines()[line - 1]


def test_style_sheets_and_data_can_be_imported() -> None:
    assert "document.head.append" in render("a.css", "a{b:c}", Use.MODULE)
    assert render("a.json", '{"a": 1}', Use.MODULE) == 'export default {"a": 1};\n'
    assert "throw new SyntaxError" in render("a.json", "{", Use.MODULE)


def test_sources_keep_their_language_but_not_their_addresses() -> None:
    source = '<script setup>\nimport { ref } from "vue"\nimport gsap from "gsap"\n</script>\n<template><b/></template>'
    assert render("App.vue", source, Use.FILE) == source.replace('"gsap"', f'"{SHELF}/esm/gsap@latest"')
    assert render("a.jsx", 'import "lit"; <b/>', Use.FILE) == f'import "{SHELF}/esm/lit@latest"; <b/>'
    assert render("a.html", "<b>", Use.FILE) == "<b>"
    assert open_rendering("a.png", Use.FILE, Context(addresses(), PRELUDE)) is None
