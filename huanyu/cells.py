"""Cells of a table that leaves the desk: no spreadsheet takes what somebody wrote for a formula.

Knows text only; what goes into the table is decided where it is made.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

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


#: An XLSX workbook's own parts; {…} is filled. Style 1 is a heading, 2 a text that looks like a formula (quotePrefix).
_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    "{sheets}</Types>"
)
_SHEET_TYPE: Final = (
    '<Override PartName="/xl/worksheets/sheet{number}.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{all}</Relationships>'
_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf><alignment vertical="top" wrapText="1"/></xf><xf fontId="1" applyFont="1"/>'
    '<xf quotePrefix="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>'
)
_HEADING: Final = 1
_QUOTED: Final = 2
_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # the same sheets are the same bytes, whenever they are made
_WIDTH: Final = 18


def workbook(sheets: Mapping[str, Iterable[Iterable[Cell]]]) -> bytes:
    """The sheets, by name, as an XLSX file; a text is kept as text, and one that looks like a formula is marked as such.

    The first line of each sheet is its heading and stays in sight.
    """
    numbers = range(1, len(sheets) + 1)
    named = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    parts = {
        "[Content_Types].xml": _TYPES.format(
            sheets="".join(_SHEET_TYPE.format(number=number) for number in numbers)
        ),
        "_rels/.rels": _RELATIONS.format(all=_relation(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(
            all="".join(_relation(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
            + _relation(len(sheets) + 1, "styles", "styles.xml")
        ),
        "xl/styles.xml": _STYLES,
    }
    for number, lines in zip(numbers, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = _worksheet(lines)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            made.writestr(zipfile.ZipInfo(name, _STAMP), head + body, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'


def _worksheet(lines: Iterable[Iterable[Cell]]) -> str:
    rows = []
    for place, line in enumerate(lines):
        cells = "".join(_cell(value, heading=place == 0) for value in line)
        rows.append(f"<row>{cells}</row>")
    pane = '<pane ySplit="1" topLeftCell="A2" state="frozen"/>'
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultColWidth="{_WIDTH}" defaultRowHeight="15"/>'
        f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _cell(value: Cell, heading: bool) -> str:
    told = safe(value)
    if not isinstance(told, str):
        return f"<c><v>{told}</v></c>"
    quoted = isinstance(value, str) and told.startswith("'") and told[1:2] in FORMULA
    text = told[1:] if quoted else told  # the style says what the apostrophe says in a CSV file
    style = _HEADING if heading else _QUOTED if quoted else 0
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
