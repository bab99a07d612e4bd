"""A wide table as a Word file on its side, from the same sheet as the PDF; the same sheet gives the same bytes."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

from docx.document import Document as File
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.shared import Pt
from docx.table import _Row as Row

from bulletins import blank
from bulletins import word
from bulletins.render_docx import fixed
from bulletins.wide import WideTable

SIZE, PITCH = Pt(9), Pt(13)
EDGE = Mm(20)


def render(sheet: WideTable, at: datetime) -> bytes:
    """The table as a DOCX file dated `at`."""
    file = blank.file()
    _turn(file)
    _stamp(file, sheet, at)
    title = blank.line(file, "Title", sheet.title)
    title.runs[0].font.size = Pt(18)
    below = blank.line(file, word.CENTRED, sheet.subtitle)
    below.runs[0].font.size = Pt(12)
    grid = file.add_table(rows=1, cols=len(sheet.columns))
    grid.autofit = False
    for column, told in zip(grid.columns, sheet.columns, strict=True):
        column.width = Mm(told.width)
    _fill(grid.rows[0], tuple(one.name for one in sheet.columns), sheet, head=True)
    word.repeat_as_header(grid.rows[0])
    for row, breaks in zip(sheet.rows, sheet.breaks(), strict=True):
        added = grid.add_row()
        _fill(added, row, sheet, head=False)
        if sheet.row_height:
            added.height, added.height_rule = Mm(sheet.row_height), WD_ROW_HEIGHT_RULE.AT_LEAST
        if not breaks:
            word.keep_whole(added)
    word.box(grid)
    for note in sheet.notes:
        line = blank.line(file, word.SMALL_TEXT, note)
        line.paragraph_format.space_before = Pt(6)
    return fixed(file)


def _turn(file: File) -> None:
    page = file.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = EDGE
    page.footer_distance = Mm(10)


def _stamp(file: File, sheet: WideTable, at: datetime) -> None:
    core = file.core_properties
    core.created = core.modified = core.last_printed = at.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.last_modified_by = sheet.title, sheet.issuer, sheet.issuer
    core.subject, core.language, core.comments, core.revision = sheet.subtitle, "zh-CN", "", 1


def _fill(row: Row, texts: tuple[str, ...], sheet: WideTable, head: bool) -> None:
    style = word.SMALL_HEAD if head else word.SMALL_TEXT
    for cell, text, column in zip(row.cells, texts, sheet.columns, strict=True):
        cell.width = Mm(column.width)
        line = blank.dress(cell.paragraphs[0], style)
        line.add_run(text).font.size = SIZE
        line.paragraph_format.line_spacing = PITCH
        if head or column.centred:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
