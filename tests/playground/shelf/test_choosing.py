"""Versions, files, ways into a package: the pure middle of the shelf."""

import pytest

from playground.shelf.exports import find_names
from playground.shelf.keeping import is_kept
from playground.shelf.lookup import find_file
from playground.shelf.manifests import entry_file, matched_entries, named_entries
from playground.shelf.sharing import split_files
from playground.shelf.versions import choose_version, is_satisfied, match_version

VERSIONS = ["3.1.0", "3.2.0", "3.2.4", "4.0.0", "4.1.0-beta.1"]


@pytest.mark.parametrize(
    ("range_", "chosen"),
    [
        ("3.2.0", "3.2.0"),
        ("latest", "4.0.0"),
        ("3", "3.2.4"),
        ("^3.1", "3.2.4"),
        ("~3.1.0", "3.1.0"),
        ("3.x", "3.2.4"),
        (">=3.1 <4", "3.2.4"),
        ("3.1 || 4", "4.0.0"),
        ("beta", "4.1.0-beta.1"),
        ("3.2.1", "3.2.0"),
        ("3.2.2", "3.2.4"),
        ("3.2.3", "3.2.4"),
        ("9", "4.0.0"),
        ("nonsense", "4.0.0"),
    ],
)
def test_versions(range_: str, chosen: str) -> None:
    assert choose_version(VERSIONS, {"latest": "4.0.0", "beta": "4.1.0-beta.1"}, range_) == chosen


def test_what_is_tagged_latest_goes_before_what_is_newer() -> None:
    assert choose_version(["1.0.0", "1.1.0"], {"latest": "1.0.0"}, "1") == "1.0.0"
    assert match_version(["1.0.0"], {}, "2") is None
    assert not is_satisfied("3.2.4", "3.2.2")
    assert is_satisfied("3.2.4", "3")


FILES = ["package.json", "build/three.js", "build/three.min.js", "cjs/react.js", "css/all.min.css", "lib/p5.min.js"]


@pytest.mark.parametrize(
    ("path", "found", "is_guess"),
    [
        ("build/three.js", "build/three.js", False),
        ("three.min.js", "build/three.min.js", False),
        ("css/all.css", "css/all.min.css", False),
        ("build/three", "build/three.js", False),
        ("js/p5.js", "lib/p5.min.js", False),
        ("build/tree.min.js", "build/three.js", True),
        ("umd/react.js", None, False),
        ("nothing/like/it.js", None, False),
        ("../../etc/passwd", None, False),
    ],
)
def test_files(path: str, found: str | None, is_guess: bool) -> None:
    result = find_file(FILES, {}, path)
    assert (result.path if result else None) == found
    assert (result.is_guess if result else False) == is_guess


def test_the_main_file_of_a_package() -> None:
    files = {"dist/a.umd.js", "dist/a.mjs", "index.js"}
    found = find_file(files, {"jsdelivr": "./dist/a.umd.js", "main": "index.js"}, "")
    assert found is not None
    assert found.path == "dist/a.umd.js"
    assert entry_file({"module": "dist/a", "main": "index.js"}, files, "") == "dist/a.mjs"


def test_exports_of_a_package() -> None:
    files = {"a.mjs", "a.cjs", "b.js", "jsm/x.js", "jsm/y.js", "node.js", "sub/z.js"}
    manifest = {
        "exports": {
            ".": {"node": "./node.js", "require": "./a.cjs", "import": {"types": "./a.d.ts", "default": "./a.mjs"}},
            "./b": "./b.js",
            "./addons/*": "./jsm/*",
            "./*": "./*",
        }
    }
    assert entry_file(manifest, files, "") == "a.mjs"
    assert entry_file(manifest, files, "b") == "b.js"
    assert entry_file(manifest, files, "addons/x.js") == "jsm/x.js"
    assert entry_file(manifest, files, "sub/z.js") == "sub/z.js"
    assert entry_file(manifest, files, "missing") is None
    assert named_entries(manifest, files) == ["a.mjs", "b.js"]
    assert matched_entries(manifest, files) == {"jsm/x.js", "jsm/y.js"}


def test_folders_with_a_package_json_of_their_own() -> None:
    manifest = {"main": "index.js", "nested": {"add": {"module": "../esm/add.js"}}}
    assert entry_file(manifest, {"index.js", "esm/add.js", "add/package.json"}, "add") == "esm/add.js"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("exports.a = 1; exports.b = function () {}", ["a", "b"]),
        ('Object.defineProperty(exports, "c", { get() {} })', ["c"]),
        ("module.exports = { d: 1, e, 'f': 2 }", ["d", "e", "f"]),
        ("function lib() {}\nlib.chunk = 1\nmodule.exports = lib", ["chunk", "exports"]),
        ("0 && (module.exports = { g, h })", ["g", "h"]),
    ],
)
def test_names_that_commonjs_exports(source: str, names: list[str]) -> None:
    assert find_names("a.js", {"a.js": {"imports": []}}, lambda path: source) == names


def test_names_that_commonjs_hands_on() -> None:
    texts = {"a.js": "module.exports = require('./b.js')", "b.js": "exports.x = 1"}
    inputs = {"a.js": {"imports": [{"path": "b.js"}]}, "b.js": {"imports": []}}
    assert "x" in find_names("a.js", inputs, texts.__getitem__)


def test_what_two_modules_share_is_a_module() -> None:
    def imports(*paths: str, form: str = "esm") -> dict[str, object]:
        return {"imports": [{"path": path} for path in paths], "format": form}

    inputs = {
        "a": imports("core", "own"),
        "b": imports("core"),
        "core": imports("deep"),
        "deep": imports(),
        "own": imports(),
    }
    assert split_files(inputs, ["a", "b"]) == {"a", "b", "core"}
    assert split_files({**inputs, "core": imports("deep", form="cjs")}, ["a", "b"]) is None


def test_what_is_kept() -> None:
    kept = ["dist/a.js", "LICENSE.md", "src/x.js", "a.wasm", "files/inter-400.woff2", "a.css", "data.json"]
    assert [path for path in kept if not is_kept(path)] == []
    left = ["a.js.map", "a.d.ts", "src/a.ts", "__tests__/a.js", "README.md", ".github/x.js", "files/inter-400.woff"]
    assert [path for path in left if is_kept(path)] == []
