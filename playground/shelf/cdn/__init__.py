"""Addresses of CDNs as addresses on the shelf. Pure.

`shelf_path` and `bare_path` say where on the shelf something is, `parse` what such an address asks for. A page's pins
say which version each open range has come to be, so that a permalink gets the same bytes for ever.
"""

import re
from collections.abc import Mapping

from playground.shelf.cdn.hosts import PARSERS, ROOTS, SITES, parse_built, parse_file, parse_host, parse_module
from playground.shelf.cdn.references import Kind, Options, Reference, is_exact, is_name, package, split_package

__all__ = [
    "URL_START",
    "Kind",
    "Options",
    "Reference",
    "bare_path",
    "is_exact",
    "is_name",
    "open_range",
    "parse",
    "shelf_path",
]

# Matches the start of any address that `shelf_path` may know. To be used case-insensitively.
URL_START: str = rf"(?:https?:)?//(?:{'|'.join(re.escape(host) for host in sorted(PARSERS))})(?![\w.-])"

_URL = re.compile(
    r"(?:https?:)?//([\w.-]+)(?::443|:80)?(?:/([^\s?#\"'<>]*))?(?:\?([^\s#\"'<>]*))?(?:#.*)?", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LONGEST = 4000


def shelf_path(url: str, pins: Mapping[str, str]) -> str | None:
    """`https://unpkg.com/three@0.128.0/build/three.min.js` → `/web/unpkg.com/three@0.128.0/build/three.min.js`.

    None for an address that is no CDN's. A mere prefix such as `https://unpkg.com/` keeps its form, so that addresses
    that a page puts together while it runs work. What `pins` answers becomes the address of the exact version.
    """
    found = _URL.fullmatch(url.strip()) if len(url) <= LONGEST else None
    host = found[1].lower() if found else ""
    if not found or host not in PARSERS:
        return None
    path, query = found[2] or "", (found[3] or "").replace("&amp;", "&")
    reference = parse_host(host, path, query)
    if reference is None and host in SITES:
        return None
    if not path.startswith(ROOTS.get(host, "")):
        return None
    return _pinned(reference, pins) or f"/web/{host}/{path}" + (f"?{query}" if query else "")


def bare_path(specifier: str, pins: Mapping[str, str]) -> str | None:
    """`three/addons/controls/OrbitControls.js` → `/esm/three@latest/addons/controls/OrbitControls.js`.

    None for what is no package's name: relative, absolute, an address.
    """
    if _SCHEME.match(specifier) or not re.fullmatch(r"[\w@.~/+*^-]{1,400}", specifier):
        return None
    parts = split_package(specifier)
    if not parts or specifier.startswith((".", "/")) or not is_name(parts[0]):
        return None
    reference = package(Kind.MODULE, *parts)
    return (_pinned(reference, pins) or reference.canonical) if reference else None


def open_range(path: str) -> str | None:
    """The key in pins (`three@latest`, `d3@7`) of a path on the shelf; None where it names an exact version."""
    reference = parse(path)
    return reference.key if reference and _is_open(reference) else None


def parse(path: str) -> Reference | None:
    """What a path on the shelf asks for. None where it asks for nothing."""
    path, _, query = path.partition("?")
    root, _, rest = path.removeprefix("/").partition("/")
    match root:
        case "npm":
            return parse_file(rest)
        case "esm":
            return parse_module(rest, query)
        case "built":
            return parse_built(rest)
        case "web":
            host, _, rest = rest.partition("/")
            return parse_host(host.lower(), rest, query)
    return None


def _is_open(reference: Reference) -> bool:
    return reference.kind in (Kind.FILE, Kind.MODULE) and not reference.is_exact


def _pinned(reference: Reference | None, pins: Mapping[str, str]) -> str | None:
    if reference is None or not _is_open(reference):
        return None
    version = pins.get(reference.key)
    return reference.at(version).canonical if version else None
