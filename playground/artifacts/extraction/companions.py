"""Style sheets and scripts that a model wrote beside its page, but did not name there.

The extractor's files are the model's own bytes. A version is saved with these files linked in, so that the page works
wherever it is opened.
"""

import re
from collections.abc import Collection, Mapping

from playground.artifacts.extraction.markup import MarkupScanner

_MODULE = re.compile(r"^\s*(?:import\s*[\w{*\"']|export\s)", re.MULTILINE)


def link_companions(files: Mapping[str, str], written: Collection[str]) -> dict[str, str]:
    """The files, with those style sheets and scripts among `written` that nothing names linked into the one page.

    What is linked once is named, so that linking again changes nothing. With several pages nothing is linked.
    """
    pages = [path for path in files if path.endswith((".html", ".htm"))]
    if len(pages) != 1:
        return dict(files)
    page = pages[0]
    folder = page.rpartition("/")[0]
    sheets = [path for path in written if path.endswith(".css") and not _is_named(path, files)]
    scripts = [path for path in written if path.endswith((".js", ".mjs")) and not _is_named(path, files)]
    links = "".join(f'<link rel="stylesheet" href="{_relative(path, folder)}">\n' for path in sheets)
    tags = "".join(_script_tag(path, folder, files[path]) for path in scripts)
    text = _insert(files[page], links, ("head",), "<body")
    return {**files, page: _insert(text, tags, ("body", "html"), "")}


def _is_named(path: str, files: Mapping[str, str]) -> bool:
    """Whether another file mentions it, by its name: a page links it, a script imports it."""
    name = path.rpartition("/")[2]
    mention = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return any(mention.search(text) for other, text in files.items() if other != path)


def _relative(path: str, folder: str) -> str:
    if not folder:
        return path
    if path.startswith(f"{folder}/"):
        return path.removeprefix(f"{folder}/")
    return "../" * (folder.count("/") + 1) + path


def _script_tag(path: str, folder: str, text: str) -> str:
    kind = ' type="module"' if _MODULE.search(text) else ""
    return f'<script{kind} src="{_relative(path, folder)}"></script>\n'


def _insert(page: str, tags: str, roots: tuple[str, ...], before: str) -> str:
    """Put the tags in front of the first of these end tags that the page has as markup, else of `before`, else last."""
    if not tags:
        return page
    for root in roots:
        if (end := _find_end(page, root)) is not None:
            return page[:end] + tags + page[end:]
    start = page.lower().find(before) if before else -1
    if before and start < 0:
        start = 0 if not page.lstrip().lower().startswith("<!doctype") else page.index(">") + 1
    return page[:start] + tags + page[start:] if start >= 0 else f"{page.rstrip()}\n{tags}"


def _find_end(page: str, root: str) -> int | None:
    """Where the element's end tag begins: not one in a script or comment."""
    scanner = MarkupScanner(root)
    end = scanner.feed(page)
    return page.lower().rindex(f"</{root}", 0, end) if scanner.has_ended else None
