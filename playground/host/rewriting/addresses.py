import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_KEY = re.compile(r'"([^"\s]{1,200})"\s*:')


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where on the shelf a CDN's address, or a bare specifier, is to be found; and where the file's own site begins."""

    shelf: str  # prefix, without a slash at its end
    shelf_path: Callable[[str, Mapping[str, str]], str | None]
    bare_path: Callable[[str, Mapping[str, str]], str | None]
    url_start: re.Pattern[str]
    pins: Mapping[str, str] = field(default_factory=dict)
    root: str = "./"  # from the file to the top of its version, which is not the top of its host

    def find_url(self, url: str, *, is_prefix: bool = False) -> str | None:
        """`is_prefix`: the script puts the rest on at run time, so the version in it may not be whole."""
        if not self.url_start.match(url):
            return None
        path = self.shelf_path(url, {} if is_prefix else self.pins)
        return None if path is None else self.shelf + path

    def find_specifier(self, specifier: str) -> str | None:
        if own := self.find_own(specifier):
            return own
        path = self.bare_path(specifier, self.pins)
        return None if path is None else self.shelf + path

    def find_own(self, address: str) -> str | None:
        """For an address from the top of the site, `/style.css`."""
        is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
        return self.root + address[1:] if is_own else None


class ImportNames:
    """The names in a page's import maps. Those that end in a slash stand for all that begin with them."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._prefixes: tuple[str, ...] = ()

    def cover(self, specifier: str) -> bool:
        return specifier in self._names or specifier.startswith(self._prefixes)

    def add(self, *names: str) -> None:
        self._names.update(names)
        self._prefixes = tuple(name for name in self._names if name.endswith("/"))

    def read_map(self, text: str) -> None:
        """Of a map that is no JSON, whatever looks like a key: the browser will say what is wrong with it."""
        try:
            self.add(*_keys(json.loads(text)))
        except (ValueError, RecursionError):
            self.add(*_KEY.findall(text))


def _keys(value: object) -> list[str]:
    if not isinstance(value, dict):
        return []
    scopes = value.get("scopes")
    maps = [value.get("imports"), *(scopes.values() if isinstance(scopes, dict) else [])]
    return [name for names in maps if isinstance(names, dict) for name in names]
