"""Cells of a table that leaves the desk: no spreadsheet takes what somebody wrote for a formula.

Knows text only; what goes into the table is decided where it is made.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

Cell = str | int | float | None

#: Tells a spreadsheet that the file is UTF-8: without it Chinese is unreadable in it.
MARK: Final = "\ufeff"
#: What a spreadsheet begins a formula with, in the widths a keyboard has; it looks past blanks.
FORMULA: Final = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
BREAKS: Final = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")


def safe(value: Cell) -> Cell:
    """The value as a cell: a number stays one, a text is on one line and is no formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    told = "".join(one for one in BREAKS.sub(" ", value) if unicodedata.category(one) not in ("Cc", "Cf"))
    told = told.strip()
    return f"'{told}" if told[:1] in FORMULA and told else told


def sheet(lines: Iterable[Iterable[Cell]]) -> bytes:
    """The lines as a CSV file that a spreadsheet opens rightly."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in line] for line in lines)
    return f"{MARK}{file.getvalue()}".encode()
