"""Exports that are workbooks: XLSX and XLS, every visible sheet that has a header.

A workbook is weighed before it is opened. Knows nothing of what a column means.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError
from python_calamine import CalamineSheet
from python_calamine import CalamineWorkbook
from python_calamine import PasswordError
from python_calamine import SheetTypeEnum
from python_calamine import SheetVisibleEnum

from crawler.import_columns import Meaning
from crawler.import_table import SEARCHED
from crawler.import_table import Row
from crawler.import_table import Table
from crawler.import_table import header
from crawler.import_table import headings
from crawler.import_table import row_of
from crawler.import_weight import weigh
from huanyu.errors import BadInput

Cell = int | float | str | bool | date | time | timedelta

HIGHEST = 200_000  # rows of one sheet
EXACT = 2**53  # beyond, a number has lost its last digits
PANIC = "PanicException"  # of a Rust library; no Exception, and no module to import it from
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ROUNDED = "≈"  # before such a number: it is no longer anybody's id


def sheet_tables(path: Path, meaning: Meaning) -> Iterator[Table]:
    """One table for each visible sheet that has anything like a header."""
    refuse_sealed(path)
    if zipfile.is_zipfile(path):
        weigh(path)
    with unharmed(path), path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
        for meta in book.sheets_metadata:
            if meta.visible is SheetVisibleEnum.Visible and meta.typ is SheetTypeEnum.WorkSheet:
                yield from sheet_table(path, book.get_sheet_by_name(meta.name), meaning)


@contextmanager
def unharmed(path: Path) -> Iterator[None]:
    """Turn whatever a damaged workbook does to the reader into BadInput, its panics too."""
    damaged = f"{path.name}: 不是完整的 Excel 文件, 请在 Excel 中打开后另存为 .xlsx"
    try:
        yield
    except PasswordError as problem:
        raise BadInput(f"{path.name}: 文件加了密码, 请在 Excel 中去掉密码后再导入") from problem
    except CalamineError as problem:
        raise BadInput(damaged) from problem
    except BaseException as problem:
        if type(problem).__name__ != PANIC:
            raise
        raise BadInput(damaged) from problem


def refuse_sealed(path: Path) -> None:
    """Say so where a password is in the way: such a file is an old container around an encrypted new one."""
    if ENCRYPTED in path.read_bytes():
        raise BadInput(f"{path.name}: 文件加了密码, 请在 Excel 中去掉密码后再导入")


def sheet_table(path: Path, sheet: CalamineSheet, meaning: Meaning) -> Iterator[Table]:
    where = f"工作表“{sheet.name}”"
    if sheet.total_height > HIGHEST:
        raise BadInput(f"{path.name} {where}有 {sheet.total_height} 行, 最多 {HIGHEST} 行, 请分成几个文件")
    rows = (tuple(map(shown, cells)) for cells in sheet.iter_rows())
    first = [cells for _, cells in zip(range(SEARCHED), rows, strict=False)]
    at = header(first, meaning)
    if at is None:
        return
    place = f"{where}第 {at + 1} 行"
    head = headings(first[at], f"{path.name} {place}")
    yield Table(sheet.name, place, head, sheet_rows(where, head, at + 1, [*first[at + 1 :]], rows))


def sheet_rows(
    where: str,
    head: Sequence[str],
    above: int,
    first: Sequence[Sequence[str]],
    rest: Iterator[Sequence[str]],
) -> Iterator[Row]:
    number = above
    for rows in (first, rest):
        for cells in rows:
            number += 1
            row = row_of(f"{where}第 {number} 行", cells, head)
            if row is not None:
                yield row


def shown(cell: Cell) -> str:
    """A cell as a person reads it: 45 and not 45.0, a date as a date, a long number with all its digits."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return number(cell)
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.strftime("%Y-%m-%d") if midnight else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value != int(value):
        return repr(value)
    return str(int(value)) if abs(value) < EXACT else f"{ROUNDED}{Decimal(f'{value:.15g}'):f}"
