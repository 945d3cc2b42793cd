"""One run over a package's files with esbuild: a survey to see what is there, then the build itself."""

import json
import posixpath
import re
from collections.abc import Iterable
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
    files: dict[str, bytes] = field(default_factory=dict)  # by the path of their source, as a script
    with_default: set[str] = field(default_factory=set)  # those that have a default export


@dataclass(frozen=True, slots=True)
class Survey:
    """What esbuild finds when it follows the imports of some files."""

    inputs: dict[str, Any]
    broken: list[str]  # imports that lead nowhere, as those of optional parts often do

    def is_module(self, source: str) -> bool:
        return bool(self.inputs.get(source, {}).get("format") == "esm")


def survey(root: Path, work: Path, sources: Iterable[str], outside: Iterable[str] = ()) -> Survey:
    """`root` is the package's folder, `work` one for files of this run. Raises BuildFailed."""
    meta = work / "survey.json"
    arguments = [*_COMMON, "--packages=external", f"--outdir={work / 'survey'}", f"--metafile={meta}"]
    arguments += [f"--external:{root / path}" for path in outside]
    broken: list[str] = []
    for _ in range(4):
        try:
            run([*arguments, *(f"--external:{name}" for name in broken), *sources], folder=root)
            break
        except BuildFailed as failure:
            missing = set(_UNRESOLVED.findall(failure.output)) - set(broken)
            if not missing:
                raise
            broken += sorted(missing)
    return Survey(json.loads(meta.read_text())["inputs"], broken)


def bundle(root: Path, work: Path, sources: list[str], outside: list[str], addresses: Addresses) -> Bundle:
    """Build the modules of `sources`, with the files `outside` left where they are. Raises BuildFailed."""
    found = survey(root, work, sources, outside)
    sources = [source for source in sources if source in found.inputs]  # the rest is nothing for browsers
    meta, out = work / "built.json", work / "out"
    (work / "process.js").write_text(_PROCESS)
    (work / "empty.js").write_text("module.exports = {};\n")
    arguments = [*_COMMON, "--minify-whitespace", "--minify-syntax", "--legal-comments=inline"]
    arguments += [f"--external:{name}" for name in found.broken]
    arguments += [f"--external:{root / path}" for path in outside]
    arguments += _name_addresses(work, _imported_names(found.inputs), addresses)
    arguments += [f"--inject:{work / 'process.js'}", f"--outdir={out}", f"--metafile={meta}"]
    if len(sources) > 1:
        arguments += ["--splitting", "--chunk-names=-/[name]-[hash]"]
    run([*arguments, *(_entry(root, work, source, found) for source in sources)], folder=root)
    return _collect(root, out, json.loads(meta.read_text())["outputs"])


def _imported_names(inputs: dict[str, Any]) -> list[str]:
    """The packages that are imported from anywhere, without subpaths."""
    paths = {item["path"] for details in inputs.values() for item in details["imports"] if item.get("external")}
    bare = [path for path in paths if not path.startswith((".", "/")) and "://" not in path and path[:5] != "data:"]
    return sorted({parts[0] for path in bare if (parts := split_package(path))})


def _name_addresses(work: Path, names: list[str], addresses: Addresses) -> list[str]:
    """Arguments that say where the imports of other packages lead."""
    arguments = [f"--external:{addresses.root}*", "--external:http://*", "--external:https://*"]
    found = [name for name in names if not addresses.is_bare(name) and not addresses.is_built_in(name)]
    addresses.prefetch(found)
    for name in names:
        if name in found:
            arguments.append(f"--alias:{name}={addresses.address(name)}")
        elif addresses.is_bare(name):
            arguments += [f"--external:{name}", f"--external:{name}/*"]
        else:
            stand_in = "process.js" if name in ("process", "node:process") else "empty.js"
            arguments.append(f"--alias:{name}={work / stand_in}")
    return arguments


def _entry(root: Path, work: Path, source: str, found: Survey) -> str:
    """The argument for an entry. A CommonJS module gets a wrapper that names its exports."""
    if source.endswith(".json"):
        return f"{source}={root / source}"
    output = source.rpartition(".")[0]
    if found.is_module(source):
        return f"{output}={root / source}"
    wrapper = work / "wrappers" / f"{output}.js"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(_wrap(root, source, found.inputs))
    return f"{output}={wrapper}"


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


def _collect(root: Path, out: Path, outputs: dict[str, Any]) -> Bundle:
    result = Bundle()
    for name, details in outputs.items():
        path = (root / name).resolve().relative_to(out)
        text = (out / path).read_text(encoding="utf-8")
        outside = [item for item in details["imports"] if item.get("external")]
        text = _name_siblings(text, path.as_posix(), root, out, {item["path"] for item in outside})
        if any(item["kind"] == "require-call" for item in outside):
            text = _import_required(text)
        result.files[path.as_posix()] = text.encode()
        if "default" in details["exports"]:
            result.with_default.add(path.as_posix())
    return result


def _name_siblings(text: str, path: str, root: Path, out: Path, imports: set[str]) -> str:
    """A file that was left outside is named from where esbuild puts its output; it will be beside the built one."""
    for name in imports:
        target = posixpath.normpath(posixpath.join(out.as_posix(), name))
        if name.startswith(".") and target.startswith(f"{root.as_posix()}/"):
            stem, end = posixpath.splitext(posixpath.relpath(target, root.as_posix()))
            built = f"{stem}.js" if end in SCRIPTS else f"{stem}{end}"
            relative = posixpath.relpath(built, posixpath.dirname(path) or ".")
            text = text.replace(f'"{name}"', f'"{relative if relative.startswith(".") else "./" + relative}"')
    return text


def _import_required(text: str) -> str:
    """Imports at the top for what CommonJS code requires of other modules in the middle."""
    names: dict[str, str] = {}

    def call(found: re.Match[str]) -> str:
        name = names.setdefault(found[1], f"$required{len(names)}")
        return f"$required({name})"

    changed = _REQUIRE_CALL.sub(call, text)
    imports = "".join(f"import*as {name} from{address};\n" for address, name in names.items())
    return imports + _REQUIRED + changed if names else text
