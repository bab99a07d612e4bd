"""The three files of one bulletin: same bytes, same words, nothing executed, nothing missing."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
import sample
from docx import Document
from lxml import html

from bulletins import charts
from bulletins import render_docx
from bulletins import render_html
from bulletins import render_pdf
from bulletins.glyphs import printable
from bulletins.layout import lay_out
from huanyu.types import Section

HOSTILE = {
    "typst code": '#panic("x") $x^2$ #import "@preview/a:0.1.0" ``` *粗* _斜_ @标签 <a> \\u{41}',
    "html": '<script>alert(1)</script><img src=x onerror="alert(1)">&amp;</style>',
    "formula": '=HYPERLINK("http://evil.example","点我") +1+1 @SUM(A1)',
    "template": "{{ 7*7 }} {% for x in y %}",
    "control characters": "烟\x00囱\x07冒\x0b黑\x1b烟\ud800啊\ufffe",
    "emoji": "臭死了😷😷👨‍👩‍👧🇨🇳❤️",
    "rare characters": "堌堽洸郚鄌𠮷家村",
    "one long word": "哈" * 5000,
    "latin without blanks": "A" * 5000,
    "bidi and zero width": "\u202e倒\u200b写\u2066",
}


@pytest.fixture(scope="module")
def usual():
    return sample.bulletin()


def read_pdf(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages)


def read_docx(docx: bytes) -> str:
    file = Document(io.BytesIO(docx))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def read_html(page: bytes) -> str:
    tree = html.document_fromstring(page.decode())
    for style in tree.xpath("//style"):
        style.drop_tree()
    return tree.text_content()


READERS = {"pdf": (render_pdf.render, read_pdf), "docx": (render_docx.render, read_docx),
           "html": (render_html.render, read_html)}  # fmt: skip


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


@pytest.mark.parametrize("kind", READERS)
def test_the_same_bulletin_gives_the_same_bytes(usual, kind):
    render, _ = READERS[kind]
    first = render(usual)
    lay_out.cache_clear()
    charts.svg.cache_clear()
    assert render(sample.bulletin()) == first


@pytest.mark.parametrize("kind", READERS)
def test_every_heading_sentence_entry_and_cell_is_in_the_file(usual, kind):
    render, read = READERS[kind]
    text = bare(read(render(usual)))
    if kind == "pdf":  # a paragraph may run over a page number
        text = re.sub(r"—\d+—", "", text)
    sheet = lay_out(usual)
    wanted = [
        sheet.masthead,
        sheet.issue,
        sheet.office,
        sheet.title,
        sheet.mark,
        sheet.signatory,
        *sheet.imprint,
    ]
    for block in sheet.blocks:
        wanted += [block.heading, *block.paragraphs]
        wanted += [part for entry in block.entries for part in (entry.title, entry.quote, entry.standing)]
        wanted += [cell.text for row in (block.table.rows if block.table else ()) for cell in row]
    missing = [part for part in wanted if bare(part) not in text]
    assert missing == []


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("quote", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_and_never_run(kind, quote):
    render, read = READERS[kind]
    bulletin = sample.bulletin(sample.one(quote, title=quote))
    text = bare(read(render(bulletin)))
    shown = next(part for part in lay_out(bulletin).blocks if part.entries).entries[0].quote
    expected = printable(shown) if kind == "pdf" else shown
    assert bare(expected) in text


@pytest.mark.parametrize("kind", READERS)
def test_a_quiet_day_can_be_printed(kind):
    render, read = READERS[kind]
    assert "当日没有新立事项" in bare(read(render(sample.bulletin(sample.quiet()))))


@pytest.mark.parametrize("kind", READERS)
def test_a_day_with_a_single_matter_is_told_as_one(kind):
    render, read = READERS[kind]
    text = bare(read(render(sample.bulletin(sample.one("夜里气味刺鼻", title="堌堆村外的异味")))))
    assert text.count(bare("夜里气味刺鼻")) == 1
    assert "堌堆村外的异味" in text


@pytest.mark.parametrize("kind", READERS)
def test_in_the_place_of_a_chart_without_data_stands_a_sentence(kind):
    render, read = READERS[kind]
    bare_chart = Section(heading="区域", sentences=(), chart="areas")
    file = render(replace(sample.bulletin(), sections=(bare_chart,), trend=(), kinds=()))
    assert "没有可供绘图的数据" in bare(read(file))
    assert b"<svg" not in file


def test_html_loads_and_runs_nothing():
    address = "javascript:alert(1)"
    tree = html.document_fromstring(
        render_html.render(sample.bulletin(sample.one(HOSTILE["html"], url=address))).decode()
    )
    assert tree.xpath("//script | //iframe | //img | //link | //object | //form") == []
    assert [name for node in tree.iter() for name in node.attrib if name.lower().startswith("on")] == []
    assert all(link.startswith(("http://", "https://")) for link in tree.xpath("//@href"))
    assert "@import" not in html.tostring(tree, encoding="unicode")
    assert not re.search(r"url\((?!#)", html.tostring(tree, encoding="unicode"))


def test_html_shows_the_source_of_every_figure(usual):
    text = read_html(render_html.render(usual))
    assert all(figure.key in text for figure in usual.figures)


def test_pdf_is_a4_and_archival(usual):
    pdf = render_pdf.render(usual)
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    assert b"pdfaid:part" in pdf


def test_pdf_pages_are_numbered_and_tables_repeat_their_head(usual):
    many = tuple(
        replace(sample.LINES[4], case_id=place, number=f"HY2026-{place:06d}") for place in range(1, 61)
    )
    pdf = pypdfium2.PdfDocument(render_pdf.render(sample.bulletin(replace(sample.FIGURES, open_cases=many))))
    pages = [bare(page.get_textpage().get_text_range()) for page in pdf]
    assert all(f"—{number}—" in text for number, text in enumerate(pages, 1))
    running = [text for text in pages if "HY2026-00003" in text or "HY2026-00005" in text]
    assert all("编号事项承办单位状态时限" in text for text in running)


def test_what_the_fonts_cannot_print_is_made_visible():
    assert printable("堌堽洸郚鄌〔2026〕㎡①℃") == "堌堽洸郚鄌〔2026〕㎡①℃"
    assert printable("臭😷😷！👨‍👩‍👧") == "臭〔表情〕！〔表情〕"
    assert printable("𠮷家") == "〔U+20BB7〕家"


def test_docx_has_real_styles_repeated_heads_and_page_numbers(usual):
    docx = render_docx.render(usual)
    file = Document(io.BytesIO(docx))
    headings = [paragraph.text for paragraph in file.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [block.heading for block in lay_out(usual).blocks]
    *tables, imprint = file.tables
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in tables)
    assert all(table.style.name == "三线表" for table in tables)
    assert "印发" in imprint.rows[-2].cells[0].text
    page = file.sections[0]
    assert [round(side.mm) for side in (page.top_margin, page.left_margin, page.right_margin, page.bottom_margin)] == [
        37, 28, 26, 35,
    ]  # fmt: skip
    assert "PAGE" in page.footer._element.xml
    assert "PAGE" in page.even_page_footer._element.xml
    pictures = [block for block in lay_out(usual).blocks if block.picture]
    assert len(file.inline_shapes) == len(pictures) >= 1


def test_docx_carries_no_moment_but_its_own(usual):
    docx = render_docx.render(usual)
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert Document(io.BytesIO(docx)).core_properties.created.isoformat() == "2026-03-06T00:30:00+00:00"
