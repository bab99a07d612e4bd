"""政府信息公开申请 over both databases: every act in its order, limits told once, and nobody's name out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta

import docx
import pypdfium2
import pytest
import python_calamine

from flow import cycle
from flow import info_disputes
from flow import info_figures
from flow import info_papers
from flow import info_requests
from flow import retaining
from flow.info_requests import Told
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import InfoRequest
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import everything

CAME = date(2026, 3, 2)
WHO = {
    "name": "苏文清",
    "identity": "371502199003071230",
    "phone": "13806350000",
    "address": "东昌府区柳园南路1号",
    "words": "申请公开2025年徒骇河水质监测月报。申请人苏文清，电话13806350000",
}
TOLD = Told(received_on=CAME, way="post_signed", applicant_kind="person", form="纸质", who=WHO)


def registered(office: Office, told: Told = TOLD) -> InfoRequest:
    return info_requests.register(office.desk, office.press, told, NOW)


def day(month: int, of: int, hour: int = 10) -> datetime:
    return datetime(2026, month, of, hour, tzinfo=SHANGHAI)


def mails(office: Office) -> list[str]:
    sent = office.desk.store.outbox.listing(purpose="internal", limit=100)
    return sorted(one.title for one in sent if "信息公开" in one.title)


def test_who_asks_is_sealed_and_every_look_is_a_line(office: Office) -> None:
    desk, one = office.desk, registered(office)
    assert (one.number, one.state) == ("GK2026-0001", "open")
    assert "徒骇河水质监测月报" in one.asked
    desk.store.audit.seal(now=NOW)
    dump = "\n".join(line for lines in everything(desk).values() for line in lines)
    assert [told for told in WHO.values() if told in dump] == [] and "苏文清" not in dump
    with pytest.raises(BadInput, match="理由"):
        info_requests.applicant(desk, office.press, one.id, " ", NOW)
    with pytest.raises(NotAllowed):
        info_requests.applicant(desk, office.reviewer, one.id, "寄送答复书", NOW)
    found = info_requests.applicant(desk, office.press, one.id, "给苏文清寄送答复书", NOW)
    assert (found.name, found.words) == (WHO["name"], WHO["words"])
    steps = info_requests.whole(desk, office.press, one.id, NOW).steps
    assert [step.action for step in steps] == ["received", "read"]
    assert "苏文清" not in steps[-1].note and "寄送答复书" in steps[-1].note


def test_home_and_papers_stay_out_of_what_everybody_reads(office: Office) -> None:
    mine = {**WHO, "identity": "MA0000123", "address": "聊城市东昌府区柳园南路1号"}
    words = "申请公开聊城市东昌府区监测月报，证件MA0000123，请寄聊城市东昌府区柳园南路1号"
    one = registered(office, replace(TOLD, who={**mine, "words": words}))
    assert "聊城市东昌府区监测月报" in one.asked
    assert "MA0000123" not in one.asked and "柳园南路1号" not in one.asked
    one = info_requests.void(
        office.desk, office.press, one.id, one.version, "聊城市东昌府区柳园南路1号有两件", NOW
    )
    (_, step) = info_requests.whole(office.desk, office.press, one.id, NOW).steps
    assert "柳园南路1号" not in step.note and "有两件" in step.note


def test_who_is_asked_can_answer_while_the_applicant_puts_it_right(office: Office) -> None:
    desk, press, leader, one = office.desk, office.press, office.leader, registered(office)
    one = info_requests.consult(desk, press, one.id, one.version, "水务局", date(2026, 3, 4), NOW)
    one = info_requests.amend(desk, press, one.id, one.version, date(2026, 3, 9), None, "写明月份", NOW)
    later = day(4, 1)
    (asked,) = info_requests.whole(desk, press, one.id, later).consultations
    one = info_requests.heard(
        desk, press, one.id, one.version, asked.id, date(2026, 3, 31), "逾期未提出", later
    )
    one = info_requests.answer(
        desk, press, one.id, one.version, "other", later.date(), "", "申请人撤回", later
    )
    one = info_requests.reopen(desk, leader, one.id, one.version, "没有撤回", later)
    assert one.state == "amending"  # nothing was put right yet


def test_what_is_missing_is_named_together(office: Office) -> None:
    empty = Told(received_on=NOW.date() + timedelta(days=1), way="", applicant_kind="", form="", who={})
    with pytest.raises(BadInput) as told:
        registered(office, empty)
    for words in ("晚于今天", "收到方式", "申请人种类", "姓名", "至少填一项", "内容"):
        assert words in str(told.value)
    with pytest.raises(NotAllowed):
        info_requests.register(office.desk, office.leader, TOLD, NOW)


def test_put_right_others_asked_more_time_and_answered(office: Office) -> None:
    desk, press, leader, one = office.desk, office.press, office.leader, registered(office)
    one = info_requests.amend(desk, press, one.id, one.version, date(2026, 3, 9), None, "写明月份", NOW)
    assert (one.state, one.amend_until) == ("amending", date(2026, 3, 30))
    with pytest.raises(IllegalMove):
        info_requests.consult(desk, press, one.id, one.version, "第三方", date(2026, 3, 10), NOW)
    one = info_requests.amended(desk, press, one.id, one.version, date(2026, 3, 10), NOW)
    with pytest.raises(IllegalMove, match="一次性"):
        info_requests.amend(desk, press, one.id, one.version, date(2026, 3, 10), None, "再写明", NOW)
    later = day(3, 20)
    one = info_requests.consult(desk, press, one.id, one.version, "水务局", date(2026, 3, 11), later)
    told = info_requests.whole(desk, press, one.id, later)
    assert told.standing.stands and told.standing.due == date(2026, 4, 17)  # seven working days do not count
    with pytest.raises(BadInput, match="还没有结束"):
        info_requests.answer(desk, press, one.id, one.version, "given", later.date(), "", "提供", later)
    (asked,) = told.consultations
    one = info_requests.heard(
        desk, press, one.id, one.version, asked.id, date(2026, 3, 20), "同意公开", later
    )
    one = info_requests.ask_extension(desk, press, one.id, one.version, 10, "资料多", later)
    with pytest.raises(NotAllowed):
        info_requests.decide_extension(desk, press, one.id, one.version, True, "", later)
    one = info_requests.decide_extension(desk, leader, one.id, one.version, True, "", later)
    assert info_requests.whole(desk, press, one.id, later).standing.due == date(2026, 5, 6)
    one = info_requests.tell_extension(desk, press, one.id, one.version, later.date(), "电话", later)
    one = info_requests.answer(
        desk,
        press,
        one.id,
        one.version,
        "partly",
        later.date(),
        "聊环信公〔2026〕1号",
        "苏文清要的附件不公开",
        later,
    )
    told = info_requests.whole(desk, leader, one.id, later)
    assert (one.state, told.standing.late) == ("answered", False)
    assert [step.action for step in told.steps] == [
        *("received", "amend", "amended", "consult", "heard", "ask_extension", "decide_extension"),
        *("tell_extension", "answer"),
    ]
    assert all("苏文清" not in step.note for step in told.steps)


def test_more_than_the_ordinance_gives_is_refused(office: Office) -> None:
    desk, press, one = office.desk, office.press, registered(office)
    late = day(3, 13)
    with pytest.raises(BadInput, match="7 个工作日"):
        info_requests.amend(desk, press, one.id, one.version, date(2026, 3, 12), None, "写明月份", late)
    with pytest.raises(BadInput, match="最多 20"):
        info_requests.ask_extension(desk, press, one.id, one.version, 21, "资料多", late)
    with pytest.raises(BadInput, match="已过"):
        info_requests.ask_extension(desk, press, one.id, one.version, 5, "资料多", day(3, 31))
    with pytest.raises(BadInput, match="答复种类"):
        info_requests.answer(desk, press, one.id, one.version, "not_amended", late.date(), "", "逾期", late)
    asked = info_requests.ask_extension(desk, press, one.id, one.version, 5, "资料多", late)
    with pytest.raises(Conflict):
        info_requests.void(desk, press, one.id, one.version, "重复登记", late)
    refused = info_requests.decide_extension(
        desk, office.leader, one.id, asked.version, False, "没有写明哪些资料", late
    )
    again = info_requests.ask_extension(desk, press, one.id, refused.version, 5, "要查十年的档案", late)
    agreed = info_requests.decide_extension(desk, office.leader, one.id, again.version, True, "", late)
    with pytest.raises(IllegalMove, match="只能延一次"):
        info_requests.ask_extension(desk, press, one.id, agreed.version, 5, "资料多", late)
    assert [cycle.run(desk, "info_cards", late) for _ in range(2)] == [1, 0]
    assert mails(office) == ["【延期未告知】信息公开申请 GK2026-0001"]


def test_each_of_those_who_do_not_answer_is_told_of(office: Office) -> None:
    desk, press, one = office.desk, office.press, registered(office)
    one = info_requests.consult(desk, press, one.id, one.version, "水务局", date(2026, 3, 4), NOW)
    assert [cycle.run(desk, "info_cards", day(3, 26)) for _ in range(2)] == [1, 0]
    (asked,) = info_requests.whole(desk, press, one.id, NOW).consultations
    late = day(3, 26)
    one = info_requests.heard(desk, press, one.id, one.version, asked.id, late.date(), "逾期未提出", late)
    info_requests.consult(desk, press, one.id, one.version, "第三方", late.date(), late)
    assert cycle.run(desk, "info_cards", day(3, 27)) == 0
    assert [cycle.run(desk, "info_cards", day(4, 20)) for _ in range(2)] == [1, 0]
    assert mails(office) == 2 * ["【征求意见到期】信息公开申请 GK2026-0001"]


def test_limits_are_told_once_in_office_hours(office: Office) -> None:
    desk, one = office.desk, registered(office)
    assert cycle.run(desk, "info_cards", day(3, 20)) == 0
    assert cycle.run(desk, "info_cards", day(3, 23, hour=22)) == 0
    assert [cycle.run(desk, "info_cards", day(3, 23)) for _ in range(2)] == [1, 0]
    assert [cycle.run(desk, "info_cards", day(3, 31)) for _ in range(2)] == [1, 0]
    assert mails(office) == ["【已超期】信息公开申请 GK2026-0001", "【快到期】信息公开申请 GK2026-0001"]
    info_requests.answer(
        desk, office.press, one.id, one.version, "given", date(2026, 3, 31), "", "提供", day(3, 31)
    )
    assert cycle.run(desk, "info_cards", day(4, 1)) == 0


def test_a_wrong_answer_is_noted_anew_and_a_mistake_counts_nowhere(office: Office) -> None:
    desk, press, leader = office.desk, office.press, office.leader
    first, second = registered(office), registered(office)
    info_requests.void(desk, press, second.id, second.version, "与前一件重复登记", NOW)
    first = info_requests.answer(desk, press, first.id, first.version, "given", NOW.date(), "", "提供", NOW)
    with pytest.raises(NotAllowed):
        info_requests.reopen(desk, press, first.id, first.version, "种类选错", NOW)
    first = info_requests.reopen(desk, leader, first.id, first.version, "种类选错", NOW)
    info_requests.answer(desk, press, first.id, first.version, "internal", NOW.date(), "", "人事", NOW)
    counted = {line.name: line.total for line in info_figures.year(desk, leader, 2026)}
    assert counted["一、本年新收政府信息公开申请数量"] == 1
    assert (counted["（三）不予公开"], counted["5.属于三类内部事务信息"], counted["（一）予以公开"]) == (
        1,
        1,
        0,
    )
    name, body = info_figures.sheet(desk, leader, 2026)
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert name == "2026年收到和处理政府信息公开申请情况.xlsx"
    assert [row[-1] for row in rows if row[0] == "（七）总计"] == [1]
    assert [row.request.state for row in info_requests.ended(desk, leader, NOW)] == ["void", "answered"]


def test_who_asked_is_kept_no_longer_than_the_table_says(office: Office) -> None:
    desk, one = office.desk, registered(office)
    info_requests.answer(desk, office.press, one.id, one.version, "given", NOW.date(), "", "提供", NOW)
    days = next(row.days for row in desk.bureau.retention if row.what == "info_applicants")
    retaining.tend(desk, NOW + timedelta(days=days - 1))
    assert info_requests.whole(desk, office.press, one.id, NOW).applicant_kept
    retaining.tend(desk, NOW + timedelta(days=days + 1))
    assert not info_requests.whole(desk, office.press, one.id, NOW).applicant_kept
    with pytest.raises(NotFound, match="不再保存"):
        info_requests.applicant(desk, office.press, one.id, "寄送答复书", NOW)


def test_who_goes_to_court_is_noted_with_what_came_of_it(office: Office) -> None:
    desk, press = office.desk, office.press
    one = registered(office)
    one = info_requests.answer(desk, press, one.id, one.version, "given", NOW.date(), "", "提供", NOW)
    with pytest.raises(NotAllowed):
        info_disputes.begun(desk, office.leader, one.id, one.version, "review", NOW.date(), NOW)
    for kind, day in (("appeal", NOW.date()), ("review", NOW.date() + timedelta(days=1))):
        with pytest.raises(BadInput):
            info_disputes.begun(desk, press, one.id, one.version, kind, day, NOW)
    seen = one
    one = info_disputes.begun(desk, press, one.id, one.version, "review", NOW.date(), NOW)
    with pytest.raises(Conflict):
        info_disputes.begun(desk, press, one.id, seen.version, "review", NOW.date(), NOW)
    (begun,) = info_disputes.of_request(desk, office.leader, one.id)
    assert next(line.counts for line in info_figures.disputes(desk, press, 2026)) == (0, 0, 0, 1)
    later = NOW + timedelta(days=50)
    with pytest.raises(BadInput):
        info_disputes.ruled(desk, press, one.id, one.version, begun.id, "lost", later.date(), later)
    one = info_disputes.ruled(desk, press, one.id, one.version, begun.id, "upheld", later.date(), later)
    with pytest.raises(Conflict):
        info_disputes.ruled(desk, press, one.id, one.version, begun.id, "upheld", later.date(), later)
    assert next(line.counts for line in info_figures.disputes(desk, press, 2026)) == (1, 0, 0, 0)
    assert [step.note for step in info_requests.whole(desk, press, one.id, later).steps][-2:] == [
        f"行政复议，{NOW.date().isoformat()}",
        f"行政复议：结果维持，{later.date().isoformat()}",
    ]
    _, body = info_figures.sheet(desk, press, 2026)
    told = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("复议诉讼")
    assert [row[-1] for row in told.to_python() if row[0] == "行政复议"] == [1]


def test_an_answer_is_drawn_with_its_article_and_remedy_and_kept_nowhere(office: Office) -> None:
    desk, press, one = office.desk, office.press, registered(office)
    said = info_papers.Said(
        outcome="internal", text="您申请的内容属于内部事务信息。", serial="", on=NOW.date()
    )
    name, body = info_papers.draw(desk, press, one.id, said, "docx", NOW)
    told = "\n".join(line.text for line in docx.Document(io.BytesIO(body)).paragraphs)
    assert name == f"{one.number}答复书.docx"
    for words in (
        "苏文清：",
        "收到您提出的政府信息公开申请",
        "根据《中华人民共和国政府信息公开条例》第十六条第一款的规定，答复如下：",
        "您申请的内容属于内部事务信息。",
        "应当自收到本答复之日起60日内先向聊城市人民政府申请行政复议",
    ):
        assert words in told
    given = replace(said, outcome="given", serial="聊环公开〔2026〕1号")
    _, body = info_papers.draw(desk, press, one.id, given, "pdf", NOW)
    with pypdfium2.PdfDocument(body) as file:
        printed = "".join("".join(page.get_textpage().get_text_range().split()) for page in file)
    assert "聊环公开〔2026〕1号" in printed and "也可以自收到本答复之日起6个月内" in printed
    steps = info_requests.whole(desk, press, one.id, NOW).steps
    assert [(step.action, step.note) for step in steps][-2:] == [("read", "拟制答复书")] * 2
    assert "苏文清" not in "\n".join(line for lines in everything(desk).values() for line in lines)


def test_an_answer_is_drawn_for_its_kind_by_the_press_office_alone(office: Office) -> None:
    desk, one = office.desk, registered(office)
    said = info_papers.Said(outcome="not_amended", text="不再处理。", serial="", on=NOW.date())
    with pytest.raises(BadInput, match="请选择答复种类"):
        info_papers.draw(desk, office.press, one.id, said, "docx", NOW)
    with pytest.raises(BadInput, match="早于收到申请"):
        early = replace(said, outcome="given", on=NOW.date() - timedelta(days=400))
        info_papers.draw(desk, office.press, one.id, early, "docx", NOW)
    with pytest.raises(NotAllowed):
        info_papers.draw(desk, office.leader, one.id, replace(said, outcome="given"), "docx", NOW)
    assert [step.action for step in info_requests.whole(desk, office.press, one.id, NOW).steps] == [
        "received"
    ]


@pytest.mark.parametrize(("column", "outcome"), [("remedy", "given"), ("remedy_first", "internal")])
def test_no_answer_is_drawn_without_its_remedy(office: Office, column: str, outcome: str) -> None:
    desk, one = office.desk, registered(office)
    table = desk.bureau.info_requests.model_copy(update={column: ""})
    desk.rules._take(desk.bureau.model_copy(update={"info_requests": table}))  # as if its file had been saved
    said = info_papers.Said(outcome=outcome, text="答复。", serial="", on=NOW.date())
    with pytest.raises(BadInput, match="救济途径"):
        info_papers.draw(desk, office.press, one.id, said, "docx", NOW)
    assert [step.action for step in info_requests.whole(desk, office.press, one.id, NOW).steps] == [
        "received"
    ]
