"""Workbooks as other systems write them, byte by byte: XLSX and the old XLS."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import time
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TIES = "application/vnd.openxmlformats-package.relationships+xml"
ZERO = datetime(1899, 12, 30)
DAY, MOMENT, CLOCK = 1, 2, 3  # styles: m/d/yyyy, m/d/yyyy h:mm, h:mm

Value = str | int | float | date | time | None
Rows = Sequence[Sequence[Value]]


def xlsx(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = (), shared: bool = True) -> Path:
    """Write a workbook; texts are shared as Excel does it, or stand in their cells."""
    texts: dict[str, int] | None = {} if shared else None
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", sheet_xml(rows, texts))
        if texts is not None:
            items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{items}</sst>')
        for name, text in frame(list(sheets), hidden, shared).items():
            archive.writestr(name, text)
    return path


def frame(names: Sequence[str], hidden: Sequence[str], shared: bool) -> dict[str, str]:
    """What stands around the sheets of every workbook."""
    told = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="s{at}" state="{"hidden" if name in hidden else "visible"}"/>'
        for at, name in enumerate(names, start=1)
    )
    ties = "".join(
        f'<Relationship Id="s{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    ties += f'<Relationship Id="t1" Type="{OFFICE}/styles" Target="styles.xml"/>'
    if shared:
        ties += f'<Relationship Id="t2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    styles = "".join(f'<xf numFmtId="{format}"/>' for format in (0, 14, 22, 20))
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="{TIES}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{told}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{ties}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="4">{styles}</cellXfs></styleSheet>',
    }


def sheet_xml(rows: Rows, texts: dict[str, int] | None) -> str:
    told = "".join(
        f'<row r="{number}">{"".join(cell(value, f"{letter(at)}{number}", texts) for at, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{told}</sheetData></worksheet>'


def cell(value: Value, place: str, texts: dict[str, int] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if texts is None:
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
    if isinstance(value, datetime):
        return f'<c r="{place}" s="{MOMENT}"><v>{(value - ZERO).total_seconds() / 86400!r}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{DAY}"><v>{(value - ZERO.date()).days}</v></c>'
    if isinstance(value, time):
        return f'<c r="{place}" s="{CLOCK}"><v>{(value.hour * 60 + value.minute) / 1440!r}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def letter(at: int) -> str:
    """The letter of a column among the first 26."""
    return chr(65 + at)


def xls(path: Path, name: str, rows: Rows) -> Path:
    """Write one sheet of texts and numbers as BIFF8 inside a compound file, as Excel 97 to 2003 did."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6))
    end = record(0x0A, b"")
    before = begin + record(0x42, struct.pack("<H", 1200))
    told = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    bound = record(0x85, struct.pack("<IBB", len(before) + 4 + 6 + len(told) + len(end), 0, 0) + told)
    cells = b"".join(
        label(number, at, value)
        for number, row in enumerate(rows)
        for at, value in enumerate(row)
        if value is not None
    )
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6)) + cells + end
    path.write_bytes(compound(before + bound + end + sheet))
    return path


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def label(row: int, column: int, value: Value) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return record(0x203, where + struct.pack("<d", value))
    text = str(value)
    return record(0x204, where + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def compound(stream: bytes) -> bytes:
    """A compound file with the one stream Workbook; long enough for ordinary sectors."""
    body = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(body) // 512
    free, last, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [*range(1, sectors), last]
    fat = [*chain, last, fat_mark]  # the stream, the directory, the table itself
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    directory = (
        entry("Root Entry", 5, 1, last, 0)
        + entry("Workbook", 2, free, 0, len(body))
        + entry("", 0, free, 0, 0) * 2
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, last, 0, last, 0)
    head += struct.pack("<I", sectors + 1) + b"\xff" * 432
    return head + body + directory + table


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    coded = (name + "\0").encode("utf-16-le") if name else b""
    free = 0xFFFFFFFF
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(coded), kind, 1, free, free, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
