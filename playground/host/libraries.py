"""Where the rewriter finds libraries: on the shelf, in the versions that a page is pinned to."""

import re
from collections.abc import Mapping

from playground.artifacts.addresses import shelf_url
from playground.host.rewriting import Addresses
from playground.shelf.cdn import URL_START, bare_path, open_range, shelf_path

_URL_START = re.compile(URL_START, re.IGNORECASE)


def addresses(pins: Mapping[str, str]) -> Addresses:
    return Addresses(shelf_url(), shelf_path, bare_path, _URL_START, pins)


class Demand:
    """Takes the place of the shelf while a version is rewritten, to learn which open ranges it asks for."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}  # by their key in the pins

    def addresses(self) -> Addresses:
        return Addresses(shelf_url(), self._shelf_path, self._bare_path, _URL_START)

    def _shelf_path(self, url: str, pins: Mapping[str, str]) -> str | None:
        return self._note(shelf_path(url, pins))

    def _bare_path(self, specifier: str, pins: Mapping[str, str]) -> str | None:
        return self._note(bare_path(specifier, pins))

    def _note(self, path: str | None) -> str | None:
        if path and (key := open_range(path)):
            self.paths.setdefault(key, path)
        return path
