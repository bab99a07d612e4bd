"""销号 from 挂账 to the last signature: each stage, each way back, the papers, what the public reads; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import pairwise

import pypdfium2
import pytest

import cases.ledger
from flow import cancelling
from flow import ledger
from flow import ledger_papers
from flow import oversight
from flow.cancelling import Checked
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import LedgerEntry
from huanyu.types import LedgerLine
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import colleague

UNIT = "zhifa"
ENTRY = LedgerEntry(
    title="徒骇河振兴街道段排污口混入污水",
    origin="inspection_letter",
    ground="第3批",
    unit=UNIT,
    person="支队三大队大队长",
    due=date(2026, 4, 30),
    goal="排口不再有污水排出，断面达到Ⅳ类",
    measures="封堵错接管口，改造雨污管网",
    area="371503",
)
SAID = Checked(
    done="错接管口已封堵，管网改造 320 米完工", evidence="施工验收单、三次水质报告", opinion="达到整改目标"
)
TOLD = "徒骇河振兴街道段排污口混入污水问题，已封堵错接管口、改造雨污管网，水质达到要求，现予公示。"
LATER = NOW + timedelta(days=14)
OFFICES = ("党委主要负责人", "政府主要负责人")


@pytest.fixture
def second(office: Office) -> User:
    return colleague(office.desk, "second", "leader")


def entered(office: Office, **more: object) -> LedgerLine:
    return ledger.enter(office.desk, office.press, replace(ENTRY, **more), NOW)  # type: ignore[arg-type]


def checked(office: Office, line: LedgerLine) -> LedgerLine:
    person = office.handler(UNIT)
    line = ledger.tell(office.desk, person, line.id, line.version, "已进场施工", NOW)
    return cancelling.self_check(office.desk, person, line.id, line.version, SAID, NOW)


def reviewed(office: Office, line: LedgerLine) -> LedgerLine:
    people = "市水利局李某、本局王某"
    return cancelling.review(
        office.desk, office.reviewer, line.id, line.version, NOW.date(), people, "同意销号", NOW
    )


def sampled(office: Office, line: LedgerLine) -> LedgerLine:
    cancelling.draw(office.desk, office.press, NOW, seed="公开抽取 08 15 23")
    line = office.desk.store.ledger.get(line.id)
    if line.state == "drawn":
        line = cancelling.passed(
            office.desk, office.reviewer, line.id, line.version, "现场复看，未见反弹", NOW
        )
    return line


def signing(office: Office, line: LedgerLine) -> LedgerLine:
    line = cancelling.write_notice(office.desk, office.press, line.id, line.version, TOLD, NOW)
    line = cancelling.publish_notice(office.desk, office.leader, line.id, line.version, NOW)
    return cancelling.end_notice(office.desk, office.press, line.id, line.version, "未收到异议", LATER)


def signed(office: Office, line: LedgerLine, names: tuple[str, str] = ("甲某", "乙某")) -> LedgerLine:
    for title, name in zip(OFFICES, names, strict=True):
        line = cancelling.sign(
            office.desk, office.press, line.id, line.version, title, name, LATER.date(), LATER
        )
    return line


def at_signing(office: Office) -> LedgerLine:
    return signing(office, sampled(office, reviewed(office, checked(office, entered(office)))))


def words(body: bytes) -> str:
    with pypdfium2.PdfDocument(body) as paper:
        return "".join("".join(page.get_textpage().get_text_bounded() for page in paper).split())


def test_the_whole_way_with_both_signatures_and_both_papers(office: Office) -> None:
    line = signed(office, at_signing(office))
    line = cancelling.cancel(office.desk, office.leader, line.id, line.version, LATER)
    assert (line.state, line.serial, line.cancelled_at) == ("cancelled", "聊环销〔2026〕1号", LATER)
    papers = office.desk.store.ledger.papers(line.id)
    assert [one.serial for one in papers] == ["聊环验〔2026〕1号", "聊环销〔2026〕1号"]
    told = words(ledger_papers.file(office.desk, line, papers[1].id, "pdf")[1])
    for part in ("党委主要负责人：甲某", "政府主要负责人：乙某", "同意销号", "未收到异议", line.number):
        assert part in told
    report = words(ledger_papers.file(office.desk, line, papers[0].id, "pdf")[1])
    assert "改造320米完工" in report
    assert "〔待填" not in report
    seen = [step.state for step in office.desk.store.ledger.steps(line.id)]
    assert list(dict.fromkeys(seen))[:4] == ["pending", "working", "checked", "reviewed"]
    for before, after in pairwise(seen):
        assert before == after or after in cases.ledger.ALLOWED[before]
    assert office.desk.store.audit.verify() == []


def test_everything_that_must_be_there_is_asked_for_at_once(office: Office) -> None:
    with pytest.raises(BadInput, match="责任人、整改目标、整改措施"):
        entered(office, person="", goal=" ", measures="")
    with pytest.raises(BadInput, match="个人信息"):
        entered(office, title="向张某 13800001234 反映的问题")
    with pytest.raises(BadInput, match="单位表"):
        entered(office, unit="nobody")
    assert office.desk.store.ledger.listing() == []


def test_one_signature_or_one_person_twice_is_not_enough(office: Office) -> None:
    line = at_signing(office)
    desk = office.desk
    with pytest.raises(IllegalMove, match="还缺签字：党委主要负责人、政府主要负责人"):
        cancelling.cancel(desk, office.leader, line.id, line.version, LATER)
    line = cancelling.sign(
        desk, office.press, line.id, line.version, OFFICES[0], "甲 某", LATER.date(), LATER
    )
    with pytest.raises(Conflict, match="签过字"):
        cancelling.sign(desk, office.press, line.id, line.version, OFFICES[1], "甲某", LATER.date(), LATER)
    with pytest.raises(IllegalMove, match="还缺签字：政府主要负责人"):
        cancelling.cancel(desk, office.leader, line.id, line.version, LATER)
    with pytest.raises(BadInput, match="不需要这个职务"):
        cancelling.sign(desk, office.press, line.id, line.version, "局长", "丙某", LATER.date(), LATER)


def test_who_recorded_the_signatures_does_not_take_the_line_off(office: Office, second: User) -> None:
    line, desk = at_signing(office), office.desk
    for title, name in zip(OFFICES, ("甲某", "乙某"), strict=True):
        line = cancelling.sign(desk, office.leader, line.id, line.version, title, name, LATER.date(), LATER)
    with pytest.raises(NotAllowed, match="另一位"):
        cancelling.cancel(desk, office.leader, line.id, line.version, LATER)
    assert cancelling.cancel(desk, second, line.id, line.version, LATER).state == "cancelled"


def test_signatures_before_a_return_count_no_more(office: Office) -> None:
    line = signed(office, at_signing(office))
    line = cancelling.send_back(office.desk, office.leader, line.id, line.version, "现场又见污水", LATER)
    assert (line.state, line.checked_by, line.notice, line.notice_to) == ("working", "", "", None)
    assert office.desk.store.ledger.signatures(line.id) == []


@pytest.mark.parametrize("stage", ["checked", "reviewed", "drawn", "noticed", "signing"])
def test_each_stage_sends_back_with_a_reason(office: Office, stage: str) -> None:
    desk, line = office.desk, checked(office, entered(office))
    if stage != "checked":
        line = reviewed(office, line)
    if stage == "drawn":
        cancelling.draw(desk, office.press, NOW)
        line = desk.store.ledger.get(line.id)
    if stage in ("noticed", "signing"):
        line = sampled(office, line)
        line = cancelling.write_notice(desk, office.press, line.id, line.version, TOLD, NOW)
        line = cancelling.publish_notice(desk, office.leader, line.id, line.version, NOW)
    if stage == "signing":
        line = cancelling.end_notice(desk, office.press, line.id, line.version, "无异议", LATER)
    assert line.state == stage
    with pytest.raises(BadInput, match="理由"):
        cancelling.send_back(desk, office.reviewer, line.id, line.version, " ", NOW)
    back = cancelling.send_back(desk, office.reviewer, line.id, line.version, "未达到整改目标", NOW)
    assert (back.state, back.round) == ("working", 1)
    last = desk.store.ledger.steps(line.id)[-1]
    assert (last.action, last.facts["from"]) == ("sent_back", stage)


def test_a_line_that_was_taken_off_comes_back_under_its_own_number(office: Office) -> None:
    line = signed(office, at_signing(office))
    line = cancelling.cancel(office.desk, office.leader, line.id, line.version, LATER)
    with pytest.raises(IllegalMove, match="不能修改"):
        ledger.amend(
            office.desk, office.press, line.id, line.version, replace(ENTRY, goal="另定"), "x", LATER
        )
    back = cancelling.send_back(office.desk, office.press, line.id, line.version, "雨后又排黑水", LATER)
    assert (back.number, back.state, back.round, back.serial) == (line.number, "working", 2, "")


def test_nobody_reviews_what_they_checked_and_nobody_agrees_to_their_own_notice(office: Office) -> None:
    desk, line = office.desk, entered(office)
    line = ledger.tell(desk, office.press, line.id, line.version, "代报：已进场", NOW)
    line = cancelling.self_check(desk, office.press, line.id, line.version, SAID, NOW)
    with pytest.raises(NotAllowed, match="自验由您填报"):
        cancelling.review(desk, office.press, line.id, line.version, NOW.date(), "本局王某", "同意", NOW)
    line = sampled(office, reviewed(office, line))
    with pytest.raises(IllegalMove, match="还没有拟定公示内容"):
        cancelling.publish_notice(desk, office.leader, line.id, line.version, NOW)
    with pytest.raises(BadInput, match="个人信息"):
        cancelling.write_notice(desk, office.press, line.id, line.version, f"{TOLD}电话13800001234", NOW)
    line = cancelling.write_notice(desk, office.press, line.id, line.version, TOLD, NOW)
    with pytest.raises(NotAllowed, match="无权"):
        cancelling.publish_notice(desk, office.press, line.id, line.version, NOW)


def test_the_notice_stands_five_working_days_and_no_longer(office: Office) -> None:
    desk, line = office.desk, sampled(office, reviewed(office, checked(office, entered(office))))
    line = cancelling.write_notice(desk, office.press, line.id, line.version, TOLD, NOW)
    assert cancelling.public_notices(desk, NOW) == []
    line = cancelling.publish_notice(desk, office.leader, line.id, line.version, NOW)
    assert line.notice_to == date(2026, 3, 17), "Tuesday and five working days"
    last = datetime.combine(line.notice_to, NOW.timetz())
    assert [one.id for one in cancelling.public_notices(desk, last)] == [line.id]
    with pytest.raises(IllegalMove, match="还没有满"):
        cancelling.end_notice(desk, office.press, line.id, line.version, "无异议", last)
    assert cancelling.public_notices(desk, last + timedelta(days=1)) == []


def test_a_draw_is_kept_so_that_it_can_be_drawn_again(office: Office) -> None:
    desk = office.desk
    for number in range(6):
        reviewed(office, checked(office, entered(office, title=f"第{number}处堆场未苫盖")))
    found = cancelling.draw(desk, office.press, NOW)
    (kept,) = desk.store.ledger.draws()
    assert (kept.id, len(kept.pool), len(kept.lots)) == (found, 6, 2)
    assert cancelling.recount(kept) == kept.lots
    states = {line.number: line.state for line in desk.store.ledger.listing()}
    assert {number for number, state in states.items() if state == "drawn"} == set(kept.lots)
    with pytest.raises(IllegalMove, match="没有待抽查"):
        cancelling.draw(desk, office.press, NOW)


def test_another_unit_does_not_see_the_line(office: Office) -> None:
    line, other = entered(office), office.handler("371522")
    assert [one.line.id for one in ledger.listing(office.desk, office.handler(UNIT), NOW)] == [line.id]
    assert ledger.listing(office.desk, other, NOW) == []
    with pytest.raises(NotAllowed, match="不属于您所在的单位"):
        ledger.tell(office.desk, other, line.id, line.version, "代别人报", NOW)


def test_who_comes_second_is_told_so(office: Office) -> None:
    line, person = entered(office), office.handler(UNIT)
    ledger.tell(office.desk, person, line.id, line.version, "已进场", NOW)
    with pytest.raises(Conflict, match="刚被他人办理过"):
        ledger.tell(office.desk, person, line.id, line.version, "已进场", NOW)


def test_listing_under_its_own_numbers_and_a_leader_in_charge(office: Office, second: User) -> None:
    desk, line, other = office.desk, entered(office), entered(office, title="另一处")
    oversight.list_line(desk, office.leader, line.id, line.version, "市级挂牌", "群众多次反映", None, NOW)
    oversight.list_line(desk, second, other.id, other.version, "省级挂牌", "省里点名", date(2026, 7, 1), NOW)
    first, last = desk.store.oversight.listings()
    assert (first.serial, first.due) == ("聊环挂督〔2026〕1号", date(2026, 6, 8))
    assert (last.serial, last.due) == ("聊环挂督〔2026〕2号", date(2026, 7, 1))
    with pytest.raises(Conflict, match="已经挂牌督办"):
        oversight.list_line(desk, office.leader, line.id, line.version, "市级挂牌", "再挂", None, NOW)
    oversight.take_charge(desk, office.leader, line.id, line.version, "丁某", "副市长", NOW)
    oversight.visit(desk, office.press, line.id, line.version, NOW.date(), "到场调度，要求月底前完工", NOW)
    (charge,) = desk.store.oversight.charges(line.id)
    assert (charge.leader, charge.visits) == ("丁某", ((NOW.date(), "到场调度，要求月底前完工"),))
    oversight.end_charge(desk, office.leader, line.id, line.version, "已完工", LATER)
    oversight.unlist(desk, office.leader, line.id, line.version, "整改完成", LATER)
    with pytest.raises(Conflict, match="没有挂牌"):
        oversight.unlist(desk, office.leader, line.id, line.version, "再摘", LATER)
    assert desk.store.oversight.listings() == [last]
    numbers = [one.number for one in desk.store.documents.of_kind("ledger_listing", 2026)]
    assert numbers == [1, 2], "the one refused took no number"
