"""A 新闻发布会 from its plan to the archive on both databases: approvals, what is printed, the limit it meets, who came."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import docx
import pytest
import python_calamine

from flow import conferences
from flow import cycle
from flow import incidents
from flow import press_answers
from flow import press_log
from flow import press_papers
from flow import routing
from flow.press_answers import Said
from huanyu.cells import workbook
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Answer
from huanyu.types import ConferencePlan
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Office

PLAN = ConferencePlan(
    theme="徒骇河水质",
    at=NOW + timedelta(days=2),
    place="局机关三楼",
    host="言正（办公室主任）",
    speakers=("陆清（副局长）", "陆清（副局长）", " "),
    invited=("聊城日报",),
    agenda="通报情况\n答记者问",
)
DUNG = next(one for one in TEXTS if "养殖场" in one)
LATER = PLAN.at + timedelta(hours=2)
SAID = Said(kind="question", question="河水何时变清？", answer="排口已经封堵，三天取一次水样，结果张贴公布。")


def approved(office: Office, said: Said) -> Answer:
    one = press_answers.write(office.desk, office.press, said, NOW)
    return press_answers.approve(office.desk, office.leader, one.id, one.version, NOW)


def printed(office: Office, conference_id: int, paper: press_papers.Paper) -> str:
    _, body = press_papers.file(office.desk, office.press, conference_id, paper, "docx", NOW)
    file = docx.Document(io.BytesIO(body))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in file.paragraphs), *cells])


def test_from_the_plan_to_the_archive(office: Office, tmp_path: Path) -> None:
    desk, press, leader = office.desk, office.press, office.leader
    one = conferences.plan(desk, press, PLAN, NOW)
    assert (one.number, one.speakers) == ("2026-01", ("陆清（副局长）",))
    with pytest.raises(NotAllowed):
        conferences.approve(desk, press, one.id, one.version, NOW)
    with pytest.raises(IllegalMove, match="“筹备”，不能改为“已召开”"):
        conferences.held(desk, press, one.id, one.version, LATER)
    assert "未审定" in printed(office, one.id, "plan")
    one = conferences.approve(desk, leader, one.id, one.version, NOW)
    one = conferences.replan(desk, press, one.id, one.version, replace(PLAN, place="市政府新闻发布厅"), NOW)
    assert (one.state, one.approver) == ("planned", "")
    one = conferences.approve(desk, leader, one.id, one.version, NOW)
    told = printed(office, one.id, "plan")
    assert "未审定" not in told
    assert "2026年3月12日10:00，市政府新闻发布厅。" in told
    conferences.ask(desk, press, one.id, (), "聊城日报", "闻笔", NOW)
    conferences.ask(desk, press, one.id, (), "聊城日报", "闻笔", NOW)
    conferences.ask(desk, press, one.id, (), "聊城电视台", "", NOW)
    assert "闻笔" in printed(office, one.id, "signing")
    with pytest.raises(IllegalMove, match="“已审定”，不能登记报道"):
        conferences.printed(desk, press, one.id, {}, NOW)
    with pytest.raises(BadInput, match="还没有到发布会的时间"):
        conferences.held(desk, press, one.id, one.version, NOW)
    conferences.held(desk, press, one.id, one.version, LATER)
    one = desk.store.conferences.get(one.id)
    with pytest.raises(BadInput, match="还没有登记到会的媒体"):
        conferences.archive(desk, press, one.id, one.version, LATER)
    listed = desk.store.conferences.attendance(one.id)
    assert [each.outlet for each in listed] == ["聊城日报", "聊城电视台"]
    conferences.came(desk, press, one.id, tuple(each.id for each in listed), LATER)
    news = {
        "kind": "coverage",
        "day": "2026-03-12",
        "title": "徒骇河变清了",
        "outlet": "聊城日报",
        "tone": "正面",
    }
    conferences.printed(desk, press, one.id, news, LATER)
    assert press_log.year(desk, 2026, LATER).sentence == "报道1条、发布会1场、到会媒体2家"
    found = conferences.whole(desk, leader, one.id, LATER)
    assert [each.title for each in found.coverage] == ["徒骇河变清了"]
    assert conferences.archive(desk, press, one.id, one.version, LATER).state == "archived"
    path = tmp_path / "2026.xlsx"
    path.write_bytes(press_log.as_workbook(desk, press, 2026, LATER))
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("台账").to_python()
    again = tmp_path / "又一遍.xlsx"
    again.write_bytes(workbook({"台账": [tuple(str(cell) for cell in row) for row in rows]}))
    done = press_log.take_in(desk, press, again, LATER)
    assert (done.new, done.known, done.bad) == (0, 2, ())  # the line the desk wrote itself is known, too


def test_a_limit_that_waits_for_the_press_is_met_when_it_was_held(office: Office) -> None:
    desk, press = office.desk, office.press
    office.fill((DUNG,))
    cycle.turn(desk, NOW, ("understand", "open", "route"))
    case = office.case("assigned", DUNG)
    routing.raise_to(desk, case, "重大", "死鱼", NOW)
    assert [one.clock.name for one in desk.store.limits.running(MANY, names=["press"])] == ["press"]
    one = conferences.plan(desk, press, PLAN, NOW)
    conferences.add_case(desk, press, one.id, case.number, NOW)
    conferences.add_case(desk, press, one.id, case.number, NOW)
    one = conferences.approve(desk, office.leader, one.id, one.version, NOW)
    assert conferences.held(desk, press, one.id, one.version, LATER) == (case.number,)
    assert desk.store.limits.running(MANY, names=["press"]) == []
    assert [each.id for each in conferences.whole(desk, press, one.id, LATER).cases] == [case.id]


def test_the_limits_of_its_incidents_cases_are_met_too(office: Office) -> None:
    desk, press = office.desk, office.press
    office.fill((DUNG,))
    case = office.case("assigned", DUNG)
    routing.raise_to(desk, case, "重大", "死鱼", NOW)
    case = desk.store.cases.get(case.id)
    incident = incidents.propose(desk, press, case.id, case.version, "死鱼", NOW)
    one = conferences.plan(desk, press, replace(PLAN, incident_id=incident), NOW)
    one = conferences.approve(desk, office.leader, one.id, one.version, NOW)
    assert conferences.held(desk, press, one.id, one.version, LATER) == (case.number,)
    assert desk.store.limits.running(MANY, names=["press"]) == []


def test_only_what_another_person_approved_and_holds_that_day_is_printed(office: Office) -> None:
    desk, press, leader = office.desk, office.press, office.leader
    one = conferences.plan(desk, press, PLAN, NOW)
    with pytest.raises(BadInput, match="还没有经批准"):
        press_papers.file(desk, press, one.id, "answers", "docx", NOW)
    draft = press_answers.write(desk, press, replace(SAID, question="罚了多少？"), NOW)
    short = approved(office, replace(SAID, question="昨天的数呢？", valid_until=NOW.date()))
    stands = approved(office, SAID)
    line = approved(office, Said(kind="line", question="徒骇河", answer="以监测结果为准。"))
    for each in (draft, short, stands, line):
        conferences.add_answer(desk, press, one.id, each.id, NOW)
    shown = conferences.whole(desk, press, one.id, NOW).answers
    assert [how for _, how in shown] == ["draft", "expired", "approved", "approved"]
    told = printed(office, one.id, "answers")
    assert "罚了多少" not in told
    assert "昨天的数" not in told
    assert told.index("以监测结果为准") < told.index("问：河水何时变清？") < told.index("答：排口已经封堵")
    rewritten = press_answers.rewrite(desk, press, stands.id, stands.version, SAID, NOW)
    assert (rewritten.state, rewritten.approver) == ("draft", "")
    assert "河水何时变清" not in printed(office, one.id, "answers")
    late = NOW + timedelta(days=100)  # put off and never planned anew: the line has run out by now
    shown = conferences.whole(desk, press, one.id, late).answers
    assert [how for _, how in shown] == ["draft", "expired", "draft", "expired"]
    with pytest.raises(BadInput, match="还没有经批准"):
        press_papers.file(desk, press, one.id, "answers", "docx", late)
    press_answers.withdraw(desk, leader, line.id, line.version, "情况有变", NOW)
    with pytest.raises(BadInput, match="还没有经批准"):
        press_papers.file(desk, press, one.id, "answers", "pdf", NOW)


def test_nobody_approves_their_own_words_nor_words_the_checks_refuse(office: Office) -> None:
    desk, press, leader = office.desk, office.press, office.leader
    one = press_answers.write(desk, press, SAID, NOW)
    with pytest.raises(NotAllowed):
        press_answers.approve(desk, press, one.id, one.version, NOW)
    loose = press_answers.write(desk, press, replace(SAID, answer="举报人电话13812345678，可以去问。"), NOW)
    with pytest.raises(Blocked, match="13812345678"):
        press_answers.approve(desk, leader, loose.id, loose.version, NOW)
    with pytest.raises(Blocked, match="13812345678"):
        press_answers.approve(desk, leader, loose.id, loose.version, NOW, "电话是办公电话，可以公开")
    blunt = replace(SAID, question="有人问起的传言", answer="没有这部法律。")
    quoted = press_answers.write(
        desk, press, replace(blunt, answer="网上流传的《雾霾防治法》并不存在。"), NOW
    )
    with pytest.raises(Blocked, match="雾霾防治法"):
        press_answers.approve(desk, leader, quoted.id, quoted.version, NOW)
    quoted = press_answers.approve(desk, leader, quoted.id, quoted.version, NOW, "辟谣要写出谣言的原话")
    assert (quoted.approver, quoted.override) == (leader.name, "辟谣要写出谣言的原话")
    quoted = press_answers.rewrite(desk, press, quoted.id, quoted.version, blunt, NOW)
    assert (quoted.state, quoted.override) == ("draft", "")
    press_answers.withdraw(desk, press, quoted.id, quoted.version, "与前一条重复", NOW)
    with pytest.raises(Conflict):
        press_answers.approve(desk, leader, one.id, one.version + 1, NOW)
    with pytest.raises(BadInput, match="有效期须在今天以后"):
        press_answers.write(desk, press, replace(SAID, valid_until=NOW.date() - timedelta(days=1)), NOW)
    assert [each.id for each in press_answers.search(desk, leader, "水样 变清")] == [one.id]
    assert press_answers.search(desk, leader, "100%") == []


def test_how_a_question_is_asked_is_whoever_asks_it(office: Office) -> None:
    desk, press = office.desk, office.press
    blunt = replace(SAID, question="昨天的数呢？你们到底管不管？")
    one = press_answers.write(desk, press, blunt, NOW)
    assert press_answers.problems(desk, one, NOW) == ()
    ours = press_answers.write(desk, press, replace(blunt, kind="line"), NOW)
    assert {each.kind for each in press_answers.problems(desk, ours, NOW)} == {"tone"}
