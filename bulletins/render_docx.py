"""The bulletin as a Word file with real styles, so that an officer can go on editing it.

Names common Chinese fonts with substitutes and embeds none; the same bulletin gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC

from docx import Document
from docx.document import Document as File
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Emu
from docx.shared import Mm
from docx.shared import Pt
from docx.table import _Cell as TableCell
from docx.text.paragraph import Paragraph

from bulletins import charts
from bulletins import word
from bulletins.layout import Block
from bulletins.layout import Cell
from bulletins.layout import Entry
from bulletins.layout import Sheet
from bulletins.layout import Table
from bulletins.layout import lay_out
from huanyu.types import Bulletin

TEXT_WIDTH = Mm(156)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can hold


def render(bulletin: Bulletin) -> bytes:
    """The bulletin as a DOCX file."""
    sheet = lay_out(bulletin)
    file = Document()
    word.set_page(file)
    word.define_styles(file)
    word.number_pages(file)
    _stamp(file, bulletin, sheet)
    _head(file, sheet)
    for part in sheet.blocks:
        _part(file, part, charts.png(bulletin, part.chart) if part.chart else b"")
    _foot(file, sheet)
    return _fixed(file)


def _stamp(file: File, bulletin: Bulletin, sheet: Sheet) -> None:
    core = file.core_properties
    moment = bulletin.issued_at.astimezone(UTC).replace(tzinfo=None)
    core.created = core.modified = core.last_printed = moment
    core.title = f"{sheet.series} {sheet.issue}"
    core.author = core.last_modified_by = sheet.issuer
    core.subject, core.language, core.comments, core.revision = sheet.title, "zh-CN", "", 1


def _head(file: File, sheet: Sheet) -> None:
    file.add_paragraph(sheet.mark, style=word.MARK)
    file.add_paragraph(sheet.masthead, style=word.MASTHEAD)
    file.add_paragraph(f"（{sheet.series}）", style=word.SERIES)
    file.add_paragraph(sheet.issue, style=word.CENTRED)
    office = _two_ends(file, sheet.office, sheet.date)
    word.rule_below(office, eighths=18, colour=word.RED_HEX)
    file.add_paragraph(sheet.title, style="Title")
    if sheet.note:
        file.add_paragraph(sheet.note, style=word.NOTE)


def _two_ends(file: File, left: str, right: str) -> Paragraph:
    line = file.add_paragraph(f"{left}\t{right}", style=word.FLUSH)
    line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    return line


def _part(file: File, part: Block, picture: bytes) -> None:
    file.add_paragraph(part.heading, style="Heading 1")
    for text in part.paragraphs:
        lead = file.add_paragraph(text, style="Body Text")
        lead.paragraph_format.keep_with_next = bool(part.entries or part.table)
    if picture:
        frame = file.add_paragraph(style=word.CENTRED)
        frame.paragraph_format.keep_with_next = True
        shape = frame.add_run().add_picture(io.BytesIO(picture), width=TEXT_WIDTH)
        word.describe(shape, part.caption)
        file.add_paragraph(part.caption, style="Caption")
    for entry in part.entries:
        _entry(file, entry)
    if part.table:
        _table(file, part.table)


def _entry(file: File, entry: Entry) -> None:
    heading = file.add_paragraph(f"{entry.number} {entry.title}", style="Heading 2")
    if entry.urgent:
        heading.add_run("【紧急】").font.color.rgb = word.RED
    file.add_paragraph(entry.facts, style=word.FACTS).paragraph_format.keep_with_next = True
    if entry.quote:
        file.add_paragraph(f"“{entry.quote}”", style="Quote")
    file.add_paragraph(f"办理：{entry.standing}", style=word.SMALL)
    if entry.link.text:
        _linked(file.add_paragraph("原文：", style=word.FACTS), entry.link)


def _linked(paragraph: Paragraph, cell: Cell) -> None:
    if cell.href:
        word.add_link(paragraph, cell.text, cell.href)
    else:
        paragraph.add_run(cell.text)


def _table(file: File, table: Table) -> None:
    grid = file.add_table(rows=1, cols=len(table.head), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for place, column in enumerate(grid.columns):
        column.width = _share(table, place)
    _fill(grid.rows[0].cells, tuple(Cell(name) for name in table.head), table, word.TABLE_HEAD)
    word.repeat_as_header(grid.rows[0])
    for row in table.rows:
        added = grid.add_row()
        word.keep_whole(added)
        _fill(added.cells, row, table, word.TABLE_TEXT)
    word.rule_only_across(grid)
    file.add_paragraph(style=word.GAP)


def _fill(cells: tuple[TableCell, ...], row: tuple[Cell, ...], table: Table, style: str) -> None:
    for place, (cell, content) in enumerate(zip(cells, row, strict=True)):
        cell.width = _share(table, place)
        paragraph = cell.paragraphs[0]
        paragraph.style = style
        _linked(paragraph, content)
        if table.numeric[place]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _share(table: Table, place: int) -> Emu:
    """The width of one column."""
    return Emu(TEXT_WIDTH * table.widths[place] // sum(table.widths))


def _foot(file: File, sheet: Sheet) -> None:
    if sheet.signatory:
        file.add_paragraph(sheet.signatory, style=word.FLUSH).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    lines = [file.add_paragraph(text, style=word.IMPRINT) for text in sheet.imprint]
    last = _two_ends(file, sheet.issuer, sheet.issued)
    last.style = word.IMPRINT
    word.rule_above(lines[0] if lines else last, eighths=8)
    if lines:
        word.rule_above(last, eighths=6)
    word.rule_below(last, eighths=8)
    if sheet.audit:
        note = file.add_paragraph(f"审计链首 {sheet.audit}　各数字出处见电子版“数据出处”。", style=word.FACTS)
        note.runs[0].font.size = Pt(8)


def _fixed(file: File) -> bytes:
    """The file with every zip entry dated alike and in one order."""
    loose, firm = io.BytesIO(), io.BytesIO()
    file.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(firm, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(info, source.read(entry))
    return firm.getvalue()
