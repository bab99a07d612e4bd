"""A list of the bureau's own (grids, enterprises, press work), row by row: which column holds what, by its heading.

What the rows mean is the business of whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.import_columns import Meaning
from crawler.import_columns import squeezed
from crawler.import_files import tables
from crawler.import_table import Row
from huanyu.errors import BadInput

#: What a column holds -> headings that say so, the ones that say it best first.
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRows:
    """The rows of a file that is such a list."""

    rows: tuple[tuple[Row, dict[str, str]], ...]  #: each with its cells by what they hold
    unread: tuple[tuple[str, str], ...]  #: sheets that are no such list, and why


def read(path: Path, columns: Columns, needed: Sequence[str]) -> ListRows:
    """The rows of every sheet that has the `needed` columns; raises BadInput where none has."""
    # "title": none, or lines like 主题：…  时间：… above the list would be taken for its header
    meaning = Meaning({"text": [name for field in needed for name in columns[field]], "title": ()})
    rows: list[tuple[Row, dict[str, str]]] = []
    unread: list[tuple[str, str]] = []
    for table in tables(path, meaning):
        there = headings(table.head, columns)
        if lacking := [columns[field][0] for field in needed if field not in there]:
            unread.append((f"{path.name} {table.place}".rstrip(), f"表头里没有“{'”“'.join(lacking)}”列"))
            continue
        rows += [(row, _cells(row, there)) for row in table.rows]
    if not rows:
        raise BadInput("；".join(f"{where}: {told}" for where, told in unread) or f"{path.name}: 文件是空的")
    return ListRows(rows=tuple(rows), unread=tuple(unread))


def cells(row: Row, columns: Columns) -> dict[str, str]:
    """The cells of one row that was kept, by what they hold."""
    return _cells(row, headings(tuple(row.cells), columns))


def headings(head: Sequence[str], columns: Columns) -> dict[str, str]:
    """What a column holds -> its heading, for those that are there."""
    known = {squeezed(one): one for one in reversed(head)}
    found = {
        field: next(filter(None, map(known.get, map(squeezed, names))), "")
        for field, names in columns.items()
    }
    return {field: heading for field, heading in found.items() if heading}


def _cells(row: Row, there: Mapping[str, str]) -> dict[str, str]:
    return {field: row.cells.get(heading, "") for field, heading in there.items()}
