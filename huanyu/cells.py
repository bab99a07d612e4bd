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
from collections.abc import Sequence
from itertools import zip_longest
from math import ceil
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
_THIN: Final = "".join(
    f'<{side} style="thin"><color rgb="FFA6A6A6"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_TOP: Final = '<alignment vertical="top" wrapText="1"/>'
_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EFEC"/></patternFill></fill></fills>'
    f'<borders count="2"><border/><border>{_THIN}</border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    f'<xf borderId="1" applyBorder="1">{_TOP}</xf>'
    '<xf fontId="1" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    f'<xf quotePrefix="1" borderId="1" applyBorder="1">{_TOP}</xf>'
    '<xf quotePrefix="1"/></cellXfs></styleSheet>'
)
_HEADING: Final = 1
_QUOTED: Final = 2
_NOTE: Final = 3  #: the only cell of its line, below a table: it runs on over the next ones
_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # the same sheets are the same bytes, whenever they are made
_LINE: Final = 15  #: points
_HIGHEST: Final = 27  #: lines of a row, of which a spreadsheet shows no more
_NARROW, _WIDE = 6, 42  #: characters of a column
_REMARK: Final = 20  #: characters
_SEEN: Final = 500  #: lines that tell how wide a column is
#: A4 across, all columns on one page, the heading on each, pages numbered.
_PAGE: Final = (
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C第&amp;P页，共&amp;N页</oddFooter></headerFooter>"
)


def workbook(sheets: Mapping[str, Iterable[Iterable[Cell]]]) -> bytes:
    """The sheets, by name, as an XLSX file; a text is kept as text, and one that looks like a formula is marked as such.

    The first line of each sheet is its heading: it stays in sight and is printed on every page.
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
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{named}</sheets>'
        f"<definedNames>{_titles(sheets)}</definedNames></workbook>",
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


def _titles(names: Iterable[str]) -> str:
    """The lines that are printed on every page of each sheet."""
    quoted = (escape(name.replace("'", "''")) for name in names)
    return "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">\'{name}\'!$1:$1</definedName>'
        for place, name in enumerate(quoted)
    )


def _worksheet(lines: Iterable[Iterable[Cell]]) -> str:
    table = [[safe(value) for value in line] for line in lines]
    widths = _widths(table)
    rows = "".join(_row(line, widths, heading=place == 0) for place, line in enumerate(table))
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:.1f}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" state="frozen"/>'
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{_LINE}"/>{columns and f"<cols>{columns}</cols>"}'
        f"<sheetData>{rows}</sheetData>{_PAGE}</worksheet>"
    )


def _row(line: Sequence[Cell], widths: Sequence[float], *, heading: bool) -> str:
    """One line of the table, as high as its longest cell wants it."""
    note = not heading and _is_note(line)
    style = _HEADING if heading else _NOTE if note else 0
    many = max(
        (ceil(_width(value) / (wide - 1)) for value, wide in zip(line, widths, strict=False)), default=1
    )
    high = _LINE * (1 if note else min(_HIGHEST, max(1, many)))
    return f'<row ht="{high}" customHeight="1">{"".join(_cell(value, style) for value in line)}</row>'


def _is_note(line: Sequence[Cell]) -> bool:
    """Whether a line is a remark below the table: one long text and nothing else."""
    said = [value for value in line if value != ""]
    return len(said) == 1 and isinstance(said[0], str) and len(said[0]) > _REMARK


def _widths(table: Sequence[Sequence[Cell]]) -> list[float]:
    """How wide each column is: as its words want it, within bounds."""
    widths: list[float] = []
    for place, line in enumerate(table[:_SEEN]):
        if not place or not _is_note(line):
            wanted = [min(_WIDE, max(_NARROW, _width(value) + 2)) for value in line]
            widths = [max(pair) for pair in zip_longest(widths, wanted, fillvalue=_NARROW)]
    return widths


def _width(value: Cell) -> float:
    """In characters of a spreadsheet: one of Chinese is two of them."""
    return sum(2.0 if unicodedata.east_asian_width(one) in "WFA" else 1.0 for one in str(value))


def _cell(told: Cell, style: int) -> str:
    if not isinstance(told, str):
        return f'<c s="{style}"><v>{told}</v></c>'
    quoted = told.startswith("'") and told[1:2] in FORMULA
    text = told[1:] if quoted else told  # the style says what the apostrophe says in a CSV file
    style = _QUOTED if quoted and style == 0 else style
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
