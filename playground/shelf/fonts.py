"""Stylesheets as Google Fonts would answer, made from the Fontsource packages."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

from playground.artifacts.addresses import shelf_url
from playground.shelf.archives import read_package_file
from playground.shelf.cdn.googlefonts import Family, Request
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Package
from playground.shelf.services import find_package

_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_NAME = re.compile(r"font-family:\s*[^;}]+")
_DISPLAY = re.compile(r"font-display:\s*[^;}]+")
_FILE = re.compile(r"url\(\s*[\"']?\.?/?([^)\"']+)[\"']?\s*\)")
_SECOND_FORMAT = re.compile(r",\s*url\([^)]+\.woff\)\s*format\([\"']woff[\"']\)")
_WEIGHTS = range(100, 1000, 100)
# Icon fonts: what Google calls them, the package, its stylesheet.
_ICONS = {
    "material icons": ("material-icons", "iconfont/material-icons.css"),
    "material icons outlined": ("material-icons", "iconfont/material-icons.css"),
    "material icons round": ("material-icons", "iconfont/material-icons.css"),
    "material icons sharp": ("material-icons", "iconfont/material-icons.css"),
    "material icons two tone": ("material-icons", "iconfont/material-icons.css"),
    "material symbols outlined": ("material-symbols", "outlined.css"),
    "material symbols rounded": ("material-symbols", "rounded.css"),
    "material symbols sharp": ("material-symbols", "sharp.css"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    css: str
    missing: list[str]  # families that are not to be had


async def make_sheet(request: Request) -> Sheet:
    """All families that can be had. A page without one of its fonts is still a page."""
    sheets = await asyncio.gather(*(_family_sheet(family, request.display) for family in request.families))
    pairs = list(zip(request.families, sheets, strict=True))
    missing = [family.name for family, css in pairs if not css]
    return Sheet("\n".join(css for _, css in pairs if css) + "\n", missing)


async def _family_sheet(family: Family, display: str) -> str:
    if icons := _ICONS.get(family.name.lower()):
        return await _icon_sheet(*icons)
    wants_variable = any(lightest < heaviest for _, lightest, heaviest in family.styles)
    kinds = ("fontsource-variable", "fontsource") if wants_variable else ("fontsource", "fontsource-variable")
    for kind in kinds:
        try:
            package = await find_package(f"@{kind}/{family.slug}", "latest")
        except ShelfFailure:
            continue
        faces = await asyncio.to_thread(_faces, package, family, display)
        if faces:
            return faces
    return ""


async def _icon_sheet(name: str, path: str) -> str:
    try:
        package = await find_package(name, "latest")
        css = (await asyncio.to_thread(read_package_file, package, path)).decode()
    except (ShelfFailure, KeyError):
        return ""
    return _with_addresses(package, path, css)


def _faces(package: Package, family: Family, display: str) -> str:
    files = set(package.files)
    paths = dict.fromkeys(path for style in sorted(family.styles) for path in _sheet_paths(*style) if path in files)
    return "\n".join(face for path in paths for face in _read_faces(package, path, family.name, display))


def _sheet_paths(is_italic: bool, lightest: int, heaviest: int) -> Iterator[str]:
    """Of the static package one sheet for each weight, of the variable one a sheet for all."""
    end = "-italic" if is_italic else ""
    yield f"wght{end}.css"
    for weight in _WEIGHTS:
        if lightest <= weight <= heaviest:
            yield f"{weight}{end}.css"


def _read_faces(package: Package, path: str, family: str, display: str) -> Iterator[str]:
    css = read_package_file(package, path).decode()
    for face in _FACE.findall(css):
        named = _NAME.sub(f"font-family: '{family}'".replace("\\", ""), face, count=1)
        shown = _DISPLAY.sub(f"font-display: {display}", named)
        yield _with_addresses(package, path, _SECOND_FORMAT.sub("", shown))


def _with_addresses(package: Package, path: str, css: str) -> str:
    """Files beside the sheet get their whole address, as the sheet is served elsewhere."""
    folder = path.rpartition("/")[0]
    base = f"{shelf_url()}/npm/{package.name}@{package.version}/{folder + '/' if folder else ''}"
    return _FILE.sub(lambda found: found[0] if ":" in found[1] else f"url({base}{found[1]})", css)
