"""Exports that are a web page with a table, as many a hotline's system writes under the name .xls.

Row by row; nothing of the page is shown or run, nothing it points to is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from lxml import etree

from crawler.import_columns import Meaning
from crawler.import_table import SEARCHED
from crawler.import_table import Row
from crawler.import_table import Table
from crawler.import_table import header
from crawler.import_table import headings
from crawler.import_table import row_of
from crawler.import_text import encoding
from crawler.markup import text_of
from huanyu.errors import BadInput

NAMES = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "gb18030", "big5"})

Numbered = tuple[int, tuple[str, ...]]


def html_table(path: Path, meaning: Meaning) -> Iterator[Table]:
    """All rows of the page's tables as one, below the header wherever in the first rows that is."""
    rows = enumerate(html_rows(path), start=1)
    first = list(islice(rows, SEARCHED))
    at = header([cells for _, cells in first], meaning)
    if at is None:
        raise BadInput(f"{path.name}: 内容是网页, 里面没有表格, 请在 Excel 中打开后另存为 .xlsx 再导入")
    place = f"第 {at + 1} 行"
    head = headings(first[at][1], f"{path.name} {place}")
    yield Table("", place, head, below(head, first[at + 1 :], rows))


def below(head: tuple[str, ...], first: list[Numbered], rest: Iterator[Numbered]) -> Iterator[Row]:
    for rows in (first, rest):
        for number, cells in rows:
            row = row_of(f"第 {number} 行", cells, head)
            if row is not None:
                yield row


def html_rows(path: Path) -> Iterator[tuple[str, ...]]:
    """The cells of each row; a row that was read is forgotten."""
    with refused(path), path.open("rb") as file:
        found = etree.iterparse(file, events=("end",), tag="tr", html=True, encoding=parser_name(path))
        for _, row in found:
            yield tuple(cell_text(cell) for cell in row if cell.tag in {"td", "th"})
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Turn what no parser of web pages can follow into BadInput."""
    try:
        yield
    except etree.LxmlError as problem:
        raise BadInput(
            f"{path.name}: 内容像网页, 但不完整, 请在 Excel 中打开后另存为 .xlsx 再导入"
        ) from problem


def parser_name(path: Path) -> str:
    """The encoding as libxml2 calls it; GB18030 where it has no name for what was found."""
    name = encoding(path).removesuffix("-sig").replace("utf-16-", "utf-16")
    return name if name in NAMES else "gb18030"


def cell_text(cell: etree._Element) -> str:
    """What a reader sees of a cell; Excel and browsers alike take a no-break blank for nothing."""
    return text_of(cell).replace("\xa0", " ").strip()
