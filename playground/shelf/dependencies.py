"""Where a package's imports of other packages lead: to addresses on the shelf with exact versions."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from playground.shelf.cdn import Options, is_exact
from playground.shelf.cdn.references import is_name, split_package
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Package
from playground.shelf.pulling import find_version
from playground.shelf.registry import fetch_metadata
from playground.shelf.versions import is_satisfied

# What Node brings along and a page has not: empty, unless a package stands in for it.
_BUILT_IN = re.compile(
    r"assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|diagnostics_channel|dns|domain"
    r"|events|fs|http2?|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream"
    r"|string_decoder|sys|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib"
)
_STAND_INS = {"events": "3", "buffer": "6", "util": "0.12"}


class Addresses:
    """The address for each name that a package imports. Versions are looked up when a name is asked for."""

    def __init__(self, package: Package, options: Options, root: str) -> None:
        self.root = f"{root}/esm/"
        self._package = package
        self._options = options
        self._ranges: dict[str, str] = {
            name: range_
            for field in ("optionalDependencies", "peerDependencies", "dependencies")
            for name, range_ in (package.manifest.get(field) or {}).items()
            if isinstance(range_, str)
        }
        self._peers = set(package.manifest.get("peerDependencies") or {})
        self._deps = {parts[0]: parts[1] for text in options.deps if (parts := split_package(text))}
        self._alias = dict(text.split(":", 1) for text in options.alias if ":" in text)

    def is_bare(self, name: str) -> bool:
        """Whether the page's import map is to answer for it."""
        return name in self._options.external or "*" in self._options.external

    def is_built_in(self, name: str) -> bool:
        """Whether it is a part of Node that a page does without."""
        plain = name.removeprefix("node:").partition("/")[0]
        if name.startswith("node:"):
            return plain not in _STAND_INS
        return bool(_BUILT_IN.fullmatch(plain)) and plain not in self._ranges and plain not in _STAND_INS

    def prefetch(self, names: list[str]) -> None:
        """Ask the registry about several at once; what fails will fail again where it matters."""
        wanted = [name for name in names if name != self._package.name and not is_exact(self._ranges.get(name, ""))]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_ask, wanted))

    def address(self, name: str) -> str:
        """For the name of a package, without a subpath. An open range stays where the version cannot be found."""
        name = self._alias.get(name, name).removeprefix("node:")
        parts = split_package(name) or (name, "", "")
        target, subpath = parts[0], f"/{parts[2]}" if parts[2] else ""
        if target == self._package.name:
            return f"{self._own_prefix}{target}@{self._package.version}{subpath}"
        if target in self._deps:
            return f"{self.root}{target}@{self._deps[target] or 'latest'}{subpath}"
        target, range_ = self._wanted(target)
        with suppress(ShelfFailure):
            range_ = self._version(target, range_)
        return f"{self._own_prefix}{target}@{range_.replace(' ', '%20')}{subpath}"

    @property
    def _own_prefix(self) -> str:
        word = self._options.word
        return f"{self.root}~{word}/" if word else self.root

    def _wanted(self, name: str) -> tuple[str, str]:
        """Name and range as npm takes them: `npm:other@^1` means another package; a path or a repository the latest."""
        range_ = self._ranges.get(name) or _STAND_INS.get(name, "latest")
        if range_.startswith("npm:") and (parts := split_package(range_.removeprefix("npm:"))) and is_name(parts[0]):
            return parts[0], parts[1] or "latest"
        return name, "latest" if ":" in range_ or "/" in range_ else range_ or "latest"

    def _version(self, name: str, range_: str) -> str:
        """A companion released under the same number fits best: react-dom 18.2.0 goes with react 18.2.0."""
        own = self._package.version
        if name in self._peers and is_satisfied(own, range_) and find_version(name, own) == own:
            return own
        return find_version(name, range_)


def _ask(name: str) -> None:
    with suppress(ShelfFailure):
        fetch_metadata(name)
