"""What follows a result or an answer by a day of its own: 整改复查, 回访, what an assisting unit owes, parts of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from pathlib import Path

import pytest

from cases import clocks
from flow import cycle
from flow import findings
from flow import life
from flow import rechecking
from flow import revisiting
from flow import splitting
from flow import supervising
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import found

DUNG = next(one for one in TEXTS if "养殖场" in one)
STEPS = ("recalendar", "revisits", "plan_cards", "cards")
HELPER = "guanxian-chengguan"


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


@pytest.fixture
def office(tmp_path: Path, store_url: str):
    with at_work(tmp_path / "office", store_url) as opened:
        opened.fill((DUNG,))
        yield opened


def cards(office):
    """(title, to whom, text) of every card mailed so far."""
    listed = office.desk.store.outbox.listing(purpose="notice", limit=MANY)
    return [(one.title.split("】")[0].strip("【"), one.recipient, one.text) for one in listed]


def limit(case, name, owed_by=""):
    return next((one for one in case.clocks if (one.name, one.owed_by) == (name, owed_by)), None)


def runs(case, name, owed_by=""):
    one = limit(case, name, owed_by)
    return one is not None and clocks.runs(one, case)


def reported(office, rectify_by=date(2026, 3, 20)):
    """The unit reports what it found and orders something put right by a day."""
    case = office.case("assigned", DUNG)
    person = office.handler(case.unit)
    case = life.sign(office.desk, person, case.id, case.version, NOW)
    result = replace(found(), rectify_by=rectify_by)
    return findings.record_result(office.desk, person, case.id, case.version, result, NOW), person


def answered(office, now=NOW):
    """The answer is out."""
    case, _ = reported(office, None)
    cycle.run(office.desk, "draft", now)
    office.approve(office.replies(case), now)
    cycle.run(office.desk, "deliver", now)
    return office.case("answered", DUNG)


def test_what_was_ordered_is_looked_at_again_and_the_unit_is_told_before(office):
    case, person = reported(office)
    assert limit(case, "rectify").due == at(2026, 3, 27, 17, 30)
    cycle.turn(office.desk, at(2026, 3, 26, 8, 31), STEPS)
    unit = office.desk.bureau.unit(case.unit)
    (card,) = [one for one in cards(office) if "整改复查" in one[2]]
    assert card[:2] == ("黄牌提醒", unit.mail)
    assert "请到现场复查整改情况" in card[2]
    done = rechecking.recheck(
        office.desk, person, case.id, case.version, True, "粪污已清运，沟渠已冲洗", at(2026, 3, 26, 15)
    )
    assert limit(done, "rectify").met_how == "rechecked"
    cycle.turn(office.desk, at(2026, 3, 31, 9), STEPS)
    assert len([one for one in cards(office) if "整改复查" in one[2]]) == 1
    assert "已整改到位；粪污已清运" in office.desk.store.cases.history(case.id)[-1].note


def test_what_is_not_put_right_is_looked_at_once_more(office):
    case, person = reported(office)
    version = case.version
    for wrong in (None, date(2026, 3, 20), date(2062, 3, 20)):
        with pytest.raises(BadInput, match="整改期限"):
            rechecking.recheck(
                office.desk, person, case.id, version, False, "只清了一半", at(2026, 3, 20, 15), wrong
            )
    again = rechecking.recheck(
        office.desk, person, case.id, version, False, "只清了一半", at(2026, 3, 20, 15), date(2026, 4, 3)
    )
    assert runs(again, "rectify")
    assert limit(again, "rectify").due == at(2026, 4, 13, 17, 30)  # 4–6 April are days off
    last = rechecking.recheck(
        office.desk, person, case.id, again.version, True, "全部清完", at(2026, 4, 8, 15)
    )
    with pytest.raises(IllegalMove, match="没有等待复查"):
        rechecking.recheck(office.desk, person, case.id, last.version, True, "再看一次", at(2026, 4, 9, 15))


def test_the_limit_of_a_rectification_outlives_the_case_and_ends_with_a_new_round(office):
    case, _ = reported(office)
    closed = life.close(office.desk, office.press, case.id, case.version, "已当面答复", NOW)
    assert runs(closed, "rectify")
    assert [one.clock.name for one in office.desk.store.limits.running(MANY)] == ["rectify"]
    overdue = at(2026, 3, 30, 9)
    figures = office.desk.store.figures.day(overdue.date(), (), overdue)
    counts = {one.key: one.value for one in figures.counts}
    assert (counts["cases_overdue"], counts["rechecks_overdue"]) == (0, 1)
    again = life.reopen(office.desk, office.press, closed.id, closed.version, "又排了", overdue)
    assert "rectify" not in {one.clock.name for one in office.desk.store.limits.running(MANY)}
    assert not runs(again, "rectify")


def test_a_result_put_right_without_a_day_asks_for_no_second_look(office):
    case, person = reported(office)
    back = life.send_to_unit(office.desk, office.press, case.id, case.version, "写明面积", NOW)
    anew = findings.record_result(office.desk, person, back.id, back.version, found(), NOW)
    assert limit(anew, "rectify").met_how == "void"
    assert not runs(anew, "rectify")


def test_only_those_who_have_the_case_say_that_it_was_looked_at(office):
    case, _ = reported(office)
    for stranger in (office.handler("shenxian"), office.reviewer):
        with pytest.raises(NotAllowed):
            rechecking.recheck(office.desk, stranger, case.id, case.version, True, "看过了", NOW)


def test_the_office_is_told_to_ask_the_reporter_until_it_has(office):
    case = answered(office)
    cycle.turn(office.desk, at(2026, 3, 11, 9), STEPS)
    case = office.desk.store.cases.get(case.id)
    assert limit(case, "revisit").due == at(2026, 3, 17, 17, 30)
    assert cycle.run(office.desk, "revisits", at(2026, 3, 11, 9)) == 0
    cycle.turn(office.desk, at(2026, 3, 16, 8, 31), STEPS)
    (card,) = [one for one in cards(office) if "回访时限" in one[2]]
    assert "请回访反映人并登记" in card[2]
    assert "督促" not in card[2]
    assert card[1] != office.desk.bureau.unit(case.unit).mail
    asked = revisiting.visit(
        office.desk, office.press, case.id, case.version, "电话", "满意", "", at(2026, 3, 16, 15)
    )
    assert not runs(asked, "revisit")
    cycle.turn(office.desk, at(2026, 3, 18, 9), STEPS)
    assert len([one for one in cards(office) if "回访时限" in one[2]]) == 1


def in_force(office, rows):
    """The desk with another table of limits."""
    tables = office.desk.bureau.model_copy(update={"clocks": tuple(rows)})
    office.desk.rules._take(tables)  # as if its file had been saved


def test_a_bureau_whose_table_asks_for_no_visit_is_left_alone(office):
    case = answered(office)
    in_force(office, [row for row in office.desk.bureau.clocks if row.name != "revisit"])
    assert cycle.run(office.desk, "revisits", at(2026, 3, 11, 9)) == 0
    assert limit(office.desk.store.cases.get(case.id), "revisit") is None


def test_a_case_that_no_row_asks_a_visit_of_is_looked_at_once(office):
    case = answered(office)
    letters = {"channels": ("letter",)}
    in_force(
        office,
        [
            row.model_copy(update=letters) if row.name == "revisit" else row
            for row in office.desk.bureau.clocks
        ],
    )
    assert cycle.run(office.desk, "revisits", at(2026, 3, 11, 9)) == 1
    assert cycle.run(office.desk, "revisits", at(2026, 3, 11, 9)) == 0
    assert not runs(office.desk.store.cases.get(case.id), "revisit")


def test_an_assisting_unit_has_its_own_day_and_gets_its_own_card(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    helper = desk.bureau.unit(HELPER)
    case = life.dispatch(desk, office.press, case.id, case.version, case.unit, NOW, (HELPER,))
    assert limit(case, "opinion", HELPER).due == at(2026, 3, 12, 17, 30)
    cycle.turn(desk, at(2026, 3, 13, 8, 31), STEPS)
    mine = [one for one in cards(office) if "协办意见的时限" in one[2] or "的协办意见时限" in one[2]]
    assert [one[:2] for one in mine] == [("红牌催办", helper.mail)]
    assert "请向承办单位提出协办意见" in mine[0][2]
    person = colleague(desk, "helper", "handler", HELPER)
    supervising.opine(desk, person, case.id, "已派环卫清运", at(2026, 3, 13, 10))
    said = limit(desk.store.cases.get(case.id), "opinion", HELPER)
    assert (said.met_how, said.met_at) == ("opinion", at(2026, 3, 13, 10))
    before = len(mine)
    cycle.turn(desk, at(2026, 3, 16, 9), STEPS)
    assert len([one for one in cards(office) if "协办意见时限" in one[2]]) == before


def test_a_unit_that_no_longer_assists_owes_nothing(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    case = life.dispatch(desk, office.press, case.id, case.version, case.unit, NOW, (HELPER,))
    other = life.dispatch(desk, office.press, case.id, case.version, case.unit, NOW, ("shenxian",))
    assert not runs(other, "opinion", HELPER)
    assert runs(other, "opinion", "shenxian")


def test_the_first_word_to_the_reporter_is_the_wholes_and_no_part_is_warned_of_it(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    part, *_ = splitting.split(
        desk, office.press, case.id, case.version, [("shenxian", "清运"), (HELPER, "冲洗")], NOW
    )
    assert {one.name for one in part.clocks} == {"handling", "sign"}
    assert runs(desk.store.cases.get(case.id), "first_response")
    cycle.turn(desk, at(2026, 3, 13, 9), STEPS)
    told = [one for one in cards(office) if "首次回应时限" in one[2]]
    assert told
    assert not [one for one in told if part.number in one[2]]
