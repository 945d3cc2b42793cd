"""Which files of a package a page can use. Pure."""

import re

_LEFT_OUT = re.compile(
    r"\.(?:map|flow|tsbuildinfo|coffee|md|markdown|txt|yml|yaml|lock|log|test\.js|spec\.js)$"
    r"|\.d\.[mc]?ts$|\.tsx?$|\.[mc]ts$"
    r"|(?:^|/)(?:__tests__|__mocks__|test|tests|spec|docs?|coverage|benchmarks?|\.[^/]+|node_modules)/"
    r"|(?:^|/)\.[^/]+$",
    re.IGNORECASE,
)
_LICENSE = re.compile(r"(?:^|/)(?:licen[cs]e|notice)[^/]*$", re.IGNORECASE)
_PACKED = re.compile(r"\.(?:woff2?|png|jpe?g|gif|webp|avif|mp[34]|ogg|webm|zip|gz|br|whl|glb|ktx2)$", re.IGNORECASE)
_FONT_DUPLICATE = re.compile(r"(?:^|/)files/[^/]+\.woff$")  # Fontsource has every font as woff2, too


def is_kept(path: str) -> bool:
    """Neither sources, nor tests, nor documentation. Licences stay with the code."""
    if _LICENSE.search(path):
        return True
    return not _LEFT_OUT.search(path) and not _FONT_DUPLICATE.search(path)


def is_packed(path: str) -> bool:
    """Whether compressing it again is no use."""
    return bool(_PACKED.search(path))
