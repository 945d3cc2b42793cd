"""What a package.json says about the ways into a package. Pure."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import Any

type Manifest = Mapping[str, Any]

KEPT_FIELDS = (
    "name",
    "version",
    "type",
    "main",
    "module",
    "jsnext:main",
    "browser",
    "unpkg",
    "jsdelivr",
    "style",
    "exports",
    "imports",
    "sideEffects",
    "dependencies",
    "peerDependencies",
    "optionalDependencies",
)
SCRIPTS = (".js", ".mjs", ".cjs", ".jsx")
_CONDITIONS = (
    {"browser", "production", "module", "import", "default"},
    {"browser", "production", "require", "default"},
)
# Builds for pages that the package itself does not name as its main one: with the compiler for templates, in one piece.
_PREFERRED = {"vue": "dist/vue.esm-browser.prod.js", "mermaid": "dist/mermaid.esm.min.mjs"}
MOST_ENTRIES = 60  # a package with more is built file by file


def main_file(manifest: Manifest, files: Collection[str]) -> str | None:
    """What a CDN serves for the bare package: a script for pages, where there is one."""
    fields = ("unpkg", "jsdelivr", "browser", "main", "module", "style")
    named = (manifest.get(field) for field in fields)
    candidates = [*(name for name in named if isinstance(name, str)), "index.js", "index.css", "index.html"]
    found = (_complete(name, files) for name in candidates)
    return next((file for file in found if file), None) or entry_file(manifest, files, "")


def entry_file(manifest: Manifest, files: Collection[str], subpath: str) -> str | None:
    """The source of the module `name/subpath`, as a bundler for browsers finds it. None: the package names none."""
    if not subpath and (preferred := preferred_file(manifest, files)):
        return preferred
    exports = manifest.get("exports")
    if exports is not None:
        return _exported(exports, files, f"./{subpath}" if subpath else ".")
    if subpath:
        return _nested(manifest, files, subpath) or _complete(subpath, files)
    named = [manifest.get(field) for field in ("module", "jsnext:main", "browser", "main")]
    found = (_complete(name, files) for name in (*named, "index.js") if isinstance(name, str))
    main = next((file for file in found if file), None)
    return _for_browsers(manifest, main) if main else None


def preferred_file(manifest: Manifest, files: Collection[str]) -> str | None:
    file = _PREFERRED.get(str(manifest.get("name")))
    return file if file in files else None


def named_entries(manifest: Manifest, files: Collection[str]) -> list[str]:
    """The sources of the modules that the package names one by one; only the main one where they are too many."""
    exports = manifest.get("exports")
    subpaths = [key for key in exports if key.startswith(".") and "*" not in key] if isinstance(exports, dict) else []
    found = [entry_file(manifest, files, key.removeprefix(".").strip("/")) for key in subpaths or ["."]]
    entries = list(dict.fromkeys(file for file in found if file and file.endswith(SCRIPTS)))
    if len(entries) <= MOST_ENTRIES:
        return entries
    main = entry_file(manifest, files, "")
    return [main] if main else []


def matched_entries(manifest: Manifest, files: Collection[str]) -> set[str]:
    """The sources that the package offers by patterns: `./examples/jsm/*`. A pattern for everything offers nothing."""
    exports = manifest.get("exports")
    if not isinstance(exports, dict):
        return set()
    found = set()
    for key, value in exports.items():
        target = _target(value) if "*" in key else None
        if target and not target.startswith("./*"):
            start, _, end = target.removeprefix("./").partition("*")
            found |= {file for file in files if file.startswith(start) and file.endswith(end or SCRIPTS)}
    return {file for file in found if file.endswith(SCRIPTS)}


def _nested(manifest: Manifest, files: Collection[str], folder: str) -> str | None:
    """The file that a folder means by a package.json of its own."""
    named = (manifest.get("nested") or {}).get(folder.strip("/"), {})
    targets = (
        posixpath.normpath(f"{folder}/{named[field]}") for field in ("module", "browser", "main") if field in named
    )
    return next((file for target in targets if (file := _complete(target, files))), None)


def _exported(exports: object, files: Collection[str], key: str) -> str | None:
    if not (isinstance(exports, dict) and any(name.startswith(".") for name in exports)):
        exports = {".": exports}
    for value, middle in _matches(exports, key):
        for conditions in _CONDITIONS:
            target = _target(value, conditions)
            file = _complete(target.replace("*", middle), files) if target else None
            if file:
                return file
    return None


def _matches(exports: Mapping[str, object], key: str) -> Iterator[tuple[object, str]]:
    """The values for `key` with what stands for the star, the closest pattern first."""
    if key in exports:
        yield exports[key], ""
    for pattern in sorted(exports, key=len, reverse=True):
        start, star, end = pattern.partition("*")
        if not star and pattern.endswith("/"):  # an old way to write a pattern
            start, star = pattern, "*"
        if star and key.startswith(start) and key.endswith(end) and len(key) > len(start) + len(end):
            middle = key[len(start) : len(key) - len(end)]
            yield exports[pattern], middle


def _target(value: object, conditions: Collection[str] = _CONDITIONS[0], depth: int = 0) -> str | None:
    if isinstance(value, str):
        return f"{value}*" if value.endswith("/") else value
    if depth > 10:
        return None
    options = list(value.items()) if isinstance(value, dict) else [("default", item) for item in _items(value)]
    found = (_target(item, conditions, depth + 1) for name, item in options if name in conditions)
    return next((target for target in found if target), None)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _complete(name: str, files: Collection[str]) -> str | None:
    """The file for `name`, whose extension may be missing and which may be a folder."""
    path = posixpath.normpath(name).strip("/")
    ends: tuple[str, ...] = ("", ".js", ".mjs", ".cjs", ".json", "/index.js", "/index.mjs", "/index.cjs")
    if path == ".":
        ends = ("/index.js", "/index.mjs")
    return next((file for end in ends if (file := f"{path}{end}".removeprefix("./")) in files), None)


def _for_browsers(manifest: Manifest, file: str) -> str:
    """`browser` may also be a table of files to take instead of others."""
    table = manifest.get("browser")
    other = table.get(f"./{file}") or table.get(file) if isinstance(table, dict) else None
    return posixpath.normpath(other) if isinstance(other, str) and other.startswith(".") else file
