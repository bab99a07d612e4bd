"""Official papers: filled from the case, signed as read, numbered without a gap, frozen once issued, redacted outside."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import insert
from sqlalchemy import text

from flow import documents
from flow import life
from flow import rights
from flow import roster
from flow import supervising
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store.tables import case_posts
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import raw

KIND = "supervision_letter"
MORE = {"limit": "2026年3月16日", "delay": "办结时限已过", "contact": "宣晓敏"}


@pytest.fixture
def texts() -> tuple[str, ...]:
    return TEXTS[:1]


@pytest.fixture
def filled(filled_url: str, tmp_path: Path) -> Iterator[tuple[Office, int]]:
    with at_work(tmp_path, filled_url) as office:
        yield office, office.case("assigned").id


def made(office: Office, case_id: int, kind: str = KIND, **more: str) -> documents.Document:
    _, _, told = documents.prefilled(office.desk, office.press, case_id, kind, NOW)
    return documents.draft(office.desk, office.press, case_id, kind, told | MORE | more, NOW)


def issued(office: Office, case_id: int, kind: str = KIND, **more: str) -> documents.Document:
    one = made(office, case_id, kind, **more)
    documents.sign(office.desk, office.leader, one.id, one.digest, NOW)
    return documents.issue(office.desk, office.press, one.id, NOW)


def words(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return parts.read("word/document.xml").decode()


def pdf_words(body: bytes) -> str:
    with pypdfium2.PdfDocument(body) as paper:
        return "".join(page.get_textpage().get_text_bounded() for page in paper).replace("\r\n", "")


def test_a_form_is_filled_from_the_case_without_the_reporter(filled):
    office, case_id = filled
    case = office.desk.store.cases.get(case_id)
    for row in (one for one in office.desk.bureau.forms if not one.made_elsewhere):
        _, _, told = documents.prefilled(office.desk, office.press, case_id, row.key, NOW)
        assert set(told) == {field.key for field in row.fields}
        plain = [told[field.key] for field in row.fields if not field.secret]
        assert not case.first_author or not any(case.first_author in value for value in plain)
    _, _, slip = documents.prefilled(office.desk, office.press, case_id, "transfer_slip", NOW)
    unit = office.desk.bureau.unit(case.unit)
    assert unit is not None
    assert (slip["number"], slip["unit"], slip["level"]) == (case.number, unit.name, case.level)
    assert "2026年3月" in slip["limit"]
    assert slip["objection"]


def test_drafted_signed_issued_under_the_first_number_and_never_changed_again(filled):
    office, case_id = filled
    one = issued(office, case_id)
    assert (one.serial, one.year, one.number, one.state) == ("聊环督〔2026〕1号", 2026, 1, "issued")
    name, pdf = documents.file(office.desk, office.press, one.id, "pdf", redacted=False)
    assert name == "聊环督〔2026〕1号.pdf"
    assert pdf.startswith(b"%PDF")
    _, docx = documents.file(office.desk, office.press, one.id, "docx", redacted=False)
    assert one.serial in words(docx)
    with pytest.raises(IllegalMove):
        documents.edit(office.desk, office.press, one.id, one.digest, MORE, NOW)
    with pytest.raises(IllegalMove):
        documents.issue(office.desk, office.press, one.id, NOW)
    assert any(one.serial in event.note for event in office.desk.store.cases.history(case_id))


def test_a_deputy_signs_for_an_absent_leader_and_the_paper_says_so(filled):
    office, case_id = filled
    one = made(office, case_id, "order_slip", ground="局领导批示")
    roster.add_absence(office.desk, office.leader, "leader", NOW, NOW + timedelta(days=2), "reviewer", NOW)
    deputy = rights.present(office.desk, office.reviewer, NOW)
    documents.sign(office.desk, deputy, one.id, one.digest, NOW)
    documents.issue(office.desk, office.press, one.id, NOW)
    _, pdf = documents.file(office.desk, office.press, one.id, "pdf", redacted=False)
    assert f"{deputy.full_name}（代）" in pdf_words(pdf)


def test_the_database_itself_refuses_to_change_or_delete_an_issued_paper(filled):
    office, case_id = filled
    one = issued(office, case_id)
    for line in (
        "UPDATE documents SET serial = 'x'",
        "UPDATE documents SET fields = '{}'",
        "DELETE FROM documents",
    ):
        with pytest.raises(Conflict), office.desk.store._database.write() as tx:
            tx.execute(text(f"{line} WHERE id = {one.id}"))
    assert documents.proof(office.desk, office.press, one.id).document == one


def test_numbers_have_no_gap_and_a_void_paper_keeps_its_own(filled):
    office, case_id = filled
    first, second = issued(office, case_id), issued(office, case_id)
    void = documents.void(office.desk, office.press, first.id, "主送写错", NOW)
    dropped = made(office, case_id)
    documents.void(office.desk, office.press, dropped.id, "不发了", NOW)
    third, other = issued(office, case_id), issued(office, case_id, "order_slip", ground="局领导批示")
    assert [one.number for one in (first, second, third, other)] == [1, 2, 3, 1]
    assert (void.state, void.serial) == ("void", first.serial)
    register = office.desk.store.documents.of_kind(KIND, 2026)
    assert [(one.number, one.state) for one in register] == [(1, "void"), (2, "issued"), (3, "issued")]


def test_a_new_year_begins_a_new_series(filled):
    office, case_id = filled
    issued(office, case_id)
    one = made(office, case_id)
    documents.sign(office.desk, office.leader, one.id, one.digest, NOW)
    assert (
        documents.issue(office.desk, office.press, one.id, NOW + timedelta(days=365)).serial
        == "聊环督〔2027〕1号"
    )


def test_papers_issued_at_the_same_time_get_different_numbers(filled):
    office, case_id = filled
    ready = []
    for _ in range(3):
        one = made(office, case_id)
        ready.append(documents.sign(office.desk, office.leader, one.id, one.digest, NOW).id)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda one: documents.issue(office.desk, office.press, one, NOW).number, ready))
    assert sorted(done) == [1, 2, 3]


def test_what_is_signed_is_what_was_read(filled):
    office, case_id = filled
    one = made(office, case_id)
    edited = documents.edit(
        office.desk, office.press, one.id, one.digest, {**one.fields, "demand": "立即核查"}, NOW
    )
    with pytest.raises(Conflict):
        documents.sign(office.desk, office.leader, one.id, one.digest, NOW)
    with pytest.raises(Conflict):
        documents.edit(office.desk, office.press, one.id, one.digest, one.fields, NOW)
    assert documents.sign(office.desk, office.leader, one.id, edited.digest, NOW).state == "signed"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"limit": ""}, "新的时限"),
        ({"telephone": "13906350000"}, "办公电话"),
        ({"contact": "宣晓敏13906350000"}, "手机"),
    ],
)
def test_a_paper_that_lacks_something_or_prints_a_mobile_number_is_not_signed(filled, more, told):
    office, case_id = filled
    one = made(office, case_id, **more)
    with pytest.raises(BadInput, match=told):
        documents.sign(office.desk, office.leader, one.id, one.digest, NOW)


def test_headings_out_of_order_are_told_before_the_signature(filled):
    office, case_id = filled
    one = made(office, case_id, "proposal_answer", text="一、现状\n三、打算")
    assert any("二、" in line for line in documents.proof(office.desk, office.press, one.id).problems)


def test_only_a_leader_signs_only_the_office_issues_and_another_unit_sees_nothing(filled):
    office, case_id = filled
    case = office.desk.store.cases.get(case_id)
    handler = office.handler(case.unit)
    stranger = office.handler("zhifa" if case.unit != "zhifa" else "dongchangfu")
    one = made(office, case_id)
    for act in (
        lambda: documents.sign(office.desk, office.press, one.id, one.digest, NOW),
        lambda: documents.issue(office.desk, office.leader, one.id, NOW),
        lambda: documents.draft(office.desk, handler, case_id, KIND, MORE, NOW),
        lambda: documents.edit(office.desk, handler, one.id, one.digest, MORE, NOW),
        lambda: documents.proof(office.desk, stranger, one.id),
        lambda: documents.file(office.desk, handler, one.id, "pdf", redacted=False),
    ):
        with pytest.raises(NotAllowed):
            act()
    own = documents.draft(office.desk, handler, case_id, "return_slip", {"reason": "不在辖区"}, NOW)
    assert own.kind == "return_slip"
    assert documents.file(office.desk, handler, one.id, "pdf", redacted=True)[1].startswith(b"%PDF")


def test_the_handlers_copy_of_a_slip_lacks_what_is_secret(filled):
    office, case_id = filled
    secret = "湖畔行人 13906350000"
    one = issued(office, case_id, "transfer_slip", reporter=secret)
    handler = office.handler(office.desk.store.cases.get(case_id).unit)
    with pytest.raises(NotAllowed, match="理由"):
        documents.file(office.desk, office.press, one.id, "docx", redacted=False)
    with pytest.raises(BadInput, match="理由"):
        documents.secret_file(office.desk, office.press, one.id, "docx", " ", NOW)
    with pytest.raises(NotAllowed):
        documents.secret_file(office.desk, handler, one.id, "docx", "想看看", NOW)
    assert office.desk.store.prints.of_case(case_id) == []
    _, full = documents.secret_file(office.desk, office.press, one.id, "docx", "移交档案", NOW)
    (kept,) = office.desk.store.prints.of_case(case_id)
    assert (kept.document_id, kept.actor, kept.reason, kept.form) == (
        one.id,
        office.press.name,
        "移交档案",
        "full",
    )
    name, redacted = documents.file(office.desk, handler, one.id, "docx", redacted=True)
    assert secret in words(full)
    assert words(full) != words(
        office.desk.store.documents.body(office.desk.store.documents.get(one.id).docx)
    )
    assert "湖畔行人" not in words(redacted)
    assert "13906350000" not in words(redacted)
    assert "脱敏件" in name


def test_the_redacted_copy_names_no_witness_not_even_the_second(filled):
    office, case_id = filled
    office.desk.store.posts.add([replace(raw(900, PAINT), author="巷口老槐树")], NOW)
    witness = next(one for one, _ in office.desk.store.posts.listing() if one.author == "巷口老槐树")
    row = {"case_id": case_id, "post_id": witness.id, "at": NOW, "first": False, "score": 1.0, "reason": "例"}
    with office.desk.store._database.write() as tx:
        tx.execute(insert(case_posts).values(**row))
    one = made(
        office, case_id, "transfer_slip", demand="巷口老槐树 和 13906350001 都说夜里味道最重，到现场核查。"
    )
    for form in ("docx", "pdf"):
        name, body = documents.file(office.desk, office.press, one.id, form, redacted=True)
        said = words(body) if form == "docx" else pdf_words(body)
        assert "到现场核查" in said
        assert "巷口老槐树" not in said + name
        assert "13906350001" not in said


def test_a_paper_that_names_the_sealed_reporter_is_not_signed_and_the_look_is_on_record(filled):
    office, case_id = filled
    office.desk.store.people.save_reporter(
        '{"name": "钱守田", "address": "湖屯镇"}', now=NOW, case_id=case_id
    )
    one = made(office, case_id, demand="请与钱守田联系后到湖屯镇核查")
    with pytest.raises(BadInput, match=r"“要求”里有反映人的姓名$"):
        documents.sign(office.desk, office.leader, one.id, one.digest, NOW)
    again = documents.edit(
        office.desk, office.press, one.id, one.digest, {**one.fields, "demand": "到湖屯镇核查"}, NOW
    )
    assert documents.sign(office.desk, office.leader, one.id, again.digest, NOW).state == "signed"
    assert {look.reason for look in office.desk.store.people.identity_reads(case_id)} == {"公文签发前核查"}


def test_a_correction_takes_over_what_may_be_read_and_only_from_a_paper_of_its_kind(filled):
    office, case_id = filled
    one = issued(office, case_id, "transfer_slip", reporter="钱守田 13906350000", demand="立即核查")
    _, _, told = documents.correcting(office.desk, office.press, case_id, "transfer_slip", one.id)
    assert (told["demand"], told["reporter"]) == ("立即核查", "")
    with pytest.raises(NotFound):
        documents.correcting(office.desk, office.press, case_id, "order_slip", one.id)
    with pytest.raises(NotFound):
        documents.draft(office.desk, office.press, case_id, "order_slip", told, NOW, about=one.id)


def test_what_was_done_to_a_case_asks_for_its_paper_and_fills_it(filled):
    office, case_id = filled
    desk, now = office.desk, NOW + timedelta(minutes=5)
    case = desk.store.cases.get(case_id)
    assert documents.wanted(desk, office.press, case, now) == []
    supervising.supervise(desk, office.press, case_id, case.version, "两日内查清夜间喷漆，书面报告", now)
    (row,) = documents.wanted(desk, office.press, case, now)
    assert row.key == KIND
    assert documents.wanted(desk, office.leader, case, now) == [], "who drafts no forms is asked for none"
    _, _, told = documents.prefilled(desk, office.press, case_id, KIND, now)
    assert told["demand"] == "两日内查清夜间喷漆，书面报告"
    documents.draft(desk, office.press, case_id, KIND, told, now)
    assert documents.wanted(desk, office.press, case, now) == []


def test_a_letter_of_transfer_says_where_to_and_why_as_it_was_decided(filled):
    office, case_id = filled
    desk, now = office.desk, NOW + timedelta(minutes=5)
    case = desk.store.cases.get(case_id)
    life.send_away(desk, office.handler(case.unit), case_id, case.version, "不属我单位职责", now)
    case = desk.store.cases.get(case_id)
    to, why = "聊城市水利局", "属河道采砂：由水行政主管部门查处"
    life.transfer(desk, office.press, case_id, case.version, to, "电话告知", why, now)
    case = desk.store.cases.get(case_id)
    assert [row.key for row in documents.wanted(desk, office.press, case, now)] == ["hand_over_letter"]
    _, _, told = documents.prefilled(desk, office.press, case_id, "hand_over_letter", now)
    assert (told["addressee"], told["ground"]) == (to, why)


def test_a_correction_is_a_paper_of_its_own_and_says_which_it_corrects(filled):
    office, case_id = filled
    first = issued(office, case_id)
    _, _, told = documents.prefilled(office.desk, office.press, case_id, KIND, NOW)
    second = documents.draft(office.desk, office.press, case_id, KIND, told | MORE, NOW, about=first.id)
    assert second.about_id == first.id
    assert documents.proof(office.desk, office.press, first.id).document.state == "issued"


def test_the_whole_of_a_paper_says_on_every_page_whose_copy_it_is(filled):
    office, case_id = filled
    long = "北窗的风，" * 700
    one = issued(office, case_id, "transfer_slip", reporter="湖畔行人 13906350000", demand=long)
    kept = office.desk.store.documents.get(one.id)
    before = office.desk.store.documents.body(kept.pdf)
    _, copy = documents.secret_file(office.desk, office.press, one.id, "pdf", "移交档案", NOW)
    (printed,) = office.desk.store.prints.of_case(case_id)
    assert office.desk.store.prints.by_mark(printed.mark) == printed
    with pypdfium2.PdfDocument(copy) as paper:
        pages = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in paper]
    assert len(pages) > 1
    mark = f"{office.press.full_name}2026-03-1010:00{printed.mark}"
    assert all(mark in page for page in pages)
    assert office.desk.store.documents.body(kept.pdf) == before
