"""Limits as the desk lives with them: cards up the ladder, a pause, more time, a holiday notice, what meets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from cases.calendar import LIBRARY_LAST
from cases.calendar import WorkCalendar
from flow import cycle
from flow import grading
from flow import life
from flow import limits
from flow import resting
from flow import routing
from flow import supervising
from huanyu.bureau import Calendar
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import raw

DUNG = next(one for one in TEXTS if "养殖场" in one)  # neither urgent nor grave
STAGE = next(iter(supervising.STAGES))
STEPS = ("recalendar", "plan_cards", "cards")
WHY = "等检测报告"


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


@pytest.fixture
def office(tmp_path: Path, store_url: str):
    with at_work(tmp_path / "office", store_url) as opened:
        opened.fill((DUNG,))
        cycle.turn(opened.desk, NOW, STEPS)
        yield opened


def due(office, name="handling"):
    return next(clock for clock in office.case(one=DUNG).clocks if clock.name == name).due


def told(office):
    """(stage, to whom) of every card mailed so far."""
    listed = office.desk.store.outbox.listing(purpose="notice", limit=MANY)
    return [
        (one.title.split("】")[0].strip("【"), one.recipient) for one in listed if "单】" not in one.title
    ]


def turn(office, *when: int):
    return cycle.turn(office.desk, at(*when), STEPS)["cards"]


def signed(office):
    case = office.case("assigned", DUNG)
    return life.sign(office.desk, office.handler(case.unit), case.id, case.version, NOW)


def test_nobody_signs_and_the_word_climbs_the_tree_once_each(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    unit = desk.bureau.unit(case.unit)
    parent = desk.bureau.unit(unit.parent)
    assert due(office, "sign") == at(2026, 3, 11, 17, 30)
    assert turn(office, 2026, 3, 11, 17, 31) == 0  # the office has closed
    climbed = []
    for day in (12, 13, 16, 17):
        before = told(office)
        turn(office, 2026, 3, day, 8, 30)
        assert turn(office, 2026, 3, day, 8, 31) == 0
        climbed.append(set(told(office)[len(before) :]))
    assert ("红牌催办", unit.mail) in climbed[0]
    assert {("逾期续催", unit.mail), ("逾期上报（一级）", parent.mail)} <= climbed[1]
    assert {title for title, _ in climbed[2]} >= {"逾期上报（二级）", "逾期续催"}
    assert {title for title, _ in climbed[3]} >= {"逾期上报（三级）", "逾期续催"}


def test_a_signature_ends_the_word_about_it(office):
    signed(office)
    assert "sign" not in {one.clock.name for one in office.desk.store.limits.running(MANY)}
    turn(office, 2026, 3, 13, 8, 30)
    assert not any(title == "逾期续催" for title, _ in told(office))


def test_a_pause_moves_what_is_left_and_its_cards(office):
    case = signed(office)
    before = due(office)
    assert before == at(2026, 3, 17, 17, 30)
    paused = resting.pause(
        office.desk, office.press, case.id, case.version, WHY, at(2026, 3, 11, 9), _pause(office)
    )
    turn(office, 2026, 3, 16, 8, 30)  # the yellow card of the old moment
    assert not any("办结" in event.note for event in office.desk.store.cases.history(case.id)[-3:])
    resting.resume(office.desk, office.press, case.id, paused.version, "", at(2026, 3, 13, 9))
    assert due(office) == at(2026, 3, 19, 17, 30)  # Thursday and Friday stood still
    assert due(office, "first_response") == case.learned_at + timedelta(hours=48)


def test_a_resumed_limit_is_right_even_if_only_the_step_reckons_it(office):
    case = signed(office)
    desk = office.desk
    paused = resting.pause(desk, office.press, case.id, case.version, WHY, at(2026, 3, 11, 9), _pause(office))
    desk.store.moves.move(paused, "signed", action="resumed", note="", now=at(2026, 3, 13, 9))
    assert cycle.run(desk, "recalendar", at(2026, 3, 13, 9)) == 1
    assert due(office) == at(2026, 3, 19, 17, 30)
    assert cycle.run(desk, "recalendar", at(2026, 3, 13, 9)) == 0


def test_a_second_hand_over_keeps_pauses_and_extensions(office):
    case = signed(office)
    desk = office.desk
    paused = resting.pause(desk, office.press, case.id, case.version, WHY, at(2026, 3, 11, 9), _pause(office))
    back = resting.resume(desk, office.press, case.id, paused.version, "", at(2026, 3, 13, 9))
    routing.hand_over(desk, back, routing.route_of(back), at(2026, 3, 13, 10))
    assert due(office) == at(2026, 3, 19, 17, 30)


def test_more_time_is_asked_by_the_unit_and_granted_by_the_office(office):
    case = signed(office)
    person, desk = office.handler(case.unit), office.desk
    number = limits.ask(desk, person, case.id, case.version, "handling", 3, WHY, at(2026, 3, 16, 10))
    with pytest.raises(IllegalMove):  # one waits for its decision
        limits.ask(desk, person, case.id, case.version, "handling", 2, WHY, at(2026, 3, 16, 10))
    cycle.turn(desk, at(2026, 3, 16, 10, 1), STEPS)
    limits.decide(desk, office.press, number, True, "", at(2026, 3, 16, 11))
    assert due(office) == at(2026, 3, 20, 17, 30)
    limits.tell(desk, office.press, number, "电话", at(2026, 3, 16, 12))
    asked = desk.store.extensions.get(number)
    assert (asked.told_how, asked.new_due) == ("电话", at(2026, 3, 20, 17, 30))
    turn(office, 2026, 3, 18, 8, 30)
    assert not any("红牌" in title and "办结" in title for title, _ in told(office))


def test_more_time_has_its_bounds(office):
    case = signed(office)
    person, desk = office.handler(case.unit), office.desk

    def ask(amount=3, name="handling", reason=WHY, when=NOW, user=person):
        return limits.ask(desk, user, case.id, case.version, name, amount, reason, when)

    with pytest.raises(BadInput, match="最多 5"):
        ask(6)
    with pytest.raises(BadInput):
        ask(reason=" ")
    with pytest.raises(IllegalMove):
        ask(name="first_response")
    with pytest.raises(IllegalMove):
        ask(when=at(2026, 3, 18, 9))  # over already
    with pytest.raises(NotAllowed):
        ask(user=office.reviewer)
    number = ask()
    with pytest.raises(NotAllowed):
        limits.decide(desk, person, number, True, "", NOW)
    limits.decide(desk, office.leader, number, False, "理由不足", NOW)
    assert due(office) == at(2026, 3, 17, 17, 30)
    limits.decide(desk, office.leader, ask(2), True, "", NOW)
    with pytest.raises(IllegalMove):  # once only
        ask(1)


def test_more_time_granted_in_a_pause_counts_when_the_case_goes_on(office):
    case = signed(office)
    person, desk = office.handler(case.unit), office.desk
    number = limits.ask(desk, person, case.id, case.version, "handling", 3, WHY, NOW)
    paused = resting.pause(desk, office.press, case.id, case.version, WHY, at(2026, 3, 11, 9), _pause(office))
    limits.decide(desk, office.press, number, True, "", at(2026, 3, 12, 9))
    resting.resume(desk, office.press, case.id, paused.version, "", at(2026, 3, 13, 9))
    assert due(office) == at(2026, 3, 24, 17, 30)


def test_a_major_matter_is_told_at_night_and_an_ordinary_one_is_not(office):
    case = office.case("assigned", DUNG)
    routing.raise_to(office.desk, case, "重大", "涉及学校", at(2026, 3, 10, 22))
    assert turn(office, 2026, 3, 10, 22, 1) > 0
    assert turn(office, 2026, 3, 10, 22, 2) == 0


def test_whoever_is_on_duty_is_named_in_the_mail(office):
    desk, night = office.desk, at(2026, 3, 10, 22, 1)
    squad = desk.bureau.unit("zhifa")
    person = office.handler("zhifa")
    until = night + timedelta(hours=9)
    desk.store.rosters.add_shift("zhifa", person.id, night - timedelta(hours=4), until, "夜班", "press", NOW)
    routing.raise_to(desk, office.case("assigned", DUNG), "重大", "涉及学校", night)
    cycle.turn(desk, night, STEPS)
    mails = [
        one for one in desk.store.outbox.listing(purpose="notice", limit=MANY) if one.recipient == squad.mail
    ]
    assert mails
    assert all(f"值班人员：{person.full_name}" in one.text for one in mails)


def test_a_card_that_slept_through_its_hours_waits_for_the_office(office):
    assert turn(office, 2026, 3, 14, 3, 0) == 0  # a Saturday night, after days without a turn
    assert turn(office, 2026, 3, 16, 8, 30) > 0
    assert turn(office, 2026, 3, 16, 8, 31) == 0


def test_a_press_conference_meets_its_limit(office):
    case = routing.raise_to(office.desk, office.case("assigned", DUNG), "重大", "涉及学校", NOW)
    assert set(limits.held_press(office.desk, office.press, case.id, "10日下午举行", NOW)) == {
        "press",
        "first_response",
    }
    running = {one.clock.name for one in office.desk.store.limits.running(MANY)}
    assert running == {"handling", "sign"}
    with pytest.raises(IllegalMove):
        limits.held_press(office.desk, office.press, case.id, "又举行", NOW)
    with pytest.raises(NotAllowed):
        limits.held_press(office.desk, office.reviewer, case.id, "举行", NOW)


def test_a_word_with_the_reporter_is_a_first_response(office):
    case = office.case("assigned", DUNG)
    supervising.tell(office.desk, office.press, case.id, supervising.WAYS[0], STAGE, "已受理，正在核查", NOW)
    met = {clock.name: clock.met_how for clock in office.case(one=DUNG).clocks}
    assert met["first_response"] == "contact"
    assert "first_response" not in {one.clock.name for one in office.desk.store.limits.running(MANY)}


def test_a_reply_that_left_is_a_first_response(office):
    case, messages = office.replying(DUNG)
    office.approve(messages)
    cycle.run(office.desk, "deliver", NOW)
    met = {clock.name: clock.met_how for clock in office.desk.store.cases.get(case.id).clocks}
    assert met["first_response"] == "reply"


def test_a_notice_loaded_later_makes_the_limits_certain(office):
    desk, year = office.desk, LIBRARY_LAST + 1
    case = desk.store.cases.get(office.case("assigned", DUNG).id)
    late = replace(case, learned_at=datetime(LIBRARY_LAST, 12, 30, 9, tzinfo=SHANGHAI))
    desk.store.moves.tighten(case, limits.of(desk, late, late.learned_at), None, "试", late.learned_at)
    cycle.turn(desk, late.learned_at, STEPS)
    before = due(office)
    assert next(c for c in office.case(one=DUNG).clocks if c.name == "handling").provisional
    free = before.date()
    desk.__dict__["calendar"] = WorkCalendar(Calendar(published_until=year, holidays=(free,)))
    assert cycle.run(desk, "recalendar", late.learned_at) > 0
    handling = next(c for c in office.case(one=DUNG).clocks if c.name == "handling")
    assert (handling.provisional, handling.due > before) == (False, True)
    assert "放假通知已公布" in desk.store.cases.history(case.id)[-1].note
    assert cycle.run(desk, "recalendar", late.learned_at) == 0


def _pause(office):
    """A reason for a pause, as the table names it."""
    return next(row.key for row in office.desk.bureau.reasons if row.act == "pause")


def test_the_daily_word_goes_on_though_the_cards_are_made_anew_on_the_same_day(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    for day in (12, 13):
        turn(office, 2026, 3, day, 8, 30)
    desk.store.moves.grade(case, "较大", "多人反映", at(2026, 3, 13, 9))  # who is told may be others
    turn(office, 2026, 3, 13, 9)
    assert [title for title, _ in told(office)].count("逾期续催") == 1
    turn(office, 2026, 3, 16, 8, 30)
    assert [title for title, _ in told(office)].count("逾期续催") == 2


def test_a_graver_level_gives_the_unit_no_new_time_to_sign(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    raised = routing.raise_to(desk, case, "较大", "多人反映", at(2026, 3, 11, 9))
    assert due(office, "sign") == at(2026, 3, 11, 17, 30)
    person = office.leader
    said = grading.confirm_level(
        desk, person, raised.id, raised.version, "一般", "查无此事", at(2026, 3, 11, 10)
    )
    assert said.level == "一般"
    assert due(office, "sign") == at(2026, 3, 11, 17, 30)


def test_a_level_is_raised_together_with_its_limits(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    raised = routing.raise_to(desk, case, "重大", "死鱼", NOW)
    assert due(office, "first_response") == case.learned_at + timedelta(hours=5)
    assert raised.version == case.version + 1  # one write: no fall of the machine parts the two
    assert [event.action for event in desk.store.cases.history(case.id)][-2:] == ["graded", "tightened"]


def test_more_time_granted_while_the_report_is_looked_at_counts_when_it_goes_back(office):
    case = signed(office)
    person, desk = office.handler(case.unit), office.desk
    number = limits.ask(desk, person, case.id, case.version, "handling", 3, WHY, NOW)
    handled = desk.store.moves.move(case, "handled", action="handled", note="", actor=person.name, now=NOW)
    limits.decide(desk, office.press, number, True, "", at(2026, 3, 11, 9))
    life.send_to_unit(desk, office.press, case.id, handled.version, "没有日期", at(2026, 3, 12, 9))
    turn(office, 2026, 3, 12, 9)
    assert due(office) == at(2026, 3, 20, 17, 30)


def test_a_matter_refused_and_then_taken_in_counts_from_then(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    back = life.send_away(desk, office.handler(case.unit), case.id, case.version, "不归我们", NOW)
    gone = life.refuse(desk, office.press, case.id, back.version, "不属环境问题", NOW)
    later = at(2026, 4, 1, 9)
    taken = life.accept(desk, office.press, case.id, gone.version, later)
    assert (taken.round, taken.learned_at) == (2, later)
    cycle.turn(desk, later, ("route", *STEPS))
    assert all(clock.due > later for clock in desk.store.cases.get(case.id).clocks)


def test_a_day_far_off_is_no_day_to_look_again(office):
    case = signed(office)
    desk = office.desk
    handled = desk.store.moves.move(case, "handled", action="handled", note="", actor="x", now=NOW)
    with pytest.raises(BadInput, match="年份"):
        resting.interim(desk, office.press, case.id, handled.version, "已停产", date(9999, 12, 31), NOW)


def test_what_met_the_limit_of_a_lesser_matter_does_not_meet_that_of_a_major_one(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    supervising.tell(desk, office.press, case.id, supervising.WAYS[0], STAGE, "已受理，正在核查", NOW)
    graver = routing.raise_to(desk, desk.store.cases.get(case.id), "较大", "多人反映", NOW)
    assert "first_response" not in {one.clock.name for one in desk.store.limits.running(MANY)}
    routing.raise_to(desk, graver, "重大", "死鱼", NOW)  # words to one person are no word to the public
    (running,) = desk.store.limits.running(MANY, names=["first_response"])
    assert running.clock.due == case.learned_at + timedelta(hours=5)
    limits.held_press(desk, office.press, case.id, "已举行", NOW)
    major = desk.store.cases.get(case.id)
    lowered = grading.confirm_level(desk, office.leader, case.id, major.version, "一般", "查无死鱼", NOW)
    assert lowered.level == "一般"


def test_a_limit_of_a_level_that_was_taken_back_runs_no_more(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    raised = routing.raise_to(desk, case, "重大", "死鱼", NOW)
    turn(office, 2026, 3, 10, 10, 1)
    lowered = grading.confirm_level(
        desk, office.leader, case.id, raised.version, "一般", "查无死鱼", at(2026, 3, 10, 10, 2)
    )
    names = {one.clock.name for one in desk.store.limits.running(MANY)}
    assert names == {"first_response", "handling", "sign"}
    signed = life.sign(desk, office.handler(case.unit), case.id, lowered.version, at(2026, 3, 10, 11))
    assert "press" not in {one.clock.name for one in desk.store.limits.running(MANY)}
    routing.raise_to(desk, signed, "特别重大", "又有死鱼", at(2026, 3, 10, 12))
    (press,) = desk.store.limits.running(MANY, names=["press"])
    assert press.clock.due == case.learned_at + timedelta(hours=24)


def test_a_case_that_turns_out_urgent_has_the_limits_of_an_urgent_one(office):
    desk, case = office.desk, office.case("assigned", DUNG)
    graver = routing.raise_to(desk, case, "较大", "多人反映", NOW)
    post = raw(40, f"{DUNG}，孩子已经上吐下泻送医院了", NOW)
    desk.store.posts.add([post], now=NOW)
    cycle.run(desk, "understand", NOW)
    (new, _), *_ = desk.store.posts.listing(limit=1)
    plan = CasePlan(
        post_id=new.id, action=CaseAction.APPEND, case_id=graver.id, reason="同一事项", urgent=True, title=""
    )
    desk.store.cases.apply(plan, now=NOW)
    cycle.turn(desk, NOW, ("reroute",))
    rules = {one.clock.name: one.clock.rule for one in desk.store.limits.running(MANY)}
    assert (rules["handling"], rules["sign"]) == ("handling_urgent", "sign_urgent")
    before = len(desk.store.cases.history(case.id))
    desk.store.moves.grade(desk.store.cases.get(case.id), "较大", "再看一次", NOW)  # marks it once more
    cycle.turn(desk, NOW, ("reroute",))
    assert len(desk.store.cases.history(case.id)) == before + 1
