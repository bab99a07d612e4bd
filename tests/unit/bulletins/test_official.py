"""Official papers: one sheet, drawn as Word and as PDF; redaction holds in the bytes of both."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from datetime import datetime

import docx
import pypdfium2
import pytest

from bulletins import render_official_docx
from bulletins import render_official_pdf
from bulletins.official import HIDDEN
from bulletins.official import NOT_YET
from bulletins.official import Annex
from bulletins.official import OfficialSheet
from bulletins.official import Paragraph
from bulletins.official import Standing
from bulletins.official import numeral
from bulletins.official import outline_faults
from bulletins.official import sheet_of
from cases.paper_fields import SOURCES as FILLED
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.form_rows import SOURCES
from huanyu.form_rows import FormRow

AT = datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI)
FORMS = {row.key: row for row in load_bureau(SHIPPED).forms}
ISSUER = "聊城市生态环境局"
OUT = Standing(serial="聊环督〔2026〕7号", signer="高志远", signed_on=AT.date(), issued_on=date(2026, 3, 16))
REPORTER, PHONE, OFFICE = "湖畔行人", "13906350000", "0635-8000000"
ANSWER = {
    "category": "B",
    "kind": "提案",
    "session": "市政协十四届三次会议",
    "number": "094",
    "addressee": "水立春委员",
    "matter": "治理城区餐饮油烟",
    "together": "我局会同市城市管理局进行了研究，现答复如下：",
    "text": "一、现状\n城区餐饮店逐一核查，建立清单。\n（一）摸清底数\n（二）分类治理\n二、打算\n加强夜间巡查。",
    "thanks": "感谢您对生态环境工作的关心和支持。",
    "co_signers": "聊城市城市管理局",
    "contact": "宣晓敏",
    "telephone": OFFICE,
    "copies": "市政协提案委、市政府督查室",
    "imprint": "聊城市生态环境局办公室",
}


def pdf_text(body: bytes) -> str:
    file = pypdfium2.PdfDocument(body)
    text = "".join(page.get_textpage().get_text_range() for page in file)
    return "".join(text.replace("\u200b", "").split())


def rules(body: bytes) -> list[float]:
    """How high the lines across the foot of the last page's text stand, in points."""
    with pypdfium2.PdfDocument(body) as file:
        found = [
            one.get_bounds() for one in file[len(file) - 1].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_PATH])
        ]
    return [
        low for left, low, right, high in found if right - left > 400 and high - low < 3 and 95 < low < 300
    ]


def word_text(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())


def example(form: FormRow) -> dict[str, str]:
    """Every field filled, the secret ones with the reporter."""
    told = {row.key: f"{row.label}的内容" for row in form.fields}
    told |= {row.key: row.choices[0] for row in form.fields if row.choices}
    told |= {row.key: f"{REPORTER}，电话{PHONE}" for row in form.fields if row.secret}
    told |= {row.key: f"据{REPORTER}（{PHONE}）说，夜里有异味" for row in form.fields if row.key == "summary"}
    return told | {row.key: OFFICE for row in form.fields if row.phone}


@pytest.mark.parametrize("key", FORMS)
def test_every_shipped_form_is_drawn_as_word_and_pdf_with_all_its_words(key):
    form = FORMS[key]
    sheet = sheet_of(form, example(form), ISSUER, OUT)
    printed = pdf_text(render_official_pdf.render(sheet, AT))
    written = word_text(render_official_docx.render(sheet, AT))
    for said in (
        sheet.title,
        sheet.serial,
        "2026年3月12日",
        *(line.value.split("（")[0] for line in sheet.lines),
    ):
        assert "".join(said.split()) in printed, said
        assert said in written, said
    assert ("高志远" in printed, "高志远" in written) == (form.names_signer,) * 2


def test_only_reports_and_answers_to_proposals_have_a_signer_under_their_letterhead():
    letters = {key for key, form in FORMS.items() if form.layout == "letter"}
    up = {key for key in letters if FORMS[key].names_signer}
    assert up == {
        "incident_first",
        "incident_further",
        "incident_final",
        "ledger_acceptance",
        "proposal_answer",
    }


@pytest.mark.parametrize("key", FORMS)
def test_the_redacted_paper_has_no_reporter_in_its_bytes(key):
    form = FORMS[key]
    sheet = sheet_of(form, example(form), ISSUER, OUT, redacted=True, names=[REPORTER])
    for text in (
        pdf_text(render_official_pdf.render(sheet, AT)),
        word_text(render_official_docx.render(sheet, AT)),
    ):
        assert REPORTER not in text
        assert PHONE not in text
        assert "脱敏件" in text
    if any(row.secret for row in form.fields) and form.layout == "slip":
        assert HIDDEN in [line.value for line in sheet.lines]


def test_the_full_slip_names_the_reporter_whom_the_redacted_one_hides():
    form = FORMS["transfer_slip"]
    sheet = sheet_of(form, example(form), ISSUER, OUT)
    assert PHONE in pdf_text(render_official_pdf.render(sheet, AT))
    assert PHONE in word_text(render_official_docx.render(sheet, AT))


def test_an_answer_to_a_proposal_has_the_parts_such_a_letter_has():
    printed = pdf_text(
        render_official_pdf.render(sheet_of(FORMS["proposal_answer"], ANSWER, ISSUER, OUT), AT)
    )
    for part in (
        "类别标记：B",
        "签发人：高志远",
        "对市政协十四届三次会议第094号提案的答复",
        "水立春委员：",
        "一、现状",
        "（二）分类治理",
        "感谢您",
        "聊城市城市管理局",
        f"（联系人：宣晓敏，联系电话：{OFFICE}）",
        "抄送：市政协提案委、市政府督查室。",
        "聊城市生态环境局办公室2026年3月16日印发",
    ):
        assert part in printed, part


def test_tables_stand_between_the_signature_and_the_imprint():
    """GB/T 9704—2012 7.3.4: 附件 are bound with the text, before 版记; the signature has no page to itself."""
    table = Annex(title="排名表", head=("位次", "单位"), widths=(50, 106), rows=(("1", "东阿县"),))
    letter = OfficialSheet(
        layout="letter",
        name="工作通报",
        issuer="聊城市生态环境局",
        title="关于环境空气质量排名的通报",
        serial="聊环气通〔2026〕1号",
        paragraphs=tuple(Paragraph(text="全市空气质量总体改善，各地差别仍大，" * 4) for _ in range(5)),
        enclosures=("排名表",),
        signatories=("聊城市生态环境局",),
        date="2026年11月23日",
        office="宣教科",
        printed="2026年11月24日",
        annexes=(table,),
    )
    at = datetime(2026, 11, 24, tzinfo=SHANGHAI)
    with pypdfium2.PdfDocument(render_official_pdf.render(letter, at)) as file:
        pages = ["".join(page.get_textpage().get_text_range().split()) for page in file]
    signed = next(text for text in pages if "2026年11月23日" in text)
    assert "总体改善" in signed
    assert "2026年11月24日印发" not in signed
    assert "东阿县" in pages[-1]
    assert "2026年11月24日印发" in pages[-1]
    assert len(rules(render_official_pdf.render(replace(letter, annexes=()), at))) == 2
    bare = replace(letter, office="", copies="市政府办公室", annexes=())
    printed = render_official_pdf.render(bare, at)
    assert "抄送：市政府办公室。" in pdf_text(printed)
    assert rules(printed) == []
    (foot,) = docx.Document(io.BytesIO(render_official_docx.render(bare, at))).tables
    assert foot.cell(0, 0).text == "抄送：市政府办公室。"
    assert "tcBorders" not in foot._tbl.xml
    said = word_text(render_official_docx.render(letter, at))
    assert said.index("2026年11月23日") < said.index("东阿县") < said.index("2026年11月24日印发")


def test_a_draft_says_that_it_is_one_and_has_no_number():
    sheet = sheet_of(FORMS["proposal_answer"], ANSWER, ISSUER, Standing())
    printed = pdf_text(render_official_pdf.render(sheet, AT))
    assert "样稿" in printed
    assert NOT_YET in printed
    assert sheet.date == ""


def test_a_line_of_the_body_whose_fields_are_empty_is_left_out():
    form = FORMS["supervision_letter"]
    told = example(form) | {"dissatisfied": "", "consequence": "　"}
    texts = [one.text for one in sheet_of(form, told, ISSUER, OUT).paragraphs]
    assert len(texts) == 2
    assert all(text.strip() for text in texts)


def test_a_draft_with_holes_says_what_is_missing_where_it_belongs():
    form = FORMS["supervision_letter"]
    told = example(form) | {"delay": "", "limit": " "}
    printed = "".join(one.text for one in sheet_of(form, told, ISSUER, Standing()).paragraphs)
    assert "，〔待填：超期情况或督办原因〕。" in printed
    assert "于〔待填：新的时限〕前" in printed
    assert "，。" not in printed


def test_the_same_sheet_gives_the_same_bytes():
    sheet = sheet_of(FORMS["proposal_answer"], ANSWER, ISSUER, OUT)
    assert render_official_pdf.render(sheet, AT) == render_official_pdf.render(sheet, AT)
    assert render_official_docx.render(sheet, AT) == render_official_docx.render(sheet, AT)


def test_what_a_person_typed_is_never_run_by_the_typesetter():
    told = ANSWER | {"matter": '#read("/etc/passwd") $x$ *粗*', "copies": "#panic()"}
    printed = pdf_text(render_official_pdf.render(sheet_of(FORMS["proposal_answer"], told, ISSUER, OUT), AT))
    assert "#panic()" in printed
    assert '#read("/etc/passwd")' in printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一、甲\n二、乙", []),
        ("一、甲\n（一）子\n（二）丑\n二、乙\n（一）寅", []),
        ("一、甲\n三、乙", ["二、"]),
        ("一、甲\n（二）子", ["（一）"]),
        ("一、甲\n（一）子\n二、乙\n（二）丑", ["（一）"]),
        ("没有标题的一段话", []),
    ],
)
def test_headings_must_follow_on_each_other(text, said):
    found = outline_faults(text)
    assert len(found) == len(said)
    assert all(one in told for one, told in zip(said, found, strict=True))


def test_numerals_are_those_of_official_papers():
    assert [numeral(one) for one in (1, 9, 10, 11, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_a_form_that_names_a_field_it_has_not_is_refused():
    told = FORMS["supervision_letter"].model_dump(by_alias=True)
    with pytest.raises(ValueError, match="nowhere"):
        FormRow(**(told | {"title": "关于{nowhere}的函"}))


def test_whatever_the_table_may_name_the_case_fills():
    assert frozenset(FILLED) == SOURCES


def test_a_field_filled_from_nowhere_is_refused_in_words():
    told = FORMS["return_slip"].model_dump(by_alias=True)
    told["fields"][0]["from"] = "case.nothing"
    with pytest.raises(ValueError, match="不是办件的内容"):
        FormRow(**told)


def test_a_form_that_handlers_draft_has_no_secret_field():
    told = FORMS["transfer_slip"].model_dump(by_alias=True) | {"drafters": ("handler",)}
    with pytest.raises(ValueError, match="secret"):
        FormRow(**told)
