"""Data as a table."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import islice

from django.utils.translation import gettext as _

from playground.host.rendering.page import Collected, Page, head

MOST_ROWS = 2000
_DEEPEST = 6
_SNIFFED = 4096  # characters by which the delimiter is found


def render_csv(name: str) -> Page:
    return _page(name, _convert_csv)


def render_json(name: str) -> Page:
    return _page(name, _convert_json)


def _page(name: str, convert: Callable[[str], str]) -> Page:
    style = "<style>body { max-width: none }</style>"
    return Page(
        f"{head(name, is_for_reading=True)}{style}</head><body>\n", lambda: Collected(convert), "</body></html>"
    )


def _convert_csv(text: str) -> str:
    """A line that is too odd for the reader ends the table there."""
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:_SNIFFED], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = _readable(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), dialect))
    header = next(rows, [])
    return _table(header, rows)


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return


def _convert_json(text: str) -> str:
    try:
        return _show(json.loads(text), 0)
    except (ValueError, RecursionError):
        return f"<pre>{escape(text)}</pre>"


def _show(value: object, depth: int) -> str:
    if depth < _DEEPEST and isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        columns = list(dict.fromkeys(str(key) for each in islice(value, MOST_ROWS) for key in each))
        rows = ([_show(each[column], depth + 1) if column in each else "" for column in columns] for each in value)
        return _table(columns, rows, is_markup=True)
    if depth < _DEEPEST and isinstance(value, dict) and value:
        rows = ([escape(str(key)), _show(each, depth + 1)] for key, each in value.items())
        return _table([], rows, is_markup=True)
    if isinstance(value, str):
        return escape(value)
    return f"<code>{escape(json.dumps(value, ensure_ascii=False))}</code>"


def _table(header: list[str], rows: Iterable[list[str]], *, is_markup: bool = False) -> str:
    rows = iter(rows)
    lines = ["<table>"]
    if header:
        lines.append(f"<thead><tr>{_cells('th', map(escape, header))}</tr></thead>")
    lines += [f"<tr>{_cells('td', row if is_markup else map(escape, row))}</tr>" for row in islice(rows, MOST_ROWS)]
    lines.append("</table>")
    if next(rows, None) is not None:
        cut = _("Only the first %(count)d rows are shown.") % {"count": MOST_ROWS}
        lines.append(f"<p>{cut}</p>")
    return "\n".join(lines)


def _cells(element: str, cells: Iterable[str]) -> str:
    return "".join(f"<{element}>{cell}</{element}>" for cell in cells)
