"""The bulletin as a Word file with real styles, so that an officer can go on editing it.

Names common Chinese fonts with substitutes and embeds none; the same bulletin gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC

from docx.document import Document as File
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Emu
from docx.shared import Mm
from docx.shared import Pt
from docx.table import _Cell as TableCell
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat

from bulletins import blank
from bulletins import charts
from bulletins import word
from bulletins.charts import Picture
from bulletins.layout import Block
from bulletins.layout import Entry
from bulletins.layout import Sheet
from bulletins.layout import lay_out
from bulletins.tables import Cell
from bulletins.tables import Table
from huanyu.types import Bulletin

TEXT_WIDTH = Mm(156)
WHOLE = 400  # characters: a longer quote may run over the page
SEE = "各数字出处见电子版“数据出处”。"
LABEL = 6  # characters at most before the colon of a line of the imprint
SEVERAL = 4  # rows: the closing table, if longer, may be broken, or all of it would go over with the imprint
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can hold


def render(bulletin: Bulletin) -> bytes:
    """The bulletin as a DOCX file."""
    sheet = lay_out(bulletin)
    file = blank.file()
    _stamp(file, bulletin, sheet)
    _head(file, sheet)
    for place, part in enumerate(sheet.blocks):
        _part(file, part, closing=place == len(sheet.blocks) - 1)
    _foot(file, sheet)
    return fixed(file)


def _stamp(file: File, bulletin: Bulletin, sheet: Sheet) -> None:
    core = file.core_properties
    moment = bulletin.issued_at.astimezone(UTC).replace(tzinfo=None)
    core.created = core.modified = core.last_printed = moment
    core.title = sheet.name
    core.author = core.last_modified_by = sheet.issuer
    core.subject, core.language, core.comments, core.revision = sheet.title, "zh-CN", "", 1


def _head(file: File, sheet: Sheet) -> None:
    _two_ends(file, sheet.mark, sheet.copy_number, word.MARK)
    masthead = blank.line(file, word.MASTHEAD, sheet.masthead)
    if sheet.scale < 1:
        masthead.runs[0].font.size = Pt(int(40 * sheet.scale))
    if sheet.series:
        blank.line(file, word.SERIES, f"（{sheet.series}）")
    blank.line(file, word.CENTRED, sheet.issue)
    office = _two_ends(file, sheet.office, sheet.date, word.FLUSH)
    word.rule_below(office, eighths=16, colour=word.RED_HEX)
    blank.line(file, "Title", sheet.title)
    if sheet.note:
        blank.line(file, word.NOTE, sheet.note)
    if sheet.contents:
        _contents(file, sheet.contents)


def _contents(file: File, titles: tuple[str, ...]) -> None:
    head = blank.line(file, word.CONTENTS, "本期要目")
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    lines = [head, *(blank.line(file, word.CONTENTS, f"▲ {title}") for title in titles)]
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True
    word.rule_above(head, eighths=4)
    word.rule_below(lines[-1], eighths=4)


def _two_ends(file: File, left: str, right: str, style: str) -> Paragraph:
    line = blank.line(file, style, f"{left}\t{right}" if right else left)
    line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    return line


def _part(file: File, part: Block, closing: bool) -> None:
    blank.line(file, "Heading 1", part.heading)
    leads = [blank.line(file, "Body Text", text) for text in part.paragraphs]
    if part.leads:
        leads[-1].paragraph_format.keep_with_next = True
    if part.picture:
        _picture(file, part.picture)
    for entry in part.entries:
        _entry(file, entry)
    if part.table:
        _table(file, part.table, closing)


def _picture(file: File, picture: Picture) -> None:
    frame = blank.line(file, "Caption")
    frame.paragraph_format.keep_with_next = True
    frame.paragraph_format.line_spacing = 1.0  # an exact pitch would cut the picture
    frame.alignment = WD_ALIGN_PARAGRAPH.LEFT
    shape = frame.add_run().add_picture(io.BytesIO(charts.png(picture)), width=TEXT_WIDTH)
    word.describe(shape, picture.caption)
    blank.line(file, "Caption", picture.caption)


def _entry(file: File, entry: Entry) -> None:
    heading = blank.line(file, "Heading 2", f"{entry.number} {entry.title}")
    if entry.urgent:
        heading.add_run("【紧急】").font.color.rgb = word.RED
    blank.line(file, word.FACTS, entry.facts)
    if entry.quote:
        quote = blank.line(file, "Quote", f"“{entry.quote}”")
        quote.paragraph_format.keep_with_next = len(entry.quote) < WHOLE
        word.rule_on_left(quote)
    blank.line(file, word.STANDING, f"办理：{entry.standing}")
    if entry.link.text:
        _linked(blank.line(file, word.FACTS, "原文："), entry.link).keep_with_next = False


def _linked(paragraph: Paragraph, cell: Cell) -> ParagraphFormat:
    shape: ParagraphFormat = paragraph.paragraph_format
    if cell.href:
        word.add_link(paragraph, cell.text, cell.href)
    else:
        paragraph.add_run(cell.text)
    return shape


def _table(file: File, table: Table, closing: bool) -> None:
    """One table; the last rows of the closing one stay with the imprint, which never has a page to itself."""
    small = table.size < 12
    grid = blank.table(file, 1, len(table.head), word.RULED)
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for place, column in enumerate(grid.columns):
        column.width = _share(table, place)
    head = tuple(Cell(name) for name in table.head)
    _fill(grid.rows[0].cells, head, table, word.SMALL_HEAD if small else word.TABLE_HEAD, keep=True)
    word.repeat_as_header(grid.rows[0])
    bound = _bound(table, closing)
    for place, row in enumerate(table.rows):
        added = grid.add_row()  # type: ignore[no-untyped-call]
        if not table.tall:
            word.keep_whole(added)
        keep = place in bound
        _fill(added.cells, row, table, word.SMALL_TEXT if small else word.TABLE_TEXT, keep)
    blank.line(file, word.GAP)


def _bound(table: Table, closing: bool) -> set[int]:
    """The rows that stay with what follows them."""
    last = len(table.rows) - 1
    whole = table.whole and not (closing and last >= SEVERAL)
    bound = set(range(last)) if whole else {0, last - 1}
    return bound | {last} if closing else bound


def _fill(cells: tuple[TableCell, ...], row: tuple[Cell, ...], table: Table, style: str, keep: bool) -> None:
    """Write one row; `keep` binds it to the next one."""
    for place, (cell, content) in enumerate(zip(cells, row, strict=True)):
        cell.width, cell.vertical_alignment = _share(table, place), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = blank.dress(cell.paragraphs[0], style)
        _linked(paragraph, content).keep_with_next = keep or None
        if table.numeric[place]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _share(table: Table, place: int) -> Emu:
    """The width of one column."""
    return Emu(TEXT_WIDTH * table.widths[place] // sum(table.widths))


def _foot(file: File, sheet: Sheet) -> None:
    file.paragraphs[-1].paragraph_format.keep_with_next = True  # the imprint never has a page to itself
    if sheet.signatory:
        signed = blank.line(file, word.FLUSH, sheet.signatory)
        signed.alignment, signed.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, True
        signed.paragraph_format.space_after = Pt(8)
    _imprint(file, sheet)


def _imprint(file: File, sheet: Sheet) -> None:
    """版记: one cell a line, firm rules around all, a finer one over the issuer."""
    lines = [*sheet.imprint, f"{sheet.issuer}\t{sheet.issued}"]
    audit = f"审计链首 {sheet.audit}　{SEE}" if sheet.audit else ""
    below = [pair for pair in ((sheet.copies, word.COPIES), (audit, word.SMALLEST)) if pair[0]]
    grid = file.add_table(rows=0, cols=1)
    grid.autofit = False
    for place, (text, style) in enumerate([*((line, word.IMPRINT) for line in lines), *below]):
        cell = grid.add_row().cells[0]
        cell.width = TEXT_WIDTH
        line = blank.dress(cell.paragraphs[0], style)
        line.text = text
        if style == word.IMPRINT:
            word.hang(line, text.find("：", 0, LABEL) + 1)
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - Pt(28), WD_TAB_ALIGNMENT.RIGHT)
        if place < len(lines):
            word.rule_cell(cell, *_rules(place, len(lines)))
    word.stand_at_bottom(grid)
    blank.line(file, word.GAP)  # what the standing table is anchored to


def _rules(place: int, lines: int) -> tuple[int, int]:
    """Thickness of the lines above and below, in eighths of a point: 0.35 mm outside, 0.25 mm within."""
    last = place == lines - 1
    return (8 if place == 0 else 6 if last else 0, 8 if last else 0)


def fixed(file: File) -> bytes:
    """The file with every zip entry dated alike and in one order."""
    loose, firm = io.BytesIO(), io.BytesIO()
    file.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(firm, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(info, source.read(entry))
    return firm.getvalue()
