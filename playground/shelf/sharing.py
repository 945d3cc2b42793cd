"""Which files of a package have to be modules of their own, so that none of them is in a page twice. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

MOST = 120  # with more, esbuild's own splitting is better than so many requests


def split_files(inputs: Mapping[str, Any], entries: Collection[str]) -> set[str] | None:
    """`entries`, and what would otherwise be a part of several of them. None where that is too much, or where it is
    CommonJS, whose modules may need each other in circles: then esbuild has to split what they share.

    `inputs` are those of esbuild's metafile. A file that two modules would contain becomes a third that both import.
    """
    roots = {entry for entry in entries if entry in inputs}
    while True:
        holders: dict[str, int] = {}
        for root in roots:
            for file in _contents(inputs, root, roots):
                holders[file] = holders.get(file, 0) + 1
        shared = {file for file, count in holders.items() if count > 1}
        if not shared:
            return roots
        if any(inputs[file].get("format") != "esm" for file in shared):
            return None
        # Those that a single module imports into: what only they contain goes with them.
        roots |= {file for file in shared if _is_reached_from_outside(inputs, file, shared)} or shared
        if len(roots) - len(entries) > MOST:
            return None


def _contents(inputs: Mapping[str, Any], root: str, roots: Collection[str]) -> set[str]:
    """What would be bundled into the module of `root`: all it imports, up to other modules."""
    found: set[str] = set()
    queue = [root]
    while queue:
        for item in inputs[queue.pop()]["imports"]:
            path = item["path"]
            if not item.get("external") and path in inputs and path not in roots and path not in found:
                found.add(path)
                queue.append(path)
    return found


def _is_reached_from_outside(inputs: Mapping[str, Any], file: str, shared: Collection[str]) -> bool:
    importers = (path for path, details in inputs.items() if any(item["path"] == file for item in details["imports"]))
    return any(importer not in shared for importer in importers)
