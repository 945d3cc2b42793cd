"""What an address asks for: a file of a package, a package as a module, fonts, a script of ours."""

import base64
import re
from dataclasses import dataclass, field, replace
from enum import Enum
from urllib.parse import quote

_EXACT = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_NAME = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*", re.IGNORECASE)
_RANGE = re.compile(r"[\w.+~^<>=|* -]{0,80}")
LONGEST_NAME = 214


class Kind(Enum):
    FILE = "file"  # as it is in the package
    MODULE = "module"  # built as an ECMAScript module
    BUILT = "built"  # a part of a built module
    FONTS = "fonts"  # a stylesheet of Google Fonts
    COMBINED = "combined"  # several files, one after the other
    TSX = "tsx"  # the compiler of scripts in the page
    ABSENT = "absent"  # a CDN's, but nothing that npm has


@dataclass(frozen=True, slots=True)
class Options:
    """How a module is to be built: which versions its dependencies have, which of them stay bare, which are others."""

    deps: tuple[str, ...] = ()  # "react@18.2.0"
    external: tuple[str, ...] = ()  # "react", or "*" for all
    alias: tuple[str, ...] = ()  # "react:preact/compat"

    @property
    def query(self) -> str:
        fields = (("deps", self.deps), ("external", self.external), ("alias", self.alias))
        return "&".join(f"{name}={quote(','.join(values), safe='@,:/*')}" for name, values in fields if values)

    @property
    def word(self) -> str:
        """The same as one part of a path."""
        return base64.urlsafe_b64encode(self.query.encode()).decode().rstrip("=")


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class Reference:
    kind: Kind
    name: str = ""
    range: str = ""
    path: str = ""
    options: Options = NO_OPTIONS
    parts: tuple["Reference", ...] = field(default=())

    @property
    def is_exact(self) -> bool:
        return is_exact(self.range)

    @property
    def key(self) -> str:
        """What `pins` calls it: `three@latest`, `d3@7`."""
        return f"{self.name}@{self.range}"

    def at(self, version: str) -> "Reference":
        return replace(self, range=version)

    @property
    def canonical(self) -> str:
        """The address without the detour by a CDN's: `/npm/three@0.180.0/build/three.min.js`, `/esm/react@18.2.0`."""
        root = "esm" if self.kind is Kind.MODULE else "npm"
        path = f"/{root}/{self.name}@{self.range}"
        query = f"?{self.options.query}" if self.options.query else ""
        return (f"{path}/{self.path}" if self.path else path) + query


ABSENT = Reference(Kind.ABSENT)


def package(kind: Kind, name: str, range_: str, path: str = "", options: Options = NO_OPTIONS) -> Reference | None:
    """A reference to a package, where name and range can be npm's at all."""
    range_ = clean_range(range_)
    if not is_name(name) or not _RANGE.fullmatch(range_):
        return None
    return Reference(kind, name, range_, path.strip("/"), options)


def is_exact(range_: str) -> bool:
    return bool(_EXACT.fullmatch(range_))


def is_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and bool(_NAME.fullmatch(name))


def clean_range(range_: str) -> str:
    """`v1.2.3` and `=1.2.3` are 1.2.3; nothing is the latest."""
    range_ = range_.strip()
    bare = range_.lstrip("v=")
    return (bare if bare[:1].isdigit() else range_) or "latest"


def split_package(text: str) -> tuple[str, str, str] | None:
    """`@scope/name@range/path` as (name, range, path)."""
    parts = text.split("/")
    length = 2 if text.startswith("@") else 1
    if len(parts) < length:
        return None
    head, path = "/".join(parts[:length]), "/".join(parts[length:])
    at = head.find("@", 1)
    name, range_ = (head, "") if at < 0 else (head[:at], head[at + 1 :])
    return (name, range_, path) if name else None
