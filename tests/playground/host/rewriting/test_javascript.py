import pytest

from tests.playground.host.rewriting.addresses import SHELF, classic, module, whole

ESM = f"{SHELF}/esm"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('import * as THREE from "three";', f'import * as THREE from "{ESM}/three@latest";'),
        ("import 'lit'", f"import '{ESM}/lit@latest'"),
        ('import React,{useState as u}from"react";', f'import React,{{useState as u}}from"{ESM}/react@latest";'),
        ('export * from "d3"', f'export * from "{ESM}/d3@latest"'),
        ('export { a,\n b } from "@x/y/z.js"', f'export {{ a,\n b }} from "{ESM}/@x/y@latest/z.js"'),
        ('const m = await import("three")', f'const m = await import("{ESM}/three@latest")'),
        ('import(/* lazy */ "three")', f'import(/* lazy */ "{ESM}/three@latest")'),
        ('import a /* from "x" */ from "three"', f'import a /* from "x" */ from "{ESM}/three@latest"'),
        ('a = 1 / 2; import b from "three"', f'a = 1 / 2; import b from "{ESM}/three@latest"'),
        ('a = /["\'`]/; import b from "three"', f'a = /["\'`]/; import b from "{ESM}/three@latest"'),
        ('a = /[/"]/g; import b from "three"', f'a = /[/"]/g; import b from "{ESM}/three@latest"'),
        ('return /"/\nimport("three")', f'return /"/\nimport("{ESM}/three@latest")'),
        ('x = `${ `${import("three")}` }`', f'x = `${{ `${{import("{ESM}/three@latest")}}` }}`'),
        ('`}` + import("three")', f'`}}` + import("{ESM}/three@latest")'),
        ("don't;\nimport a from 'three'", f"don't;\nimport a from '{ESM}/three@latest'"),
        ('import a from "https://unpkg.com/a@1/b.js"', f'import a from "{SHELF}/web/unpkg.com/a@1/b.js"'),
    ],
)
def test_imports(source: str, expected: str) -> None:
    assert whole(module(), source) == expected


@pytest.mark.parametrize(
    "source",
    [
        'import a from "./a.js"; import c from "../c.js"',
        "const s = 'import a from \"three\"'",
        '// import a from "three"\n/* import a from "three" */',
        'const t = `import a from "three"`',
        'module.import("three"); reimport("three"); imports("three"); $import("three")',
        'import.meta.url + "three"',
        'const from = "three"; x.from("three"); export default "three"',
        'export const a = "b"; export { c }; let from "three"',
        'import("three" + name',
        "a = 'unclosed",
        "a = `unclosed ${ 'too",
        "/unclosed[",
        "\\",
    ],
)
def test_what_is_no_import(source: str) -> None:
    assert whole(module(), source).replace(f"{ESM}/three@latest", "three") == source
    assert 'import("three" + name' in source or ESM not in whole(module(), source)


def test_a_classic_script_imports_only_by_calling() -> None:
    source = 'import a from "three"; export * from "d3"; import("lit")'
    assert whole(classic(), source) == source.replace('"lit"', f'"{ESM}/lit@latest"')


def test_names_of_the_import_map_stay() -> None:
    source = 'import "three"; import "three/addons/x.js"; import "lit"'
    assert whole(module("three", "three/addons/"), source) == source.replace('"lit"', f'"{ESM}/lit@latest"')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import(`https://unpkg.com/three@${v}/x.js`)", f"import(`{SHELF}/web/unpkg.com/three@${{v}}/x.js`)"),
        ("load('//unpkg.com/a')", f"load('{SHELF}/web/unpkg.com/a')"),
        ("//unpkg.com/a\nlet b", "//unpkg.com/a\nlet b"),
        ("importScripts('https://unpkg.com/a.js')", f"importScripts('{SHELF}/web/unpkg.com/a.js')"),
        ("'https://unpkg.com/' + name", f"'{SHELF}/web/unpkg.com/' + name"),
        ("/* see https://unpkg.com/a*/", f"/* see {SHELF}/web/unpkg.com/a*/"),
        ("fetch('https://api.example.com/')", "fetch('https://api.example.com/')"),
        ("fetch('https://unpkg.com.evil.example/')", "fetch('https://unpkg.com.evil.example/')"),
    ],
)
def test_addresses(source: str, expected: str) -> None:
    assert whole(classic(), source) == expected
