"""Addresses of CDNs as addresses on the shelf."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.shelf.cdn import URL_START, Kind, bare_path, open_range, parse, shelf_path
from playground.shelf.cdn.googlefonts import Family, parse_request
from playground.shelf.cdn.hosts import PARSERS

# address, kind, package, range, path
KNOWN = [
    ("https://unpkg.com/three@0.128.0/build/three.min.js", "file", "three", "0.128.0", "build/three.min.js"),
    ("//unpkg.com/vue@3", "file", "vue", "3", ""),
    ("HTTPS://UNPKG.COM/react", "file", "react", "latest", ""),
    ("https://unpkg.com/lit?module", "module", "lit", "latest", ""),
    ("https://unpkg.com/@babel/standalone/babel.min.js", "file", "@babel/standalone", "latest", "babel.min.js"),
    ("https://cdn.jsdelivr.net/npm/chart.js", "file", "chart.js", "latest", ""),
    ("https://cdn.jsdelivr.net/npm/chart.js@^4", "file", "chart.js", "^4", ""),
    ("https://cdn.jsdelivr.net/npm/d3@7/+esm", "module", "d3", "7", ""),
    ("https://cdn.jsdelivr.net/npm/lit@3/directives/x.js/+esm", "module", "lit", "3", "directives/x.js"),
    (
        "https://cdn.jsdelivr.net/gh/mrdoob/three.js@r128/build/three.min.js",
        "file",
        "three",
        "0.128.0",
        "build/three.min.js",
    ),
    ("https://cdn.jsdelivr.net/gh/lodash/lodash@4.17.21/lodash.js", "file", "lodash", "4.17.21", "lodash.js"),
    ("https://cdn.jsdelivr.net/pyodide/v0.26.2/full/pyodide.js", "file", "pyodide", "0.26.2", "pyodide.js"),
    ("https://cdnjs.cloudflare.com/ajax/libs/three.js/r128/three.min.js", "file", "three", "0.128.0", "three.min.js"),
    ("https://cdnjs.cloudflare.com/ajax/libs/Chart.js/3.9.1/chart.min.js", "file", "chart.js", "3.9.1", "chart.min.js"),
    (
        "https://cdnjs.cloudflare.com/ajax/libs/font-awesome/4.7.0/css/f.css",
        "file",
        "font-awesome",
        "4.7.0",
        "css/f.css",
    ),
    (
        "https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.4.0/css/all.min.css",
        "file",
        "@fortawesome/fontawesome-free",
        "6.4.0",
        "css/all.min.css",
    ),
    (
        "https://cdnjs.cloudflare.com/ajax/libs/PapaParse/5.4.1/papaparse.min.js",
        "file",
        "papaparse",
        "5.4.1",
        "papaparse.min.js",
    ),
    ("https://cdnjs.cloudflare.com/ajax/libs/KaTeX/0.16.9/katex.min.css", "file", "katex", "0.16.9", "katex.min.css"),
    ("https://esm.sh/react@18", "module", "react", "18", ""),
    ("https://esm.sh/v135/react-dom@18.2.0/es2022/client.js", "module", "react-dom", "18.2.0", "client"),
    ("https://esm.sh/stable/react@18.2.0/es2022/react.mjs", "module", "react", "18.2.0", ""),
    ("https://esm.sh/react/jsx-runtime", "module", "react", "latest", "jsx-runtime"),
    ("https://esm.sh/tsx", "tsx", "", "", ""),
    ("https://esm.sh/gh/a/b", "absent", "", "", ""),
    ("https://esm.run/marked", "module", "marked", "latest", ""),
    ("https://cdn.skypack.dev/canvas-confetti", "module", "canvas-confetti", "latest", ""),
    (
        "https://cdn.skypack.dev/pin/react@v17.0.1-yH0aY/mode=imports/optimized/react.js",
        "module",
        "react",
        "17.0.1",
        "",
    ),
    (
        "https://ga.jspm.io/npm:three@0.160.0/build/three.module.js",
        "module",
        "three",
        "0.160.0",
        "build/three.module.js",
    ),
    ("https://ajax.googleapis.com/ajax/libs/jquery/3.5.1/jquery.min.js", "file", "jquery", "3.5.1", "jquery.min.js"),
    ("https://code.jquery.com/jquery-3.7.1.slim.min.js", "file", "jquery", "3.7.1", "dist/jquery.slim.min.js"),
    ("https://cdn.tailwindcss.com", "file", "tailwindcss-cdn", "3", "tailwindcss.js"),
    ("https://cdn.tailwindcss.com?plugins=forms", "file", "tailwindcss-cdn", "3", "tailwindcss.js"),
    ("https://cdn.tailwindcss.com/3.4.1", "file", "tailwindcss-cdn", "3.4.1", "tailwindcss.js"),
    ("https://threejs.org/build/three.module.js", "file", "three", "latest", "build/three.module.js"),
    ("https://cdn.plot.ly/plotly-2.27.0.min.js", "file", "plotly.js-dist-min", "2.27.0", "plotly.min.js"),
    (
        "https://cdn.plot.ly/plotly-basic-2.27.0.min.js",
        "file",
        "plotly.js-basic-dist-min",
        "2.27.0",
        "plotly-basic.min.js",
    ),
    ("https://d3js.org/d3.v7.min.js", "file", "d3", "7", "dist/d3.min.js"),
    ("https://d3js.org/d3-array.v3.min.js", "file", "d3-array", "3", "dist/d3-array.min.js"),
    ("https://cdn.babylonjs.com/babylon.js", "file", "babylonjs", "9.28.0", "babylon.js"),
    ("https://cdn.babylonjs.com/gui/babylon.gui.min.js", "file", "babylonjs-gui", "9.28.0", "babylon.gui.min.js"),
    ("https://preview.babylonjs.com/loaders/l.js", "file", "babylonjs-loaders", "9.28.0", "l.js"),
    ("https://fonts.googleapis.com/css2?family=Inter", "fonts", "", "", "family=Inter"),
    ("https://fonts.gstatic.com/s/inter/v12/x.woff2", "absent", "", "", ""),
]


@pytest.mark.parametrize(("url", "kind", "name", "range_", "path"), KNOWN)
def test_addresses_mean_packages(url: str, kind: str, name: str, range_: str, path: str) -> None:
    shelf = shelf_path(url, {})
    assert shelf is not None
    assert shelf.startswith("/web/")
    reference = parse(shelf)
    assert reference is not None
    assert (reference.kind.value, reference.name, reference.range, reference.path) == (kind, name, range_, path)
    assert re.match(URL_START, url, re.IGNORECASE)


@pytest.mark.parametrize(
    "url",
    [
        "https://deno.land/x/mod.ts",
        "https://example.com/react.js",
        "https://unpkg.com.evil.example/react",
        "https://d3js.org/",
        "https://threejs.org/docs/",
        "https://ajax.googleapis.com/other",
        "ftp://unpkg.com/x",
        "unpkg.com/react",
        "./a.js",
        "",
    ],
)
def test_other_addresses_are_left_alone(url: str) -> None:
    assert shelf_path(url, {}) is None


def test_addresses_that_are_put_together_later_keep_their_form() -> None:
    assert shelf_path("https://unpkg.com/", {}) == "/web/unpkg.com/"
    assert shelf_path("https://cdn.jsdelivr.net/npm/", {}) == "/web/cdn.jsdelivr.net/npm/"
    assert shelf_path("https://cdn.jsdelivr.net/npm/${name}/x.js", {}) == "/web/cdn.jsdelivr.net/npm/${name}/x.js"


def test_pins_answer_open_ranges_alone() -> None:
    pins = {"three@latest": "0.180.0", "react@18": "18.3.1", "d3@7": "7.9.0"}
    assert (
        shelf_path("https://unpkg.com/three/build/three.module.js", pins) == "/npm/three@0.180.0/build/three.module.js"
    )
    assert shelf_path("https://esm.sh/react@18?dev", pins) == "/esm/react@18.3.1"
    assert shelf_path("https://d3js.org/d3.v7.min.js", pins) == "/npm/d3@7.9.0/dist/d3.min.js"
    exact = "https://unpkg.com/three@0.128.0/build/three.js"
    assert shelf_path(exact, pins) == "/web/unpkg.com/three@0.128.0/build/three.js"
    assert bare_path("three/addons/controls/A.js", pins) == "/esm/three@0.180.0/addons/controls/A.js"


def test_bare_specifiers() -> None:
    assert bare_path("react-dom/client", {}) == "/esm/react-dom@latest/client"
    assert bare_path("@scope/name/sub.js", {}) == "/esm/@scope/name@latest/sub.js"
    for other in ("./a.js", "../a", "/a", "https://a.example/b", "data:text/javascript,1", "#internal", "", "node:fs"):
        assert bare_path(other, {}) is None


def test_the_keys_of_open_ranges() -> None:
    assert open_range("/web/unpkg.com/three") == "three@latest"
    assert open_range("/esm/three@^0.160/addons/a.js") == "three@^0.160"
    assert open_range("/web/d3js.org/d3.v7.min.js") == "d3@7"
    assert open_range("/npm/three@0.160.0/build/three.js") is None
    assert open_range("/web/fonts.googleapis.com/css2?family=Inter") is None


def test_options_of_modules() -> None:
    reference = parse(shelf_path("https://esm.sh/a@1?deps=react@18.2.0&external=vue&alias=x:y", {}) or "")
    assert reference is not None
    assert reference.options.deps == ("react@18.2.0",)
    assert reference.options.external == ("vue",)
    assert reference.options.alias == ("x:y",)
    star = parse("/web/esm.sh/*a@1")
    assert star is not None
    assert star.options.external == ("*",)
    again = parse(f"/esm/~{reference.options.word}/a@1")
    assert again is not None
    assert again.options == reference.options


def test_several_files_in_one() -> None:
    reference = parse("/web/cdn.jsdelivr.net/combine/npm/a@1.0.0/x.js,npm/b@2")
    assert reference is not None
    assert reference.kind is Kind.COMBINED
    assert [part.key for part in reference.parts] == ["a@1.0.0", "b@2"]


def test_fonts() -> None:
    asked = parse_request(
        "family=Press+Start+2P&family=Roboto:ital,wght@0,400;1,700&family=Inter:wght@100..900&display=block"
    )
    assert asked.display == "block"
    press, roboto, inter = asked.families
    assert press == Family("Press Start 2P")
    assert press.slug == "press-start-2p"
    assert roboto.styles == {(False, 400, 400), (True, 700, 700)}
    assert inter.styles == {(False, 100, 900)}
    older = parse_request("family=Open+Sans:300,400italic,700i|Lato")
    assert older.families[0].styles == {(False, 300, 300), (True, 400, 400), (True, 700, 700)}
    assert older.families[1].name == "Lato"


hosts = st.sampled_from(sorted(PARSERS))
rests = st.text(st.sampled_from("abcr@/.-^~*?&=:,+%$ {}0123456789npmlibs"), max_size=60) | st.text(max_size=40)


@given(hosts, rests)
def test_nothing_raises_and_every_address_is_read_again(host: str, rest: str) -> None:
    shelf = shelf_path(f"https://{host}/{rest}", {})
    if shelf is not None:
        assert shelf.startswith(f"/web/{host}/")
        key = open_range(shelf)
        if key:
            pinned = shelf_path(f"https://{host}/{rest}", {key: "1.2.3"})
            assert pinned is not None
            assert open_range(pinned) is None
    bare_path(rest, {})
    parse(f"/esm/{rest}")
    parse(f"/npm/{rest}")
    parse(f"/built/{rest}")


@given(st.text(max_size=80))
def test_garbage_is_no_address(text: str) -> None:
    shelf_path(text, {})
    shelf_path(f"//{text}", {})
    bare_path(text, {})
    open_range(text)
    parse_request(text)
