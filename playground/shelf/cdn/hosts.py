"""The CDNs, each with the way it writes addresses."""

import base64
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from playground.shelf.cdn.names import from_cdnjs, from_github, from_google
from playground.shelf.cdn.references import ABSENT, NO_OPTIONS, Kind, Options, Reference, package, split_package

type Parser = Callable[[str, str], Reference | None]

BABYLON = "9.28.0"  # babylonjs, -gui, -loaders, -materials and -serializers all have it
_ESM_BUILD = re.compile(r"(?:es20\d\d|esnext|deno|denonext|node)/(.+)")
_GOOGLE_ICONS = re.compile(r"icons?|css2?")


def parse_host(host: str, path: str, query: str) -> Reference | None:
    """`path` has no slash at its start. None for what names nothing, as a mere prefix does."""
    parser = PARSERS.get(host)
    return parser(path, query) if parser else None


def parse_file(path: str, query: str = "") -> Reference | None:
    """`name@range/path`."""
    parts = split_package(unquote(path))
    return package(Kind.FILE, *parts) if parts else None


def parse_module(path: str, query: str = "") -> Reference | None:
    """`name@range/subpath?deps=…&external=…`, or with the options first: `~<options>/name@range/subpath`."""
    path, options = unquote(path), read_options(query)
    if path.startswith("~"):
        word, _, path = path[1:].partition("/")
        options = _unpack_options(word)
    parts = split_package(path)
    return package(Kind.MODULE, *parts, options=options) if parts else None


def parse_built(path: str) -> Reference | None:
    """`<revision>/<options>/name@version/file`."""
    _, _, rest = unquote(path).partition("/")
    word, _, rest = rest.partition("/")
    parts = split_package(rest)
    return package(Kind.BUILT, *parts, options=_unpack_options(word)) if parts else None


def read_options(query: str) -> Options:
    fields = dict(parse_qsl(query, keep_blank_values=True))
    return Options(*(_words(fields.get(name, "")) for name in ("deps", "external", "alias")))


def _unpack_options(word: str) -> Options:
    try:
        return read_options(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode())
    except ValueError:
        return NO_OPTIONS


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted({word.strip() for word in text.split(",") if word.strip()}))[:50]


def _unpkg(path: str, query: str) -> Reference | None:
    is_module = "module" in dict(parse_qsl(query, keep_blank_values=True))
    return parse_module(path) if is_module else parse_file(path)


def _jsdelivr(path: str, query: str) -> Reference | None:
    root, _, rest = path.partition("/")
    match root:
        case "npm" if rest.endswith("+esm"):
            return parse_module(rest.removesuffix("+esm").rstrip("/"))
        case "npm":
            return parse_file(rest)
        case "gh":
            return _github(rest)
        case "combine":
            parts = tuple(part for text in rest.split(",") if (part := _jsdelivr(text, "")))
            return Reference(Kind.COMBINED, parts=parts) if parts else None
        case "pyodide":
            version, _, file = rest.partition("/")
            return package(Kind.FILE, "pyodide", version, file.partition("/")[2])
    return ABSENT if rest else None


def _github(path: str) -> Reference | None:
    owner, _, rest = path.partition("/")
    parts = split_package(rest)
    if not parts:
        return None
    name, version = from_github(owner, parts[0], parts[1])
    return package(Kind.FILE, name, version, parts[2])


def _cdnjs(path: str, query: str) -> Reference | None:
    return _library(path.removeprefix("ajax/libs/"), from_cdnjs)


def _google_libraries(path: str, query: str) -> Reference | None:
    return _library(path.removeprefix("ajax/libs/"), from_google)


def _bootstrap_cdn(path: str, query: str) -> Reference | None:
    return _library(path, from_cdnjs)


def _library(path: str, translate: Callable[[str, str], tuple[str, str]]) -> Reference | None:
    name, _, rest = path.partition("/")
    version, _, file = rest.partition("/")
    return package(Kind.FILE, *translate(name, unquote(version)), file) if name else None


def _esm_sh(path: str, query: str) -> Reference | None:
    path = re.sub(r"^(?:v\d+|stable)/", "", unquote(path))
    if path in ("tsx", "x", "run"):
        return Reference(Kind.TSX)
    if re.match(r"(?:gh|jsr|pr)/", path):
        return ABSENT
    options = read_options(query)
    if path.startswith("*"):  # all dependencies stay bare, for the page's import map
        path, options = path[1:], Options(options.deps, ("*",), options.alias)
    parts = split_package(path)
    if not parts:
        return None
    name, range_, subpath = parts
    range_, _, written = range_.partition("&")  # an older way to write options
    if written and options == NO_OPTIONS:
        options = read_options(written)
    flags = dict(parse_qsl(query, keep_blank_values=True))
    kind = Kind.FILE if "raw" in flags or subpath.endswith(".css") else Kind.MODULE
    return package(kind, name, range_, _source_path(name, subpath), options)


def _source_path(name: str, subpath: str) -> str:
    """The subpath that a file of a build by esm.sh was made from: `es2022/client.mjs` is `client`."""
    built = _ESM_BUILD.fullmatch(subpath)
    if not built:
        return subpath
    stem = re.sub(r"(?:\.bundle|\.development|\.nobundle)?\.m?js$", "", built[1])
    return "" if stem == name.rpartition("/")[2] else stem


def _esm_run(path: str, query: str) -> Reference | None:
    return parse_module(path.removesuffix("/+esm"))


def _skypack(path: str, query: str) -> Reference | None:
    """`pin/react@v17.0.1-hash/mode=imports,min/optimized/react.js` names the package, its version and no file of it."""
    is_pinned = path.startswith(("pin/", "-/"))
    parts = split_package(unquote(re.sub(r"^(?:pin|new|-)/", "", path)))
    if not parts:
        return None
    name, range_, subpath = parts
    exact = re.match(r"v?(\d+\.\d+\.\d+)-", range_) if is_pinned else None
    return package(Kind.MODULE, name, exact[1] if exact else range_, "" if is_pinned else subpath)


def _jspm(path: str, query: str) -> Reference | None:
    return parse_module(path.removeprefix("npm:")) if path.startswith("npm:") else ABSENT if path else None


def _jspm_dev(path: str, query: str) -> Reference | None:
    return parse_module(path.removeprefix("npm:"))


def _jquery(path: str, query: str) -> Reference | None:
    if core := re.fullmatch(r"jquery-(\d+(?:\.\d+)+|latest)((?:\.slim)?(?:\.min)?)\.js", path):
        version = "1" if core[1] == "latest" else core[1]  # where their "latest" has stayed
        return package(Kind.FILE, "jquery", version, f"dist/jquery{core[2]}.js")
    if ui := re.fullmatch(r"ui/(\d+\.\d+\.\d+)/(.+)", path):
        return package(Kind.FILE, "jquery-ui-dist", ui[1], ui[2])
    return ABSENT if path else None


def _tailwind(path: str, query: str) -> Reference | None:
    """The play script of version 3; plugins are part of it."""
    version = path.strip("/")
    return package(Kind.FILE, "tailwindcss-cdn", version if version[:1] == "3" else "3", "tailwindcss.js")


def _threejs(path: str, query: str) -> Reference | None:
    """The last version with scripts that are no modules is 0.160; models go on asking for them."""
    is_library = re.match(r"(?:build|examples/(?:jsm?|fonts))/.", path)
    is_script = re.match(r"build/three(?:\.min)?\.js|examples/js/", path)
    return package(Kind.FILE, "three", "0.160.0" if is_script else "latest", path) if is_library else None


def _plotly(path: str, query: str) -> Reference | None:
    found = re.fullmatch(r"plotly(?:-([a-z0-9-]*?[a-z]))??(?:-(\d+\.\d+\.\d+|latest))?(?:\.min)?\.js", path)
    if not found:
        return ABSENT if path else None
    version = "1" if found[2] == "latest" else found[2] or "latest"  # their "latest" has stayed at 1.58.5
    name = f"plotly.js-{found[1]}-dist-min" if found[1] else "plotly.js-dist-min"
    return package(Kind.FILE, name, version, f"plotly{f'-{found[1]}' if found[1] else ''}.min.js")


def _d3(path: str, query: str) -> Reference | None:
    if found := re.fullmatch(r"(d3(?:-[a-z0-9-]+?)?)\.v(\d+)((?:\.min)?)\.js", path):
        return package(Kind.FILE, found[1], found[2], f"dist/{found[1]}{found[3]}.js")
    return None


def _babylon(path: str, query: str) -> Reference | None:
    path = re.sub(r"^v?\d[\w.-]*/", "", path)
    file = path.rpartition("/")[2]
    folder = path.partition("/")[0]
    packages = {
        "gui": "babylonjs-gui",
        "loaders": "babylonjs-loaders",
        "materialsLibrary": "babylonjs-materials",
        "serializers": "babylonjs-serializers",
        "postProcessesLibrary": "babylonjs-post-process",
        "proceduralTexturesLibrary": "babylonjs-procedural-textures",
        "inspector": "babylonjs-inspector",
    }
    if not file.endswith(".js"):
        return ABSENT if path else None
    return package(Kind.FILE, packages.get(folder, "babylonjs"), BABYLON, file)


def _google_fonts(path: str, query: str) -> Reference | None:
    return Reference(Kind.FONTS, path=query) if _GOOGLE_ICONS.fullmatch(path) else ABSENT if path else None


def _absent(path: str, query: str) -> Reference | None:
    return ABSENT


def _releases(name: str, pattern: str, file: str) -> Parser:
    """A library's own site: the first group of `pattern` is the version, the second the file, if it has them."""

    def parse(path: str, query: str) -> Reference | None:
        found = re.fullmatch(pattern, path)
        if not found:
            return None
        version, rest = (*found.groups(), "", "")[:2]
        return package(Kind.FILE, name, version or "latest", file + (rest or ""))

    return parse


PARSERS: dict[str, Parser] = {
    "unpkg.com": _unpkg,
    "www.unpkg.com": _unpkg,
    "npm.elemecdn.com": _unpkg,
    "unpkg.zhimg.com": _unpkg,
    "cdn.jsdelivr.net": _jsdelivr,
    "fastly.jsdelivr.net": _jsdelivr,
    "gcore.jsdelivr.net": _jsdelivr,
    "testingcf.jsdelivr.net": _jsdelivr,
    "cdn.jsdmirror.com": _jsdelivr,
    "cdnjs.cloudflare.com": _cdnjs,
    "cdn.bootcdn.net": _cdnjs,
    "cdn.bootcss.com": _cdnjs,
    "cdn.staticfile.org": _cdnjs,
    "cdn.staticfile.net": _cdnjs,
    "lib.baomitu.com": _cdnjs,
    "stackpath.bootstrapcdn.com": _bootstrap_cdn,
    "maxcdn.bootstrapcdn.com": _bootstrap_cdn,
    "netdna.bootstrapcdn.com": _bootstrap_cdn,
    "use.fontawesome.com": _releases("@fortawesome/fontawesome-free", r"releases/v?([\d.]+)/(.+)", ""),
    "esm.sh": _esm_sh,
    "cdn.esm.sh": _esm_sh,
    "esm.run": _esm_run,
    "cdn.skypack.dev": _skypack,
    "ga.jspm.io": _jspm,
    "jspm.dev": _jspm_dev,
    "ajax.googleapis.com": _google_libraries,
    "code.jquery.com": _jquery,
    "cdn.tailwindcss.com": _tailwind,
    "threejs.org": _threejs,
    "cdn.plot.ly": _plotly,
    "d3js.org": _d3,
    "cdn.babylonjs.com": _babylon,
    "preview.babylonjs.com": _babylon,
    "pixijs.download": _releases("pixi.js", r"(?:release|v?(\d+\.\d+\.\d+))/(.+)", "dist/"),
    "aframe.io": _releases("aframe", r"releases/(\d+\.\d+\.\d+)/.+", "dist/aframe-master.min.js"),
    "cdn.socket.io": _releases("socket.io-client", r"(?:socket\.io-)?(\d+\.\d+\.\d+)/?(.*)", "dist/"),
    "fonts.googleapis.com": _google_fonts,
    "fonts.googleapis.cn": _google_fonts,
    "fonts.loli.net": _google_fonts,
    "fonts.gstatic.com": _absent,
    "fonts.gstatic.cn": _absent,
}

# Sites that are more than a CDN: only what a parser knows there is ours; the rest are links for people.
SITES = frozenset({"threejs.org", "d3js.org", "aframe.io", "pixijs.download", "jspm.dev", "use.fontawesome.com"})
# Hosts that have more than libraries.
ROOTS = {"ajax.googleapis.com": "ajax/libs/"}
