"""典型案例 from a settled case to the press form on both databases: no names, another person approves, one line in the log."""

from __future__ import annotations

import pytest

from flow import case_batches
from flow import cycle
from flow import findings
from flow import life
from flow import press_log
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import Case
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import found

FOUND = "聊城明光喷涂有限公司未办环评手续，电话13812345678。"


def settled(office: Office) -> Case:
    """A case whose answer went out."""
    _, drafts = office.replying(PAINT)
    office.approve(drafts)
    cycle.run(office.desk, "deliver", NOW)
    return office.case("answered", PAINT)


def test_a_case_is_told_without_names_approved_and_handed_on(office: Office) -> None:
    desk, press, leader = office.desk, office.press, office.leader
    office.fill((PAINT,))
    one = case_batches.begin(desk, press, "现将近期查处的案件公布如下。", NOW)
    with pytest.raises(BadInput, match="不是查实办结"):
        case_batches.pick(desk, press, one.id, one.version, office.case(one=PAINT).number, NOW)
    case = settled(office)
    assert (one.year, one.number) == (2026, 1)
    with pytest.raises(BadInput, match="还没有案例"):
        case_batches.approve(desk, leader, one.id, one.version, NOW)
    one = case_batches.pick(desk, press, one.id, one.version, case.number, NOW)
    assert case.result is not None
    (picked,) = desk.store.case_batches.cases(one.id)
    assert picked.text == f"{case.result.found}{case.result.measure}"
    with pytest.raises(BadInput, match="已在这一批里"):
        case_batches.pick(desk, press, one.id, one.version, case.number, NOW)
    with pytest.raises(BadInput, match="须写明处罚决定已公开的网址或文号"):
        case_batches.reword(desk, press, one.id, one.version, case.id, ("", FOUND, ""), NOW)
    loose = ("小喷漆", FOUND, "聊环罚〔2026〕3号")
    one = case_batches.reword(desk, press, one.id, one.version, case.id, loose, NOW)
    with pytest.raises(Blocked, match="13812345678"):
        case_batches.approve(desk, leader, one.id, one.version, NOW)
    with pytest.raises(Conflict, match="还没有批准"):
        case_batches.press_text(desk, press, one.id)
    words = ("小喷漆", "一家喷漆房没有治理设施，已经停产。", "")
    one = case_batches.reword(desk, press, one.id, one.version, case.id, words, NOW)
    with pytest.raises(NotAllowed):
        case_batches.approve(desk, press, one.id, one.version, NOW)
    one = case_batches.approve(desk, leader, one.id, one.version, NOW)
    with pytest.raises(Conflict):
        case_batches.drop(desk, press, one.id, one.version, case.id, NOW)
    told = case_batches.press_text(desk, press, one.id)
    assert told["cases"] == "案例一　小喷漆：一家喷漆房没有治理设施，已经停产。"
    assert press_log.year(desk, 2026, NOW).sentence == "典型案例1批、案例1件"
    name, body = case_batches.file(desk, leader, one.id, "pdf", NOW)
    assert (name, body[:4]) == ("生态环境违法典型案例（第1批）.pdf", b"%PDF")


def test_a_false_alarm_is_answered_for_by_a_leader_and_personal_data_by_nobody(office: Office) -> None:
    desk, press, leader = office.desk, office.press, office.leader
    office.fill((PAINT,))
    case = settled(office)
    one = case_batches.begin(desk, press, "现将近期查处的案件公布如下。", NOW)
    one = case_batches.pick(desk, press, one.id, one.version, case.number, NOW)
    private = ("小喷漆", "一家喷漆房已经停产，电话13812345678。", "")
    one = case_batches.reword(desk, press, one.id, one.version, case.id, private, NOW)
    with pytest.raises(Blocked, match="13812345678"):
        case_batches.approve(desk, leader, one.id, one.version, NOW, "电话是办公电话，可以公开")
    loose = ("小喷漆", "一家喷漆房已经停产，当事人自称不懂《雾霾防治法》。", "")
    one = case_batches.reword(desk, press, one.id, one.version, case.id, loose, NOW)
    for person, why, error in (
        (leader, "", Blocked),
        (leader, "可以", Blocked),
        (office.reviewer, "属于原文引用，不改", NotAllowed),
    ):
        with pytest.raises(error):
            case_batches.approve(desk, person, one.id, one.version, NOW, why)
    one = case_batches.approve(desk, leader, one.id, one.version, NOW, "属于原文引用，不改")
    assert (one.state, one.approver, one.override) == ("approved", leader.name, "属于原文引用，不改")


def test_whoever_told_and_whoever_did_it_stay_unnamed(office: Office) -> None:
    desk, press = office.desk, office.press
    office.fill((PAINT,))
    case = office.case("assigned", PAINT)
    person = office.handler(case.unit)
    case = life.sign(desk, person, case.id, case.version, NOW)
    told = found(found="水城网友0反映属实，王五喷漆房未办环评手续。", polluter="王五喷漆房")
    case = findings.record_result(desk, person, case.id, case.version, told, NOW)
    case = desk.store.moves.move(case, "answered", action="answered", note="已书面答复", now=NOW)
    with pytest.raises(BadInput, match="导语不点名"):
        case_batches.begin(desk, press, "查处聊城明光喷涂有限公司。", NOW)
    with pytest.raises(Blocked, match="13812345678"):
        case_batches.begin(desk, press, "现公布如下，详询13812345678。", NOW)
    one = case_batches.begin(desk, press, "现将近期查处的案件公布如下。", NOW)
    one = case_batches.pick(desk, press, one.id, one.version, case.number, NOW)
    (picked,) = desk.store.case_batches.cases(one.id)
    assert "某企业未办环评手续" in picked.text
    assert "网友0" not in picked.text
    with pytest.raises(BadInput, match="点名“王五喷漆房”"):
        case_batches.reword(desk, press, one.id, one.version, case.id, ("", "王五喷漆房已停产。", ""), NOW)
    words = ("", "水城网友0说气味小了。", "")
    one = case_batches.reword(desk, press, one.id, one.version, case.id, words, NOW)
    with pytest.raises(Blocked, match="水城网友0"):
        case_batches.approve(desk, office.leader, one.id, one.version, NOW)
    one = case_batches.reword(desk, press, one.id, one.version, case.id, ("", "已停产。", ""), NOW)
    desk.store.moves.move(case, "pending", action="reopened", note="再次反映", now=NOW)
    with pytest.raises(BadInput, match="已不是查实办结"):
        case_batches.approve(desk, office.leader, one.id, one.version, NOW)
