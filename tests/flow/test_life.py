"""The life of a case after it was handed over: each step where the table lets it, with its reason, by who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta

import pytest

from cases import clocks
from flow import life
from flow import permits
from flow import recusing
from flow import registering
from flow import resting
from flow import revisiting
from flow import splitting
from flow import supervising
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Case
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import colleague
from tests.flow.test_registering import CALL

LEAD, OTHER = "zhifa", "xinfang"


def given(office: Office) -> Case:
    """A case in the hands of the unit that leads."""
    case = registering.register(office.desk, office.press, CALL, NOW)
    return life.dispatch(office.desk, office.press, case.id, case.version, LEAD, NOW)


def moved(office: Office, case: Case, *states: str) -> Case:
    """The case through these states, as other steps would bring it there."""
    for state in states:
        now = office.desk.store.cases.get(case.id)
        case = office.desk.store.moves.move(now, state, action="test", note="经过", now=NOW)
    return case


def test_a_case_answered_or_reported_is_not_signed_again(office: Office) -> None:
    case = moved(office, given(office), "signed", "handled")
    with pytest.raises(IllegalMove, match="不能签收"):
        life.sign(office.desk, office.handler(LEAD), case.id, case.version, NOW)


def test_a_case_a_person_places_before_the_rules_do_is_graded_as_they_would(office: Office) -> None:
    grave = replace(
        CALL, token="ef" * 16, text="化工厂储罐泄漏，村里已经有多人中毒送医院", place="冠县烟庄街道"
    )
    case = registering.register(office.desk, office.press, grave, NOW)
    placed = life.dispatch(office.desk, office.press, case.id, case.version, LEAD, NOW)
    assert placed.level in {"重大", "特别重大"}
    (first,) = [clock for clock in placed.clocks if clock.name == "first_response"]
    assert (first.amount, first.unit) == (5, "hours")


def test_a_unit_sends_back_within_its_days_and_the_office_lets_it_later(office: Office) -> None:
    case, late = given(office), NOW + timedelta(days=9)
    with pytest.raises(IllegalMove, match="退单期限"):
        life.send_away(
            office.desk, office.handler(LEAD), case.id, case.version, "非本队", late, "not_our_duty"
        )
    back = life.send_away(
        office.desk, office.handler(LEAD), case.id, case.version, "由城管办理", NOW, "not_our_duty"
    )
    (hand,) = office.desk.store.duties.of_case(case.id)
    assert (back.state, hand.return_kind) == ("returned", "not_our_duty")
    assert hand.reason == "不属本单位职责：由城管办理"
    assert office.desk.store.duties.returns(NOW, late) == {LEAD: (1, 1)}


def test_a_reason_of_the_table_needs_its_sentence_and_one_of_another_act_is_none(office: Office) -> None:
    case, unit = given(office), office.handler(LEAD)
    for kind, words in (("not_our_duty", " "), ("not_environment", "不属环境"), ("", "")):
        with pytest.raises(BadInput):
            life.send_away(office.desk, unit, case.id, case.version, words, NOW, kind)


def test_who_is_sent_back_for_more_took_the_case_on_when_they_did(office: Office) -> None:
    case, later = given(office), NOW + timedelta(hours=3)
    signed = life.sign(office.desk, office.handler(LEAD), case.id, case.version, NOW)
    reported = office.desk.store.moves.move(signed, "reported", action="result", note="反馈", now=later)
    back = life.send_to_unit(office.desk, office.reviewer, reported.id, reported.version, "缺检查时间", later)
    assert (back.state, back.signed_at) == ("signed", NOW)


def test_a_person_reviews_what_was_reported(office: Office) -> None:
    case = moved(office, given(office), "signed", "reported")
    with pytest.raises(NotAllowed):
        revisiting.accept_result(office.desk, office.handler(LEAD), case.id, case.version, NOW)
    accepted = revisiting.accept_result(office.desk, office.reviewer, case.id, case.version, NOW)
    assert accepted.state == "handled"
    with pytest.raises(IllegalMove):
        revisiting.accept_result(office.desk, office.reviewer, case.id, accepted.version, NOW)


def test_a_pause_goes_back_to_where_the_case_was(office: Office) -> None:
    case = moved(office, given(office), "signed", "onsite")
    with pytest.raises(NotAllowed):
        resting.pause(office.desk, office.handler(LEAD), case.id, case.version, "等结果", NOW)
    asked = resting.ask_pause(office.desk, office.handler(LEAD), case.id, case.version, "等监测", NOW)
    still = resting.pause(
        office.desk, office.press, case.id, asked.version, "等监测站出结果", NOW, "waiting_for_lab"
    )
    assert still.state == "paused"
    again = resting.resume(office.desk, office.press, case.id, still.version, "", NOW + timedelta(days=2))
    assert again.state == "onsite"
    before, after = ({clock.name: clock.due for clock in one.clocks} for one in (case, again))
    assert after["handling"] > before["handling"]
    assert again.arrived_at == NOW


def test_a_pause_that_a_unit_asks_for_waits_until_the_office_has_answered(office: Office) -> None:
    desk, unit = office.desk, office.handler(LEAD)
    case = life.sign(desk, unit, (first := given(office)).id, first.version, NOW)
    case = resting.ask_pause(desk, unit, case.id, case.version, "等检测报告", NOW)
    assert [one.id for _, one in resting.pauses_asked(desk, office.press)] == [case.id]
    assert resting.pauses_asked(desk, unit) == []
    case = resting.refuse_pause(desk, office.press, case.id, case.version, "先查现场，不等报告", NOW)
    assert (case.state, resting.pauses_asked(desk, office.press)) == ("signed", [])
    with pytest.raises(IllegalMove, match="没有等待答复"):
        resting.refuse_pause(desk, office.press, case.id, case.version, "再说一遍", NOW)
    case = resting.ask_pause(desk, unit, case.id, case.version, "报告三天后出", NOW)
    resting.pause(desk, office.press, case.id, case.version, "同意，等报告", NOW)
    assert resting.pauses_asked(desk, office.press) == []


def test_whoever_comes_before_signing_has_signed(office: Office) -> None:
    case = given(office)
    there = life.arrive(office.desk, office.handler(LEAD), case.id, case.version, "", NOW)
    (hand,) = office.desk.store.duties.of_case(case.id)
    assert (there.state, there.arrived_at, hand.signed_at, hand.arrived_at) == ("onsite", NOW, NOW, NOW)


def test_a_transfer_says_to_whom_and_that_the_reporter_was_told(office: Office) -> None:
    case = given(office)
    told = (case.id, case.version)
    for to, how in (("", "电话"), ("市住建局", "")):
        with pytest.raises(BadInput):
            life.transfer(office.desk, office.press, *told, to, how, "属其职责", NOW)
    gone = life.transfer(
        office.desk, office.press, *told, "市住建局", "电话告知", "工地归住建", NOW, "other_department"
    )
    assert gone.state == "transferred"
    assert "告知反映人：电话告知" in office.desk.store.cases.history(case.id)[-1].note


def test_an_unsatisfied_reporter_has_it_done_again_by_the_same_unit_with_new_limits(office: Office) -> None:
    case = moved(office, given(office), "signed", "handled", "replying", "answered")
    later = NOW + timedelta(days=20)
    with pytest.raises(BadInput, match="不满意在哪里"):
        revisiting.visit(office.desk, office.press, case.id, case.version, "电话", "不满意", "", later)
    seen = revisiting.visit(
        office.desk, office.press, case.id, case.version, "电话", "不满意", "夜里仍在开工", later
    )
    with pytest.raises(IllegalMove, match="重办"):
        life.dispatch(office.desk, office.press, seen.id, seen.version, OTHER, later)
    with pytest.raises(BadInput):
        life.close(office.desk, office.press, seen.id, seen.version, "", later)
    again = revisiting.redo(office.desk, office.press, seen.id, seen.version, "三日内夜查", later)
    assert (again.state, again.unit, again.round, again.learned_at) == ("assigned", LEAD, 2, later)
    assert all(clock.due > later for clock in again.clocks)
    assert [one.unit for one in office.desk.store.duties.of_case(case.id) if one.ended_at is None] == [LEAD]
    assert [one.satisfied for one in office.desk.store.duties.follow_ups(case.id)] == ["不满意"]


def test_a_petition_done_again_has_its_days_from_then_not_from_the_first_acceptance(office: Office) -> None:
    order = replace(CALL, channel="petition", external_number="鲁信-7")
    case = registering.register(office.desk, office.press, order, NOW)
    taken = life.accept(office.desk, office.press, case.id, case.version, NOW)
    sent = life.dispatch(office.desk, office.press, taken.id, taken.version, LEAD, NOW)
    done = moved(office, sent, "signed", "handled", "replying", "answered")
    later = NOW + timedelta(days=80)
    seen = revisiting.visit(
        office.desk, office.press, done.id, done.version, "电话", "不满意", "仍在冒烟", later
    )
    again = revisiting.redo(office.desk, office.press, seen.id, seen.version, "重新核查", later)
    (handling,) = (clock for clock in again.clocks if clock.name == "handling")
    assert handling.from_at == later
    assert handling.due > later + timedelta(days=59)


def test_an_interim_end_names_the_day_of_the_next_look(office: Office) -> None:
    case = moved(office, given(office), "signed", "handled")
    told = (office.desk, office.press, case.id, case.version)
    with pytest.raises(BadInput, match="今天之后"):
        resting.interim(*told, "已停产", NOW.date(), NOW)
    still = resting.interim(*told, "已停产，管道月底改完", date(2026, 4, 10), NOW)
    assert still.state == "interim"
    check = next(clock for clock in still.clocks if clock.name == "check")
    assert check.due.date() == date(2026, 4, 10)
    assert "2026-04-10" in office.desk.store.cases.history(case.id)[-1].note
    on = resting.go_on(office.desk, office.press, case.id, still.version, "管道未改完", NOW)
    assert (on.state, on.signed_at) == ("signed", NOW)


def test_a_closed_matter_that_a_person_reopens_counts_from_then(office: Office) -> None:
    case = moved(office, given(office), "signed", "handled")
    closed = life.close(office.desk, office.press, case.id, case.version, "已当面答复", NOW, "told_in_person")
    later = NOW + timedelta(days=30)
    again = life.reopen(office.desk, office.press, closed.id, closed.version, "夜里又开工", later, "again")
    assert (again.state, again.round, again.learned_at, again.result) == ("pending", 2, later, None)


def test_the_whole_waits_for_its_parts_which_have_numbers_of_their_own(office: Office) -> None:
    case = given(office)
    parts = [(OTHER, "核查手续"), ("", ""), (LEAD, "查油烟")]
    made = splitting.split(office.desk, office.press, case.id, case.version, parts, NOW)
    assert [one.number for one in made] == [f"{case.number}-1", f"{case.number}-2"]
    assert [one.unit for one in made] == [OTHER, LEAD]
    assert [post.id for post in office.desk.store.cases.posts(made[0].id)] == [
        post.id for post in office.desk.store.cases.posts(case.id)
    ]
    whole = moved(office, case, "signed", "handled")
    assert office.desk.store.cases.handled(9) == []
    with pytest.raises(IllegalMove, match="尚未办结"):
        life.close(office.desk, office.press, whole.id, whole.version, "办完", NOW)
    for one in made:
        done = moved(office, one, "signed", "handled")
        life.close(office.desk, office.press, done.id, done.version, "", NOW, "part_done")
    assert [one.id for one in office.desk.store.cases.handled(9)] == [case.id]
    assert office.desk.store.registry.gaps() == []


def test_a_part_is_not_split_again_and_nothing_is_split_into_nothing(office: Office) -> None:
    case = given(office)
    for wrong in ([], [("nowhere", "核查")], [(OTHER, "")]):
        with pytest.raises(BadInput):
            splitting.split(office.desk, office.press, case.id, case.version, wrong, NOW)
    (part,) = splitting.split(office.desk, office.press, case.id, case.version, [(OTHER, "核查")], NOW)
    with pytest.raises(IllegalMove):
        splitting.split(office.desk, office.press, part.id, part.version, [(LEAD, "再拆")], NOW)


def test_an_undone_split_ends_the_parts_tells_their_units_and_leaves_the_whole_at_work(
    office: Office,
) -> None:
    case = given(office)
    parts = [(OTHER, "核查手续"), (LEAD, "查油烟")]
    made = splitting.split(office.desk, office.press, case.id, case.version, parts, NOW)
    moved(office, made[0], "signed")
    seen = office.desk.store.cases.get(case.id)
    with pytest.raises(NotAllowed):
        splitting.undo(office.desk, office.handler(LEAD), case.id, seen.version, "拆错了", NOW)
    with pytest.raises(Conflict):
        splitting.undo(office.desk, office.press, case.id, case.version, "拆错了", NOW)
    whole = splitting.undo(office.desk, office.press, case.id, seen.version, "拆错了", NOW)
    assert (whole.state, whole.unit) == (case.state, case.unit)
    ended = office.desk.store.splits.children(case.id)
    assert [(one.state, one.number) for one in ended] == [("joined", one.number) for one in made]
    assert not [clock for one in ended for clock in one.clocks if clocks.runs(clock, one)]
    told = office.desk.store.outbox.listing(purpose="notice", case_id=made[0].id)
    assert f"【并案告知】{made[0].number} 并入 {case.number}" in {one.title for one in told}
    with pytest.raises(IllegalMove, match="没有还能撤销的子件"):
        splitting.undo(office.desk, office.press, case.id, whole.version, "再撤", NOW)
    (again,) = splitting.split(office.desk, office.press, case.id, whole.version, [(OTHER, "核查")], NOW)
    assert again.number == f"{case.number}-3", "no number is used twice"


def test_a_split_is_not_undone_once_a_part_is_settled(office: Office) -> None:
    case = given(office)
    (part,) = splitting.split(office.desk, office.press, case.id, case.version, [(OTHER, "核查")], NOW)
    done = moved(office, part, "signed", "handled")
    life.close(office.desk, office.press, done.id, done.version, "", NOW, "part_done")
    seen = office.desk.store.cases.get(case.id)
    with pytest.raises(IllegalMove):
        splitting.undo(office.desk, office.press, case.id, seen.version, "拆错了", NOW)


def test_who_is_recused_neither_sees_nor_moves_the_case_until_somebody_else_lifts_it(office: Office) -> None:
    case, unit = given(office), office.handler(LEAD)
    recusing.recuse(office.desk, unit, case.id, "", "", NOW, "complained_of")
    away = office.desk.store.cases.get(case.id)
    assert not permits.may_see(unit, away)
    with pytest.raises(NotAllowed, match="回避"):
        life.sign(office.desk, unit, case.id, away.version, NOW)
    with pytest.raises(NotAllowed):
        recusing.lift(office.desk, unit, case.id, unit.name, "没有了", NOW)
    recusing.lift(office.desk, office.press, case.id, unit.name, "查明不是当事人", NOW)
    assert permits.may_see(unit, office.desk.store.cases.get(case.id))


def test_nobody_keeps_a_colleague_away_without_the_right_to(office: Office) -> None:
    case, unit = given(office), office.handler(LEAD)
    with pytest.raises(NotAllowed):
        recusing.recuse(office.desk, unit, case.id, office.press.name, "不和", NOW)


def test_an_assessor_writes_nothing_and_is_kept_away_by_the_office(office: Office) -> None:
    case, assessor = given(office), colleague(office.desk, "pinggu", "assessor")
    with pytest.raises(NotAllowed, match="第三方评估"):
        recusing.recuse(office.desk, assessor, case.id, "", "亲属", NOW)
    recusing.recuse(office.desk, office.press, case.id, assessor.name, "亲属", NOW)
    assert not permits.may_see(assessor, office.desk.store.cases.get(case.id))


def test_an_assisting_unit_gives_its_opinion_and_another_does_not(office: Office) -> None:
    case = registering.register(office.desk, office.press, CALL, NOW)
    case = life.dispatch(office.desk, office.press, case.id, case.version, LEAD, NOW, (OTHER,))
    assert case.assisting == (OTHER,)
    supervising.opine(office.desk, office.handler(OTHER), case.id, "该店有规划手续", NOW)
    helper = next(one for one in office.desk.store.duties.of_case(case.id) if one.unit == OTHER)
    assert (helper.opinion, helper.answered_at) == ("该店有规划手续", NOW)
    with pytest.raises(NotAllowed):
        supervising.opine(office.desk, office.handler(LEAD), case.id, "同意", NOW)


def test_supervision_and_whoever_answers_for_the_case_stand_in_its_history(office: Office) -> None:
    case = given(office)
    pressed = supervising.supervise(office.desk, office.press, case.id, case.version, "周五前报", NOW)
    with pytest.raises(NotAllowed):
        supervising.take_charge(office.desk, office.press, case.id, pressed.version, "leader", NOW)
    owned = supervising.take_charge(office.desk, office.leader, case.id, pressed.version, "leader", NOW)
    assert (owned.state, owned.owner) == ("assigned", "leader")
    supervising.tell(office.desk, office.press, case.id, "群内", "accepted", "已受理，编号见群公告", NOW)
    notes = [event.note for event in office.desk.store.cases.history(case.id)]
    assert "督办：周五前报" in notes
    assert [one.stage for one in office.desk.store.duties.contacts(case.id)] == ["accepted"]


def test_a_unit_that_is_gone_gets_no_case(office: Office) -> None:
    case, before = registering.register(office.desk, office.press, CALL, NOW), NOW.replace(year=2018)
    with pytest.raises(BadInput, match="撤销"):
        life.dispatch(office.desk, office.press, case.id, case.version, LEAD, before)


def test_a_stale_page_changes_nothing(office: Office) -> None:
    case = given(office)
    supervising.supervise(office.desk, office.press, case.id, case.version, "抓紧", NOW)
    with pytest.raises(Conflict):
        supervising.supervise(office.desk, office.leader, case.id, case.version, "再抓紧", NOW)


def test_conduct_is_seen_by_leaders_and_by_whoever_was_named(office: Office) -> None:
    told = replace(CALL, type="conduct", place="")
    case = registering.register(office.desk, office.press, told, NOW)
    assert office.desk.store.cases.get(case.id).restricted
    assert not permits.may_see(office.press, case)
    assert permits.may_see(office.leader, case)
    owner = colleague(office.desk, "jijian", "reviewer")
    supervising.take_charge(office.desk, office.leader, case.id, case.version, owner.name, NOW)
    assert permits.may_see(owner, office.desk.store.cases.get(case.id))
