"""The graph of ECMAScript modules that a page reaches: each under one name, its imports rewritten to such names."""

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from playground.host.rendering import Use
from playground.host.rewriting import Addresses, ImportNames
from playground.host.rewriting.specifiers import SpecifierRewriter
from playground.shelf.esbuild import BuildFailed, run
from playground.takeout.inlining.importmap import ImportMap
from playground.takeout.sources import PAGE, Resource, Sources

_NEVER = re.compile(r"(?!)")
_BESIDE = re.compile(r"new\s+URL\(\s*[\"'`]([^\"'`$]+)[\"'`]\s*,\s*import\.meta\.url\s*\)")
_JSON_IMPORT = r"[\"']{}[\"']\s*\)?\s*(?:,\s*\{{\s*)?(?:with|assert)\s*:?\s*\{{\s*[\"']?type[\"']?\s*:\s*[\"']json"


class _Names(Addresses):
    """Every specifier is asked for, also one from the top of a host."""

    def find_specifier(self, specifier: str) -> str | None:
        return self.bare_path(specifier, self.pins)


@dataclass
class Module:
    resource: Resource
    names: list[str]
    text: str = ""
    imports: dict[str, str] = field(default_factory=dict)  # names by how the source spells them


class Modules:
    """`beside` collects the addresses of files that modules name relative to themselves."""

    def __init__(self, sources: Sources, import_map: ImportMap) -> None:
        self.by_name: dict[str, Module] = {}
        self.beside: set[str] = set()
        self._sources = sources
        self._map = import_map
        self._names: dict[tuple[str, bool], str] = {}  # by address, and whether it is wanted as JSON

    async def name(self, url: str, *, as_json: bool = False) -> str | None:
        """The name to import the module at `url` by; None where there is none."""
        if (url, as_json) in self._names:
            return self._names[url, as_json]
        found = await self._sources.find(url, Use.FILE if as_json else Use.MODULE)
        if found is None:
            return None
        name = self._names.get((found.url, as_json))
        if name is None:
            name = f"~/{len(self.by_name) + 1}/{found.url.partition('?')[0].rpartition('/')[2]}"
            self._names[found.url, as_json] = name  # before its imports, which may lead back here
            self.by_name[name] = module = Module(found, [name])
            await self._read(module, as_json=as_json)
        self._names[url, as_json] = name
        self._sources.used.add(url)
        return name

    async def rewrite(self, text: str, base: str, *, is_module: bool) -> tuple[str, dict[str, str]]:
        """The script with its imports by name, and those names by what stood there before."""
        found: dict[str, str] = {}
        for specifier in await asyncio.to_thread(_read_specifiers, text, is_module):
            url = self._map.resolve(specifier, base)
            as_json = _is_json(specifier, text)
            if url and (name := await self.name(url, as_json=as_json)):
                found[specifier] = name
        return await asyncio.to_thread(_replace, text, found, is_module), found

    async def bundle(self, resource: Resource) -> str:
        """A worker's module with all that it imports in one script: no import map reaches workers."""
        name = await self.name(resource.url)
        return await asyncio.to_thread(_bundle, self.by_name, name) if name else resource.text

    async def _read(self, module: Module, *, as_json: bool) -> None:
        text, url = module.resource.text, module.resource.url
        if as_json or not module.resource.mime.startswith("text/javascript"):
            module.text = text
            return
        self.beside |= {urljoin(url, path) for path in _BESIDE.findall(text)}
        if "import.meta" in text:
            text = await asyncio.to_thread(_fix_address, text, url)
        module.text, module.imports = await self.rewrite(text, url, is_module=True)

    async def add_aliases(self) -> None:
        """What a script that is made in the page, or a name put together there, may import them by."""
        for specifier, url in self._map.imports.items():
            if not specifier.endswith("/") and (name := await self.name(url)):
                self._alias(name, specifier)
        for (url, as_json), name in list(self._names.items()):
            if url.startswith(PAGE) and not as_json:
                self._alias(name, _relative(url, self._sources.entry))
            elif url in self._sources.asked:
                self._alias(name, url)

    def _alias(self, name: str, other: str) -> None:
        if other not in self.by_name[name].names:
            self.by_name[name].names.append(other)


def _is_json(specifier: str, text: str) -> bool:
    """Whether it is imported with the type of JSON; without, bundlers make a script of it, and so does the host."""
    return specifier.endswith(".json") and bool(re.search(_JSON_IMPORT.format(re.escape(specifier)), text))


def _read_specifiers(text: str, is_module: bool) -> list[str]:
    seen: dict[str, None] = {}

    def note(specifier: str, pins: Mapping[str, str]) -> None:
        seen.setdefault(specifier)

    _pass(text, note, is_module)
    return list(seen)


def _replace(text: str, names: Mapping[str, str], is_module: bool) -> str:
    return _pass(text, lambda specifier, pins: names.get(specifier), is_module) if names else text


def _pass(text: str, find: Callable[[str, Mapping[str, str]], str | None], is_module: bool) -> str:
    addresses = _Names("", lambda url, pins: None, find, _NEVER)
    rewriter = SpecifierRewriter(addresses, ImportNames(), is_module=is_module)
    return rewriter.feed(text) + rewriter.finish()


def _fix_address(text: str, url: str) -> str:
    """The address of a module is the one that it was served under; as a blob it would be none to build on."""
    try:
        arguments = ["--loader=js", "--format=esm", "--charset=utf8", f"--define:import.meta.url={json.dumps(url)}"]
        return run(arguments, text.encode(errors="replace")).decode()
    except BuildFailed:
        return text


def _bundle(modules: Mapping[str, Module], entry: str) -> str:
    with tempfile.TemporaryDirectory(prefix="takeout-") as folder:
        root = Path(folder).resolve()
        for name, module in modules.items():
            imports = {spelling: f"./{_file(target)}" for spelling, target in module.imports.items()}
            names = {target: imports[spelling] for spelling, target in module.imports.items()}
            text = _replace(module.text, names, True)
            (root / _file(name)).write_text(text, encoding="utf-8", errors="surrogateescape")
        try:
            return run(["--bundle", "--format=iife", "--charset=utf8", str(root / _file(entry))], folder=root).decode()
        except BuildFailed:
            return modules[entry].text


def _file(name: str) -> str:
    return f"{name.split('/')[1]}.js"


def _relative(url: str, entry: str) -> str:
    """Seen from the page: an import map's keys are resolved against its address."""
    folder = entry.rpartition("/")[0] + "/"
    return f"./{url.removeprefix(folder)}" if url.startswith(folder) else url
