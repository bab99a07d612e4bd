"""The pages themselves: the grid of GB/T 9704-2012, Chinese line breaking, tables over pages, head and imprint."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
import sample
from docx import Document
from docx.oxml.ns import qn

from bulletins import render_docx
from bulletins import render_html
from bulletins import render_pdf
from bulletins.layout import lay_out
from huanyu.types import Section
from huanyu.types import Sentence

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = (
    28 * MM,
    184 * MM,
    260 * MM,
    35 * MM,
)  # of the type area, from the page's lower left
NEVER_FIRST, NEVER_LAST = "，。、；：！？）》】〕”％%", "（《【〔“"
PROSE = (
    "本市环境质量总体平稳，群众反映集中在夜间噪声、餐饮油烟（含烧烤）和“化工异味”三类，各单位应当限时办结。"
)


def prose(length: int):
    said = (PROSE * (length // len(PROSE) + 1))[:length]
    return replace(sample.bulletin(), sections=(Section(heading="概况", sentences=(Sentence(text=said),)),))


def lines_of(page) -> dict[int, list[tuple[float, float, str]]]:
    """Left edge, right edge and character of everything on the page, by line from the top."""
    text = page.get_textpage()
    chars = []
    for place in range(text.count_chars()):
        char = text.get_text_range(place, 1)
        if char.strip() and char != "\u200b":
            left, _, right, _ = text.get_charbox(place)
            chars.append((-text.get_charbox(place, loose=True)[1], left, right, char))
    found: dict[int, list[tuple[float, float, str]]] = {}
    height = -1000.0
    for below, left, right, char in sorted(chars):
        height = height if below - height < 8 else below
        found.setdefault(round(height), []).append((left, right, char))
    return {line: sorted(found[line]) for line in found}


def texts_of(page) -> list[str]:
    return ["".join(char for _, _, char in line) for line in lines_of(page).values()]


@pytest.fixture(scope="module")
def long_prose():
    return pypdfium2.PdfDocument(render_pdf.render(prose(2600)))


def test_a_full_page_has_22_lines_of_28_characters(long_prose):
    *body, number = texts_of(long_prose[1])
    assert number == "—2—"
    assert len(body) == 22
    assert all(28 <= len(line) <= 30 for line in body)  # marks are set closer where two meet


def test_nothing_stands_outside_the_type_area_but_the_page_number(long_prose):
    for height, line in list(lines_of(long_prose[1]).items())[:-1]:
        assert BOTTOM - 1 <= -height <= TOP
        assert line[0][0] >= LEFT - 1
        assert line[-1][1] <= RIGHT + 1


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(long_prose):
    for page in long_prose:
        for line in texts_of(page):
            assert line[0] not in NEVER_FIRST
            assert line[-1] not in NEVER_LAST


def test_the_page_number_stands_outside_right_on_odd_and_left_on_even_pages(long_prose):
    for number, page in enumerate(long_prose, 1):
        *_, last = lines_of(page).values()
        assert "".join(char for _, _, char in last) == f"—{number}—"
        middle = (LEFT + RIGHT) / 2
        assert (last[0][0] > middle) is (number % 2 == 1)


@pytest.mark.parametrize(
    "text", ["A" * 5000, "https://a.example.cn/" + "x" * 300, "哈" * 5000, "=1+1;" * 400]
)
def test_no_text_however_long_leaves_the_page(text):
    case = replace(sample.LINES[0], title=text[:90], quote=text, url="https://a.example.cn/" + "x" * 300)
    table = Section(
        heading="表", table_head=("编号", "事项", "地址"), table=(("1", text[:1500], case.url),) * 5
    )
    odd = replace(sample.bulletin(), sections=(Section(heading="事项", items=(case,)), table))
    for page in pypdfium2.PdfDocument(render_pdf.render(odd)):
        for height, line in lines_of(page).items():
            assert line[-1][1] <= RIGHT + 2
            assert -height >= 20 * MM


def test_a_long_table_never_leaves_one_row_alone():
    for rows in range(14, 40):
        cases = [f"HY2026-{place:06d}" for place in range(rows)]
        table = tuple((case, "夜间施工噪声扰民", "市城市管理局") for case in cases)
        part = Section(heading="在办", table_head=("编号", "事项", "承办单位"), table=table)
        pdf = pypdfium2.PdfDocument(render_pdf.render(replace(sample.bulletin(), sections=(part,))))
        found = [len(re.findall(r"HY2026-\d{6}", page.get_textpage().get_text_range())) for page in pdf]
        assert sum(found) == rows
        assert 1 not in found


def full():
    contents = tuple(replace(line, url="") for line in sample.LINES[:4])
    return replace(
        sample.bulletin(), series="special", series_name="舆情专报", copy_number="000012", copies=30,
        sections=(Section(heading="重点事项", items=contents),),
    )  # fmt: skip


def text_of_pdf(bulletin) -> str:
    pdf = pypdfium2.PdfDocument(render_pdf.render(bulletin))
    return "".join(page.get_textpage().get_text_range() for page in pdf)


def text_of_docx(bulletin) -> str:
    file = Document(io.BytesIO(render_docx.render(bulletin)))
    return "".join(part.text or "" for part in file.element.body.iter(qn("w:t")))


FORMS = {
    "pdf": text_of_pdf,
    "docx": text_of_docx,
    "html": lambda bulletin: render_html.render(bulletin).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_head_and_imprint_carry_all_a_bulletin_must(form):
    said = re.sub(r"\s", "", FORMS[form](full()))
    for words in (
        "内部资料",
        "000012",
        "2026年第65期（总第431期）",
        "本期要目",
        "报：",
        "送：",
        "发：",
        "印发",
        "（共印30份）",
    ):
        assert words in said
    assert said.count(full().sections[0].items[0].title) == 2  # among the contents and at its place


@pytest.mark.parametrize("form", FORMS)
def test_a_person_who_typed_a_judgement_is_named_under_it(form):
    typed = Sentence(text="夜间施工投诉将继续增多，建议开展联合检查。", author="李示例")
    said = FORMS[form](replace(sample.bulletin(), sections=(Section(heading="研判", sentences=(typed,)),)))
    assert "李示例" in said


def test_a_daily_lists_no_contents_and_a_single_matter_needs_none():
    assert lay_out(sample.bulletin()).contents == ()
    one = replace(full(), sections=(Section(heading="事项", items=sample.LINES[:1]),))
    assert lay_out(one).contents == ()


@pytest.mark.parametrize("letters", [4, 9, 14, 26])
def test_a_long_masthead_stays_on_one_line(letters):
    named = replace(prose(30), masthead="聊城市生态环境局经济技术开发区分局环境舆情专报增刊号"[:letters])
    first = pypdfium2.PdfDocument(render_pdf.render(named))[0]
    assert named.masthead in texts_of(first)


def test_the_imprint_stands_at_the_foot_of_the_last_page():
    *_, last = pypdfium2.PdfDocument(render_pdf.render(prose(60)))
    heights = [
        -height for height, line in lines_of(last).items() if "印" in "".join(char for _, _, char in line)
    ]
    assert min(heights) < BOTTOM + 20 * MM


@pytest.mark.parametrize("length", range(380, 620, 28))
def test_the_imprint_never_has_a_page_to_itself(length):
    said = tuple(Sentence(text=f"\n{PROSE}") for _ in range(length // len(PROSE)))
    several = replace(sample.bulletin(), sections=(Section(heading="概况", sentences=said),))
    *_, last = pypdfium2.PdfDocument(render_pdf.render(several))
    above, found, _ = "".join(texts_of(last)).partition("签发：")
    assert found
    assert len(above) > 28


def test_pdf_is_an_archive_file_by_its_own_words():
    pdf = render_pdf.render(sample.bulletin())
    assert re.search(rb"pdfaid:part[^\d]{1,3}2", pdf)
    assert re.search(rb"pdfaid:conformance[^\w]{1,3}A", pdf)
    assert re.search(rb"pdfuaid:part[^\d]{1,3}1", pdf)
    assert b"/OutputIntents" in pdf
    assert b"/JavaScript" not in pdf
    assert b"/Encrypt" not in pdf
    fonts = set(re.findall(rb"/FontName\s*/(?:[A-Z]{6}\+)?([\w-]+)", pdf))
    assert fonts <= {b"NotoSerifSC-Regular", b"NotoSansSC-Regular"}


def test_pdf_has_bookmarks_for_every_part():
    usual = sample.bulletin()
    marks = [mark.get_title() for mark in pypdfium2.PdfDocument(render_pdf.render(usual)).get_toc()]
    assert [block.heading for block in lay_out(usual).blocks] == [
        mark.strip() for mark in marks if "、" in mark[:4]
    ]


def test_docx_names_fonts_with_substitutes_and_embeds_none():
    with zipfile.ZipFile(io.BytesIO(render_docx.render(sample.bulletin()))) as archive:
        names = archive.namelist()
        fonts = archive.read("word/fontTable.xml").decode()
    assert [
        name for name in names if name.startswith("word/fonts/") or name.endswith((".odttf", ".ttf"))
    ] == []
    assert "w:embed" not in fonts
    for name in ("仿宋", "黑体", "方正小标宋简体"):
        assert re.search(rf'w:name="{name}"><w:altName w:val="[^"]*Noto S', fonts)


def test_docx_breaks_lines_by_chinese_rules():
    file = Document(io.BytesIO(render_docx.render(sample.bulletin())))
    properties = file.styles["Body Text"].element.pPr
    wanted = {"w:kinsoku": "1", "w:overflowPunct": "0", "w:autoSpaceDE": "0", "w:autoSpaceDN": "0"}
    assert {name: properties.find(qn(name)).get(qn("w:val")) for name in wanted} == wanted
    assert properties.find(qn("w:spacing")).get(qn("w:line")) == "579"  # 22 of them are 225 mm
    language = file.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_docx_keeps_the_order_of_elements_that_word_insists_on():
    order = ("w:rFonts", "w:b", "w:i", "w:color", "w:spacing", "w:sz")
    file = Document(io.BytesIO(render_docx.render(sample.bulletin())))
    for style in file.styles:
        run = style.element.find(qn("w:rPr"))
        found = [
            order.index(name)
            for child in (run if run is not None else ())
            for name in order
            if child.tag == qn(name)
        ]
        assert found == sorted(found), style.name


def test_docx_tables_hold_their_last_two_rows_together():
    many = tuple(
        replace(sample.LINES[4], case_id=place, number=f"HY2026-{place:06d}") for place in range(1, 41)
    )
    long = Section(
        heading="在办", table_head=("编号", "事项"), table=tuple((line.number, line.title) for line in many)
    )
    file = Document(io.BytesIO(render_docx.render(replace(sample.bulletin(), sections=(long,)))))
    bound = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in file.tables[0].rows]
    assert [place for place, keep in enumerate(bound) if keep] == [0, 1, 39, 40], "the last with the imprint"


def test_html_prints_with_the_same_head_and_numbers_its_pages_outside():
    page = render_html.render(full()).decode()
    assert "@page :left" in page
    assert "@page :right" in page
    assert "margin: 37mm 26mm 35mm 28mm" in page


def test_the_number_of_copies_is_the_one_configured():
    made = sample.paper(sample.DAILY.model_copy(update={"copies": 30}), sample.FIGURES, 65, 431, sample.BUREAU,
                        sample.NAMES, sample.ISSUED, areas=sample.AREAS)  # fmt: skip
    assert lay_out(made).copies == "（共印30份）"
    assert lay_out(sample.bulletin()).copies == ""


def test_docx_sets_digits_in_a_font_every_machine_has():
    file = Document(io.BytesIO(render_docx.render(sample.bulletin())))
    fonts = file.styles["Body Text"].element.rPr.find(qn("w:rFonts"))
    assert (fonts.get(qn("w:ascii")), fonts.get(qn("w:eastAsia"))) == ("Times New Roman", "仿宋")


def test_a_second_line_of_the_imprint_begins_under_the_first_name():
    file = Document(io.BytesIO(render_docx.render(sample.bulletin())))
    lines = [row.cells[0].paragraphs[0] for row in file.tables[-1].rows]
    named = next(line for line in lines if line.text.startswith("报："))
    assert named.paragraph_format.first_line_indent.pt == -28  # two characters of 14 pt
    assert named.paragraph_format.left_indent.pt == 42


def test_a_long_closing_table_may_be_broken_and_its_end_stays_with_the_imprint():
    rows = tuple((f"来源{place}", "正常") for place in range(1, 7))
    told = (Sentence(text="各来源情况如下。"),)
    closing = Section(heading="来源覆盖", sentences=told, table_head=("来源", "状况"), table=rows)
    made = replace(sample.bulletin(), sections=(closing,))
    file = Document(io.BytesIO(render_docx.render(made)))
    bound = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in file.tables[0].rows]
    assert [place for place, keep in enumerate(bound) if keep] == [0, 1, 5, 6]
    for lines in range(14, 20):
        said = tuple(Sentence(text="\n平安。") for _ in range(lines))
        *_, last = pypdfium2.PdfDocument(
            render_pdf.render(replace(made, sections=(Section(heading="概况", sentences=said), closing)))
        )
        assert "".join(texts_of(last)).count("来源") >= 2, lines
