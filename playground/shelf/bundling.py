"""One run over a package's files with esbuild: a survey to see what is there, then the build itself."""

import json
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.shelf.cdn.references import split_package
from playground.shelf.dependencies import Addresses
from playground.shelf.esbuild import TARGET, BuildFailed, run
from playground.shelf.exports import external_star, find_names
from playground.shelf.manifests import SCRIPTS

_COMMON = (
    "--bundle",
    "--format=esm",
    "--platform=browser",
    f"--target={TARGET}",
    "--charset=utf8",
    "--conditions=module,production",
    "--main-fields=module,browser,main",
    '--define:process.env.NODE_ENV="production"',
    "--define:global=globalThis",
    '--define:__dirname="/"',
    '--define:__filename="/index.js"',
    "--loader:.js=jsx",
    "--loader:.css=empty",
    "--loader:.wasm=binary",
    "--loader:.node=empty",
    *(f"--loader:.{end}=dataurl" for end in ("svg", "png", "jpg", "gif", "woff", "woff2", "ttf")),
    *(f"--loader:.{end}=text" for end in ("txt", "md", "html", "glsl", "vert", "frag")),
)
_PROCESS = """export const process = {
  env: {}, argv: [], version: "", versions: {}, platform: "browser", browser: true,
  cwd: () => "/", on() {}, emitWarning() {}, nextTick: (work, ...values) => queueMicrotask(() => work(...values)),
};
export default process;
"""
# CommonJS asks for another package: for one that was CommonJS itself it gets the very object.
_REQUIRED = (
    'const $required=m=>"module.exports"in m?m["module.exports"]:'
    "Object.assign(Object.create(null,{__esModule:{value:true}}),m);\n"
)
_REQUIRE_CALL = re.compile(r"\b__require\d*\((\"[^\"\n]+\")\)")
_UNRESOLVED = re.compile(r"Could not resolve \"([^\"]+)\"")


@dataclass
class Bundle:
    files: dict[str, bytes] = field(default_factory=dict)  # by their path below the package's folder
    with_default: set[str] = field(default_factory=set)  # those that have a default export


def bundle(root: Path, sources: list[str], outside: list[str], addresses: Addresses) -> Bundle:
    """Build the modules of `sources`, with the files `outside` left where they are. Raises BuildFailed."""
    survey, broken = _survey(root, sources, outside)
    arguments = [*_COMMON, "--splitting", "--minify-whitespace", "--minify-syntax", "--legal-comments=inline"]
    arguments += [f"--external:{name}" for name in broken]
    arguments += [f"--external:{root / path}" for path in outside]
    arguments += _name_addresses(root, _imported_names(survey["inputs"]), addresses)
    (root.parent / "process.js").write_text(_PROCESS)
    arguments += [f"--inject:{root.parent / 'process.js'}", f"--outdir={root}", f"--outbase={root}"]
    arguments += ["--allow-overwrite", "--chunk-names=-/[name]-[hash]", f"--metafile={root.parent / 'built.json'}"]
    entries = [_entry(root, source, survey) for source in sources]
    run([*arguments, *entries], folder=root)
    return _collect(root, json.loads((root.parent / "built.json").read_text()))


def _survey(root: Path, sources: list[str], outside: list[str]) -> tuple[dict[str, Any], list[str]]:
    """esbuild's account of what there is; and what cannot be resolved, as optional parts often are not published."""
    meta = root.parent / "survey.json"
    arguments = [*_COMMON, "--packages=external", f"--outdir={root.parent / 'survey'}", f"--metafile={meta}"]
    arguments += [f"--external:{root / path}" for path in outside]
    broken: list[str] = []
    for _ in range(3):
        try:
            run([*arguments, *(f"--external:{name}" for name in broken), *sources], folder=root)
        except BuildFailed as failure:
            missing = _UNRESOLVED.findall(failure.output)
            if not set(missing) - set(broken):
                raise
            broken += missing
        else:
            break
    return json.loads(meta.read_text()), broken


def _imported_names(inputs: dict[str, Any]) -> list[str]:
    """The packages that are imported from anywhere, without subpaths."""
    paths = {item["path"] for details in inputs.values() for item in details["imports"] if item.get("external")}
    bare = [path for path in paths if not path.startswith((".", "/")) and "://" not in path and path[:5] != "data:"]
    return sorted({parts[0] for path in bare if (parts := split_package(path))})


def _name_addresses(root: Path, names: list[str], addresses: Addresses) -> list[str]:
    """Arguments that say where the imports of other packages lead."""
    empty = root.parent / "empty.js"
    empty.write_text("module.exports = {};\n")
    arguments = [f"--external:{addresses.root}*", "--external:http://*", "--external:https://*"]
    found = [name for name in names if not addresses.is_bare(name) and not addresses.is_built_in(name)]
    addresses.prefetch(found)
    for name in names:
        if name in found:
            arguments.append(f"--alias:{name}={addresses.address(name)}")
        elif addresses.is_bare(name):
            arguments += [f"--external:{name}", f"--external:{name}/*"]
        else:
            stand_in = root.parent / "process.js" if name.endswith("process") else empty
            arguments.append(f"--alias:{name}={stand_in}")
    return arguments


def _entry(root: Path, source: str, survey: dict[str, Any]) -> str:
    """The argument for an entry. Each gets a wrapper that names its exports.

    For CommonJS somebody has to; a module loses what it hands on from other packages where another entry imports it.
    """
    output = source if source.endswith(".json") else source.rpartition(".")[0]
    if source.endswith(".json"):
        return f"{output}={root / source}"
    is_module = survey["inputs"].get(source, {}).get("format") == "esm"
    wrapper = root.parent / "wrappers" / f"{output}.js"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(_hand_on(root, source, survey) if is_module else _wrap(root, source, survey["inputs"]))
    return f"{output}={wrapper}"


def _hand_on(root: Path, source: str, survey: dict[str, Any]) -> str:
    exports = next((o["exports"] for o in survey["outputs"].values() if o.get("entryPoint") == source), [])
    address = json.dumps(str(root / source))
    default = f"export {{ default }} from {address};\n" if "default" in exports else ""
    return f"export * from {address};\n{default}"


def _wrap(root: Path, source: str, inputs: dict[str, Any]) -> str:
    def read(path: str) -> str:
        return (root / path).read_text(encoding="utf-8", errors="replace")

    names = find_names(source, inputs, read)
    lines = [f"export * from {json.dumps(name)};" for name in external_star(source, inputs, read)]
    lines += [f"const $m = require({json.dumps(str(root / source))});"]
    lines += ['export default $m && $m.__esModule && "default" in $m ? $m.default : $m;']
    lines += [f"const $_{name} = $m == null ? undefined : $m.{name};" for name in names]
    exported = [*(f"$_{name} as {name}" for name in names), '$m as "module.exports"']
    return "\n".join([*lines, f"export {{ {', '.join(exported)} }};", ""])


def _collect(root: Path, meta: dict[str, Any]) -> Bundle:
    result = Bundle()
    for output, details in meta["outputs"].items():
        path = (root / output).resolve().relative_to(root).as_posix()
        text = (root / path).read_text(encoding="utf-8")
        outside = [item for item in details["imports"] if item.get("external")]
        text = _name_siblings(text, path, {item["path"] for item in outside if item["path"].startswith("./")})
        if any(item["kind"] == "require-call" for item in outside):
            text = _import_required(text)
        result.files[path] = text.encode()
        if "default" in details["exports"]:
            result.with_default.add(path)
    return result


def _name_siblings(text: str, path: str, siblings: set[str]) -> str:
    """esbuild names what was left outside from the root; a module wants it from its own folder."""
    for sibling in siblings:
        stem, end = posixpath.splitext(sibling)
        built = f"{stem}.js" if end in SCRIPTS else sibling
        relative = posixpath.relpath(built, posixpath.dirname(path) or ".")
        text = text.replace(f'"{sibling}"', f'"{relative if relative.startswith(".") else "./" + relative}"')
    return text


def _import_required(text: str) -> str:
    """Imports at the top for what CommonJS code requires of other packages in the middle."""
    names: dict[str, str] = {}

    def call(found: re.Match[str]) -> str:
        name = names.setdefault(found[1], f"$required{len(names)}")
        return f"$required({name})"

    changed = _REQUIRE_CALL.sub(call, text)
    imports = "".join(f"import*as {name} from{address};\n" for address, name in names.items())
    return imports + _REQUIRED + changed if names else text
