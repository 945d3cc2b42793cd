"""Packages as ECMAScript modules, built with the real esbuild."""

import re

import pytest

from playground.shelf.esbuild import BuildFailed, transform
from tests.playground.shelf.conftest import Ask
from tests.playground.shelf.registry import Registry

pytestmark = pytest.mark.django_db(transaction=True)


async def text_of(ask: Ask, path: str) -> str:
    answer = await ask(path)
    assert answer.status_code == 200, answer.content  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    return str(answer.content.decode())  # type: ignore[attr-defined]


async def built_text(ask: Ask, path: str) -> str:
    """The module itself, behind the lines that hand it on."""
    found = re.search(r'from "(/built/[^"]+)"', await text_of(ask, path))
    assert found
    return await text_of(ask, found[1])


async def test_all_addresses_of_a_module_mean_one(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"index.mjs": "export const one = 1; export default one;"}, module="index.mjs")
    line = 'export * from "/built/1/-/a@1.0.0/index.js";\nexport { default } from "/built/1/-/a@1.0.0/index.js";\n'
    for path in (
        "/esm/a@1.0.0",
        "/esm/a@latest",
        "/web/esm.sh/a@1",
        "/web/cdn.jsdelivr.net/npm/a/+esm",
        "/web/esm.run/a",
    ):
        assert await text_of(ask, path) == line
    assert "one" in await built_text(ask, "/esm/a@1.0.0")


async def test_commonjs_gets_names_and_its_dependencies(npm: Registry, ask: Ask) -> None:
    npm.publish("dep", "2.1.0", {"index.js": "module.exports = function () {}"})
    source = "var d = require('dep'), fs = require('fs'); exports.go = function () { return d(fs) };"
    files = {"index.js": "module.exports = require('./cjs/real.js')", "cjs/real.js": source}
    npm.publish("a", "1.0.0", files, dependencies={"dep": "^2"})
    text = await built_text(ask, "/esm/a@1.0.0")
    assert 'import*as $required0 from"/esm/dep@2.1.0"' in text
    assert "as go" in text
    assert 'as"module.exports"' in text
    assert "default" in text
    assert "require(" not in text.replace("$required(", "")


async def test_other_packages_stay_outside_with_exact_versions(npm: Registry, ask: Ask) -> None:
    npm.publish("react", "18.2.0", {"index.js": "exports.useState = 1"})
    npm.publish("react", "18.3.1", {"index.js": "exports.useState = 1"})
    source = {"index.mjs": "import { useState } from 'react'; import 'react/jsx-runtime'; export const a = useState;"}
    npm.publish("dom", "18.2.0", source, module="index.mjs", peerDependencies={"react": "^18.0.0"})
    npm.publish("lib", "1.0.0", source, module="index.mjs", peerDependencies={"react": ">=16"})
    same_number = await built_text(ask, "/esm/dom@18.2.0")
    assert '"/esm/react@18.2.0"' in same_number
    assert '"/esm/react@18.2.0/jsx-runtime"' in same_number
    assert '"/esm/react@18.3.1"' in await built_text(ask, "/esm/lib@1.0.0")
    assert '"/esm/react@18.2.0"' in await built_text(ask, "/web/esm.sh/lib@1.0.0?deps=react@18.2.0")
    assert 'from"react"' in await built_text(ask, "/web/esm.sh/lib@1.0.0?external=react")
    assert 'from"react"' in await built_text(ask, "/web/esm.sh/*lib@1.0.0")


async def test_what_a_package_shares_with_itself_is_there_once(npm: Registry, ask: Ask) -> None:
    files = {
        "build/main.js": "export * from './core.js'; export const main = 1;",
        "build/gpu.js": "export * from './core.js'; export const gpu = 1;",
        "build/core.js": "export class Vector {}",
        "jsm/a.js": "import { Vector } from 'three'; import { b } from './b.js'; export const a = [Vector, b];",
        "jsm/b.js": "export const b = 1;",
    }
    exports = {".": "./build/main.js", "./gpu": "./build/gpu.js", "./addons/*": "./jsm/*"}
    npm.publish("three", "0.170.0", files, exports=exports, type="module")
    assert 'from"./core.js"' in await built_text(ask, "/esm/three@0.170.0")
    assert 'from"./core.js"' in await built_text(ask, "/esm/three@0.170.0/gpu")
    addon = await built_text(ask, "/esm/three@0.170.0/addons/a.js")
    assert '"/esm/three@0.170.0"' in addon
    assert 'from"./b.js"' in addon
    assert "Vector" in await text_of(ask, "/built/1/-/three@0.170.0/build/core.js")


async def test_styles_and_json(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"index.js": "", "a.css": "b{}", "data.json": '{"x": 1}'})
    assert (await ask("/esm/a@1.0.0/a.css"))["Content-Type"] == "text/css; charset=utf-8"
    assert "x" in await built_text(ask, "/esm/a@1.0.0/data.json")
    as_json = await ask("/esm/a@1.0.0/data.json", Sec_Fetch_Dest="json")
    assert as_json["Content-Type"].startswith("application/json")


async def test_what_cannot_be_built_says_so(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"index.js": "export const = ;"})
    answer = await ask("/esm/a@1.0.0")
    assert answer.status_code == 404
    assert b"cannot be built" in answer.content  # type: ignore[attr-defined]


def test_sources_of_pages_are_compiled() -> None:
    code = transform("const A = () => <p>{1 as number}</p>; export default A;", "tsx")
    assert 'from "react/jsx-runtime"' in code
    assert "as number" not in code


def test_mistakes_are_shown_at_their_place() -> None:
    with pytest.raises(BuildFailed) as caught:
        transform("const a = 1;\nconst = 2;\n", "jsx")
    assert (caught.value.line, caught.value.column) == (2, 6)
    assert "=" in caught.value.message
