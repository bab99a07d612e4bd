"""An official paper as a Word file with real styles, from the same sheet as the PDF; the same sheet gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime

from docx.document import Document as File
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm
from docx.shared import Pt
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph

from bulletins import blank
from bulletins import titles
from bulletins import word
from bulletins.official import Annex
from bulletins.official import Line
from bulletins.official import OfficialSheet
from bulletins.render_docx import TEXT_WIDTH
from bulletins.render_docx import fixed

RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
LABEL, VALUE = Mm(27), Mm(51)
LARGEST = 34  # points of the issuer's name


def render(sheet: OfficialSheet, at: datetime) -> bytes:
    """The paper as a DOCX file dated `at`."""
    file = blank.file()
    _stamp(file, sheet, at)
    if sheet.mark:
        _mark(file, sheet.mark)
    if sheet.banner:
        _small(blank.line(file, word.SMALLEST, f"【{sheet.banner}】"))
    if sheet.layout == "letter":
        _letter(file, sheet)
    else:
        _slip(file, sheet)
    return fixed(file)


def _stamp(file: File, sheet: OfficialSheet, at: datetime) -> None:
    core = file.core_properties
    core.created = core.modified = core.last_printed = at.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.last_modified_by = sheet.title, sheet.issuer, sheet.issuer
    core.subject, core.language, core.comments, core.revision = sheet.name, "zh-CN", "", 1


def _mark(file: File, mark: str) -> None:
    """Whose copy it is, in the head of every page."""
    for section in file.sections:
        for head in (section.header, section.first_page_header, section.even_page_header):
            line = head.paragraphs[0] if head.paragraphs else head.add_paragraph()
            line.text = mark
            line.alignment = CENTRE
            line.runs[0].font.size = Pt(10.5)


def _small(line: WordParagraph) -> None:
    line.alignment = RIGHT
    line.runs[0].font.size = Pt(10.5)
    line.paragraph_format.line_spacing = Pt(16)


def _letter(file: File, sheet: OfficialSheet) -> None:
    _letterhead(file, sheet)
    if sheet.addressee:
        blank.line(file, "Normal", f"{sheet.addressee}：")
    for place, one in enumerate(sheet.paragraphs):
        line = blank.line(file, "Heading 1" if one.level == 1 else "Body Text", one.text)
        last = place == len(sheet.paragraphs) - 1  # it stays with the signature
        line.paragraph_format.keep_with_next = last or one.level == 1
    many = len(sheet.enclosures) > 1
    for number, name in enumerate(sheet.enclosures, start=1):
        head = "附件：" if number == 1 else "　　　"
        line = blank.line(file, "Normal", f"{head}{f'{number}. ' if many else ''}{name}")
        line.paragraph_format.left_indent = Pt(32)
        line.paragraph_format.space_before = Pt(14 if number == 1 else 0)
    _signature(file, sheet)
    for number, annex in enumerate(sheet.annexes, start=1):
        _annex(file, annex, str(number) if len(sheet.annexes) > 1 else "")
    _imprint(file, sheet)


def _letterhead(file: File, sheet: OfficialSheet) -> None:
    masthead = blank.line(file, word.MASTHEAD, sheet.issuer)
    size = min(LARGEST, int(Mm(138).pt / len(sheet.issuer)))
    masthead.runs[0].font.size = Pt(size)
    masthead.paragraph_format.line_spacing = Pt(size + 10)
    word.rule_below(masthead, eighths=18, colour=word.RED_HEX)
    mark = f"类别标记：{sheet.category}" if sheet.category else ""
    serial = blank.line(file, word.FLUSH, f"{mark}\t{sheet.serial}")
    serial.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    if sheet.signer:
        blank.line(file, "Normal", f"签发人：{sheet.signer}").alignment = RIGHT
    title = blank.line(file, "Title", "\n".join(titles.broken(sheet.title)))
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(22), Pt(16)


def _signature(file: File, sheet: OfficialSheet) -> None:
    for place, name in enumerate(sheet.signatories):
        line = blank.line(file, "Normal", name)
        line.alignment, line.paragraph_format.right_indent = RIGHT, Pt(32)
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.space_before = Pt(0 if place else 29)
    if sheet.date:
        line = blank.line(file, "Normal", sheet.date)
        line.alignment, line.paragraph_format.right_indent = RIGHT, Pt(64)
    if sheet.note:
        blank.line(file, "Normal", sheet.note).paragraph_format.left_indent = Pt(32)


def _imprint(file: File, sheet: OfficialSheet) -> None:
    """抄送 and 印发 between firm rules at the foot of the last page; 抄送 alone has none (GB/T 9704—2012 10.1)."""
    copies = f"抄送：{sheet.copies.rstrip('。')}。" if sheet.copies else ""
    printed = f"{sheet.office}\t{f'{sheet.printed}印发' if sheet.printed else ''}" if sheet.office else ""
    lines = [text for text in (copies, printed) if text]
    if not lines:
        return
    grid = file.add_table(rows=0, cols=1)
    grid.autofit = False
    for place, text in enumerate(lines):
        cell = grid.add_row().cells[0]
        cell.width = TEXT_WIDTH
        line = blank.dress(cell.paragraphs[0], word.IMPRINT)
        line.text = text
        if text == copies:
            word.hang(line, 3)
        line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - Pt(28), WD_TAB_ALIGNMENT.RIGHT)
        if printed:
            word.rule_cell(cell, 8 if place == 0 else 6, 8 if place == len(lines) - 1 else 0)
    word.stand_at_bottom(grid)
    blank.line(file, word.GAP)


def _annex(file: File, annex: Annex, number: str) -> None:
    """附件 on a page of its own: the word at the left edge, the title, the table with its head on every page."""
    blank.line(file, word.FLUSH, f"附件{number}").paragraph_format.page_break_before = True
    title = blank.line(file, "Title", annex.title)
    title.runs[0].font.size = Pt(16)
    title.paragraph_format.line_spacing = Pt(24)
    title.paragraph_format.space_after = Pt(8)
    grid = file.add_table(rows=1, cols=len(annex.head))
    grid.autofit = False
    _row(grid.rows[0].cells, annex.head, annex.widths, head=True)
    word.repeat_as_header(grid.rows[0])
    for row in annex.rows:
        added = grid.add_row()
        _row(added.cells, row, annex.widths, head=False)
        word.keep_whole(added)
    word.box(grid)
    for note in annex.notes:
        line = blank.line(file, word.SMALL_TEXT, note)
        line.paragraph_format.space_before = Pt(4)
    blank.line(file, word.GAP)


def _row(cells: Sequence[Cell], texts: Sequence[str], widths: Sequence[int], head: bool) -> None:
    for cell, text, width in zip(cells, texts, widths, strict=True):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        line = blank.dress(cell.paragraphs[0], word.SMALL_HEAD if head else word.SMALL_TEXT)
        line.add_run(text).font.size = Pt(9)
        line.paragraph_format.line_spacing = Pt(13)
        line.alignment = CENTRE


def _slip(file: File, sheet: OfficialSheet) -> None:
    blank.line(file, word.CENTRED, sheet.issuer)
    blank.line(file, "Title", "\n".join(titles.broken(sheet.title)))
    blank.line(file, "Normal", sheet.serial).alignment = RIGHT
    _grid(file, sheet.lines)
    signed = blank.line(file, word.FLUSH, f"签发人：{sheet.signer}\t{sheet.date}")
    signed.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def _grid(file: File, lines: Sequence[Line]) -> None:
    """Two short fields side by side, a long one alone."""
    grid = file.add_table(rows=0, cols=4)
    grid.autofit = False
    for pair in _pairs(lines):
        row = grid.add_row()
        cells = list(row.cells)
        for cell, width in zip(cells, (LABEL, VALUE, LABEL, VALUE), strict=True):
            cell.width = width
        if len(pair) == 1:
            cells = [cells[0], cells[1].merge(cells[3])]
        for place, one in enumerate(pair):
            _write(cells[2 * place], one.label, head=True)
            _write(cells[2 * place + 1], one.value, head=False)
    word.box(grid)


def _pairs(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    rows: list[tuple[Line, ...]] = []
    half: Line | None = None
    for one in lines:
        if one.wide:
            rows += [(half,)] if half else []
            rows.append((one,))
            half = None
        elif half:
            rows.append((half, one))
            half = None
        else:
            half = one
    return rows + ([(half,)] if half else [])


def _write(cell: Cell, text: str, head: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    first, *others = text.splitlines() or [""]
    style = word.TABLE_HEAD if head else word.TABLE_TEXT
    line = blank.dress(cell.paragraphs[0], style)
    line.add_run(first)
    if head:
        line.alignment = CENTRE
    for other in others:
        blank.dress(cell.add_paragraph(other), style)
