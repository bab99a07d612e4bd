"""A wide table on its side: the same words in Word and PDF, its head on every page, no row cut that fits a page."""

from __future__ import annotations

import io
from datetime import datetime

import pypdfium2
from docx import Document

from bulletins import render_wide_docx
from bulletins import render_wide_pdf
from bulletins.wide import ACROSS
from bulletins.wide import Column
from bulletins.wide import WideTable
from huanyu.clock import SHANGHAI

AT = datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)
COLUMNS = (Column("序号", 17, centred=True), Column("受理编号", 40), Column("情况", 200))
ROWS = tuple(
    (str(at), f"X3LC20260304{at:03d}", "经查，群众反映属实，已责令整改。" * 12) for at in range(1, 13)
)
SHEET = WideTable(
    title="公开情况一览表",
    subtitle="第一批",
    issuer="聊城市生态环境局",
    columns=COLUMNS,
    rows=ROWS,
    notes=("注：实为12件。",),
)


def test_the_pdf_lies_on_its_side_and_repeats_its_head() -> None:
    body = render_wide_pdf.render(SHEET, AT)
    assert body == render_wide_pdf.render(SHEET, AT)
    pages = list(pypdfium2.PdfDocument(body))
    assert len(pages) > 1
    assert all(page.get_width() > page.get_height() for page in pages)
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert all("受理编号" in text for text in texts)
    assert sum(text.count("X3LC20260304") for text in texts) == len(ROWS)
    assert "实为12件" in texts[-1]


def test_the_word_file_has_the_same_rows() -> None:
    body = render_wide_docx.render(SHEET, AT)
    assert body == render_wide_docx.render(SHEET, AT)
    file = Document(io.BytesIO(body))
    (grid,) = file.tables
    assert [tuple(cell.text for cell in row.cells) for row in grid.rows[1:]] == list(ROWS)
    assert sum(one.width for one in COLUMNS) == ACROSS
    assert file.sections[0].page_width > file.sections[0].page_height


def test_only_a_row_too_high_for_a_page_may_be_cut() -> None:
    narrow = WideTable(
        title="表", subtitle="", issuer="", columns=(Column("情况", 40),), rows=(("短",), ("长" * 900,))
    )
    assert narrow.breaks() == (False, True)
