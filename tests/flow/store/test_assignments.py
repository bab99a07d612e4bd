"""Hand-overs: one unit leads, others assist, and what they hold keeps in step with the state of the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huanyu.store import assignments
from huanyu.types import CaseAction


def held(store, case_id):
    with store._database.read() as tx:
        return assignments.of_case(tx, case_id)


def in_hand(store, unit):
    with store._database.read() as tx:
        return [one.case_id for one in assignments.of_unit(tx, unit)]


def move(store, case, to, now, note="", actor="李岚", **more):
    return store.moves.move(case, to, action=to, note=note, actor=actor, now=now, **more)


def test_a_case_that_waits_for_its_route_is_in_nobodys_hand(store, make):
    assert held(store, make.case().id) == ()


def test_the_unit_of_a_route_leads(store, make, now):
    case = make.assigned()
    (one,) = held(store, case.id)
    assert (one.unit, one.part, one.round, one.given_at, one.given_by) == (
        "dongchangfu",
        "lead",
        1,
        now,
        "系统",
    )
    assert (one.why, one.signed_at, one.ended_at) == ("工业废气归生态环境", None, None)
    assert in_hand(store, "dongchangfu") == [case.id]


def test_a_unit_assists_where_the_route_names_it_a_department_is_only_told(store, make, now, route):
    both = replace(route, assist=("城管", "chiping"))
    case = store.moves.assign(make.case(), both, (), None, now)
    assert {one.unit: one.part for one in held(store, case.id)} == {
        "dongchangfu": "lead",
        "chiping": "assist",
    }


def test_signing_arriving_and_reporting_are_noted_once(store, make, now):
    first = now + timedelta(hours=1)
    signed = move(store, make.assigned(), "signed", first)
    onsite = move(store, signed, "onsite", now + timedelta(hours=2))
    move(store, onsite, "handled", now + timedelta(hours=3), result=make.result())
    (one,) = held(store, signed.id)
    assert (one.signed_at, one.signed_by) == (first, "李岚")
    assert one.arrived_at == now + timedelta(hours=2)
    assert one.answered_at == now + timedelta(hours=3)
    assert one.ended_at is None


def test_whoever_reports_without_signing_has_signed(store, make, now):
    case = move(store, make.assigned(), "handled", now, result=make.result())
    assert held(store, case.id)[0].signed_at == now


def test_what_is_sent_back_to_the_unit_is_owed_again(store, make, now):
    case = make.handled()
    again = move(store, case, "signed", now + timedelta(hours=1), note="缺时间")
    (one,) = held(store, again.id)
    assert (one.signed_at, one.answered_at) == (now, None)


def test_a_returned_case_leaves_the_unit_and_the_next_one_gets_it(store, make, now, route):
    later = now + timedelta(hours=1)
    back = move(store, make.assigned(), "returned", later, note="不在本辖区")
    assert in_hand(store, "dongchangfu") == []
    case = store.moves.assign(back, replace(route, unit="chiping"), (), None, later, actor="王敏")
    first, second = held(store, case.id)
    assert (first.returned_at, first.ended_at, first.reason) == (later, later, "不在本辖区")
    assert (second.unit, second.given_by, second.ended_at) == ("chiping", "王敏", None)


def test_a_unit_that_goes_on_assisting_keeps_its_signature(store, make, now, route):
    case = store.moves.assign(make.case(), replace(route, assist=("chiping",)), (), None, now)
    with store._database.write() as tx:
        assert assignments.sign(tx, case.id, "chiping", "赵禾", now)
        assert not assignments.sign(tx, case.id, "chiping", "赵禾", now)
        assert assignments.answer(tx, case.id, "chiping", "赵禾", now, opinion="无异议")
    again = replace(route, unit="linqing", assist=("chiping", "yanggu"))
    store.moves.assign(case, again, (), None, now + timedelta(hours=1))
    open_ones = {one.unit: one for one in held(store, case.id) if one.ended_at is None}
    assert sorted(open_ones) == ["chiping", "linqing", "yanggu"]
    assert (open_ones["chiping"].signed_by, open_ones["chiping"].opinion) == ("赵禾", "无异议")
    assert open_ones["yanggu"].signed_at is None


def test_a_unit_that_assisted_may_lead_from_then_on(store, make, now, route):
    case = store.moves.assign(make.case(), replace(route, assist=("chiping",)), (), None, now)
    turned = replace(route, unit="chiping", assist=("dongchangfu",))
    store.moves.assign(case, turned, (), None, now + timedelta(hours=1))
    parts = {one.unit: one.part for one in held(store, case.id) if one.ended_at is None}
    assert parts == {"chiping": "lead", "dongchangfu": "assist"}


def test_a_route_that_names_nobody_takes_the_case_from_its_unit(store, make, now, route):
    store.moves.assign(make.assigned(), replace(route, unit=""), (), None, now)
    assert in_hand(store, "dongchangfu") == []


@pytest.mark.parametrize("to", ["closed", "transferred", "refused"])
def test_nobody_holds_a_case_that_is_over(store, make, now, route, to):
    case = store.moves.assign(make.case(), replace(route, assist=("chiping",)), (), None, now)
    move(store, case, to, now + timedelta(hours=1))
    assert {one.ended_at for one in held(store, case.id)} == {now + timedelta(hours=1)}


def test_an_answered_case_is_held_again_while_something_is_left_to_do(store, make, now):
    answered = move(store, make.handled(), "answered", now)
    assert in_hand(store, "dongchangfu") == []
    move(store, answered, "interim", now + timedelta(days=1))
    assert in_hand(store, "dongchangfu") == [answered.id]
    assert len(held(store, answered.id)) == 1


def test_the_unit_that_must_do_it_again_gets_a_new_hand_over_in_the_new_round(store, make, now):
    visited = move(store, move(store, make.handled(), "answered", now), "visited", now)
    move(store, visited, "assigned", now + timedelta(days=1), note="不满意重办", actor="王敏")
    first, second = held(store, visited.id)
    assert first.ended_at == now
    assert (second.unit, second.round, second.signed_at, second.why) == ("dongchangfu", 2, None, "不满意重办")


def test_a_recurrence_is_in_nobodys_hand_until_it_has_a_route(store, make, now, route):
    case = move(store, make.handled(), "closed", now)
    again = make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id, reopen=True)
    store.cases.apply(again, now)
    assert in_hand(store, "dongchangfu") == []
    store.moves.assign(store.cases.get(case.id), route, (), None, now)
    assert [(one.round, one.ended_at) for one in held(store, case.id)] == [(1, now), (2, None)]


def test_a_joined_case_is_given_up_and_held_again_when_that_is_undone(store, make, now, route):
    earlier = make.assigned("1")
    later = store.moves.assign(make.case("2"), replace(route, unit="chiping"), (), None, now)
    store.cases.join(later, earlier, "同一事项", None, "王敏", now + timedelta(hours=1))
    assert in_hand(store, "chiping") == []
    joined = store.cases.get(later.id)
    store.cases.unjoin(joined, "不是一回事", lambda _case: None, "王敏", now + timedelta(hours=2))
    assert in_hand(store, "chiping") == [later.id]
    assert in_hand(store, "dongchangfu") == [earlier.id]


def test_two_units_never_lead_at_once(store, make, now):
    case = make.assigned()
    with store._database.write() as tx:
        assert assignments.give(tx, case.id, 1, "chiping", "lead", "", "王敏", now) is None
        assert assignments.give(tx, case.id, 1, "chiping", "assist", "", "王敏", now) is not None


def test_the_history_says_what_a_new_route_changed(store, make, now, route):
    case = make.assigned()
    store.moves.assign(case, replace(route, unit="chiping", why="辖区更正"), (), None, now, actor="王敏")
    changes = store.cases.history(case.id)[-1].changes
    assert changes == {"unit": ["dongchangfu", "chiping"], "why": ["工业废气归生态环境", "辖区更正"]}


def test_the_history_says_what_another_level_changed(store, make, now):
    case = store.moves.grade(make.case(), "较大", "多人反映", now)
    assert store.cases.history(case.id)[-1].changes == {"level": ["一般", "较大"]}


def test_a_case_is_split_and_all_its_parts_are_given_or_nothing_is(store, make, now, route):
    whole = make.assigned()
    parts = [("查手续", replace(route, unit="chiping")), ("查排口", replace(route, unit="dongchangfu"))]

    def falls(part, found):
        return make.clocks(), make.notice(part) if found.unit == "chiping" else 1 / 0

    with pytest.raises(ZeroDivisionError):
        store.splits.split(whole, parts, falls, "李岚", now)
    assert store.splits.children(whole.id) == []
    assert store.cases.get(whole.id).version == whole.version
    made = store.splits.split(whole, parts, lambda part, _: (make.clocks(), make.notice(part)), "李岚", now)
    assert [(one.unit, one.state) for one in made] == [("chiping", "assigned"), ("dongchangfu", "assigned")]
    assert all(one.clocks for one in made)
    assert in_hand(store, "chiping") == [made[0].id]
