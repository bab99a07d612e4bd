"""Limits in the store: pauses, cards planned and given once, what is met, more time, the list of what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.types import CaseAction
from huanyu.types import Clock

DAY = timedelta(days=1)


@pytest.fixture
def ruled(make, route, now):
    """A case whose limits name their rows."""
    case = make.case()
    limits = [replace(clock, rule=f"{clock.name}_row", calendar="c") for clock in make.clocks()]
    return make.store.moves.assign(case, route, limits, make.notice(case), now)


def named(store, name, case_id=None):
    found = store.limits.running(100, names=[name])
    (one,) = (one for one in found if case_id in (None, one.case.id))
    return one


def planned(store, one, *stages, now):
    assert store.limits.plan(one, [(stage, at, "unit") for stage, at in stages], now)


def move(store, case, to, now, note="", kind=""):
    return store.moves.move(case, to, action=to, note=note, actor="李岚", now=now, kind=kind)


def fate(store, case):
    """(limit, stage) -> given, dropped or waiting."""
    return {
        (clock.name, card.stage): "given" if card.given_at else "dropped" if card.dropped_at else "waiting"
        for clock, card in store.limits.cards_of(case)
    }


def test_a_pause_is_kept_with_its_reason_and_ends_when_the_case_goes_on(store, ruled, now):
    signed = move(store, ruled, "signed", now)
    paused = move(store, signed, "paused", now, "等检测报告", kind="waits_for_report")
    ((stop,), _) = store.limits.agreed(paused)
    assert (stop.kind, stop.reason, stop.from_at, stop.until_at) == (
        "waits_for_report",
        "等检测报告",
        now,
        None,
    )
    back = move(store, paused, "signed", now + DAY)
    ((stop,), _) = store.limits.agreed(back)
    assert (stop.from_at, stop.until_at) == (now, now + DAY)


def test_what_stood_still_waits_to_be_reckoned_and_the_rest_goes_on(store, ruled, now):
    signed = move(store, ruled, "signed", now)
    assert store.limits.unreckoned("c", 10) == []
    paused = move(store, signed, "paused", now)
    assert {one.clock.name for one in store.limits.running(10)} == {"first_response"}
    move(store, paused, "signed", now + DAY)
    (waiting,) = store.limits.unreckoned("c", 10)
    assert waiting.clock.name == "handling"
    assert [one.clock.name for one in store.limits.unplanned(10)] == ["first_response"]
    anew = replace(waiting.clock, due=waiting.clock.due + DAY, calendar="c")
    assert store.limits.reckon(waiting, anew, "恢复计时", now + DAY)
    assert store.limits.unreckoned("c", 10) == []
    assert named(store, "handling").clock.due == anew.due
    assert store.cases.history(ruled.id)[-1].note == "恢复计时"


def test_a_pause_drops_the_cards_of_what_stands_still(store, ruled, now):
    for name in ("handling", "first_response"):
        planned(store, named(store, name), ("red", now + DAY), now=now)
    signed = move(store, ruled, "signed", now)
    move(store, signed, "paused", now)
    assert fate(store, ruled) == {("handling", "red"): "dropped", ("first_response", "red"): "waiting"}
    assert [due.clock.name for due in store.limits.waiting(now + 2 * DAY, 10)] == ["first_response"]


def test_stage_done_begins_the_handling_anew_from_the_check(store, ruled, now):
    handled = move(store, move(store, ruled, "signed", now), "handled", now)
    interim = move(store, handled, "interim", now)
    later = now + 30 * DAY
    move(store, interim, "signed", later)
    (waiting,) = store.limits.unreckoned("c", 10)
    assert (waiting.clock.name, waiting.clock.from_at) == ("handling", later)


def test_a_card_is_given_once_with_its_notice(store, ruled, make, now):
    planned(store, named(store, "handling"), ("yellow", now), ("red", now + DAY), now=now)
    (due,) = store.limits.waiting(now, 10)
    assert (due.card.stage, due.clock.name, due.case.id) == ("yellow", "handling", ruled.id)
    assert store.limits.give(due, "黄牌", [make.notice(ruled)], now)
    assert not store.limits.give(due, "黄牌", [make.notice(ruled)], now)
    assert store.limits.waiting(now, 10) == []
    assert len(store.outbox.listing(purpose="notice")) == 2
    assert [event.action for event in store.cases.history(ruled.id)][-1] == "reminded"
    assert store.cases.get(ruled.id).version == ruled.version


def test_planning_again_gives_nothing_a_second_time(store, ruled, make, now):
    planned(store, named(store, "handling"), ("yellow", now), ("red", now + DAY), ("up1", now + DAY), now=now)
    (due,) = store.limits.waiting(now, 10)
    store.limits.give(due, "黄牌", [], now)
    store.moves.grade(ruled, "重大", "涉及学校", now)  # who is told is another question now
    one = next(one for one in store.limits.unplanned(10) if one.clock.name == "handling")
    planned(store, one, ("yellow", now), ("red", now), now=now)
    assert fate(store, ruled) == {
        ("handling", "yellow"): "given",
        ("handling", "red"): "waiting",
        ("handling", "up1"): "dropped",
    }
    assert [due.card.stage for due in store.limits.waiting(now, 10)] == ["red"]


def test_a_limit_that_comes_out_the_same_keeps_its_row(store, ruled, route, make, now):
    before = named(store, "handling").clock.id
    limits = [clock for clock in ruled.clocks if clock.name == "handling"]
    store.moves.tighten(ruled, limits, None, "等级提高", now)
    assert named(store, "handling").clock.id == before


def test_another_moment_drops_the_cards_and_brings_new_ones(store, ruled, now):
    planned(store, named(store, "handling"), ("red", now + DAY), now=now)
    sooner = [replace(c, due=now + DAY) for c in ruled.clocks if c.name == "handling"]
    store.moves.tighten(ruled, sooner, None, "等级提高", now)
    assert fate(store, ruled) == {("handling", "red"): "dropped"}
    assert "handling" in {one.clock.name for one in store.limits.unplanned(10)}


def test_a_limit_that_goes_on_as_it_was_does_not_repeat_its_cards(store, ruled, make, now):
    planned(store, named(store, "handling"), ("yellow", now), ("red", now + DAY), now=now)
    store.limits.give(store.limits.waiting(now, 10)[0], "黄牌", [], now)
    signed = move(store, ruled, "signed", now)
    handled = move(store, signed, "handled", now)
    move(store, handled, "signed", now, "退回补充")
    planned(store, named(store, "handling"), ("yellow", now), ("red", now + DAY), now=now)
    assert [due.card.stage for due in store.limits.waiting(now + DAY, 10)] == ["red"]


def test_the_daily_word_plans_the_next_one_as_it_is_given(store, ruled, now):
    planned(store, named(store, "sign"), ("again:1", now), now=now)
    (due,) = store.limits.waiting(now, 10)
    assert store.limits.give(due, "续催", [], now, ("again:2", now + DAY, "unit"))
    assert [due.card.stage for due in store.limits.waiting(now + DAY, 10)] == ["again:2"]


def test_a_card_put_off_waits(store, ruled, now):
    planned(store, named(store, "handling"), ("red", now), now=now)
    (due,) = store.limits.waiting(now, 10)
    assert store.limits.put_off(due.card, now + DAY, now)
    assert store.limits.waiting(now, 10) == []
    assert len(store.limits.waiting(now + DAY, 10)) == 1


def test_what_was_met_stays_met_in_its_round(store, ruled, make, now, route):
    planned(store, named(store, "first_response"), ("red", now + DAY), now=now)
    assert store.limits.meet(ruled, {"first_response_row"}, "contact", "已电话联系", now, "王芳") == [
        "first_response"
    ]
    assert store.limits.meet(ruled, {"first_response_row"}, "contact", "", now, "王芳") == []
    assert fate(store, ruled) == {("first_response", "red"): "dropped"}
    signed = move(store, ruled, "signed", now)
    back = move(store, signed, "returned", now)
    again = store.moves.assign(back, route, ruled.clocks, None, now + DAY)
    assert {one.clock.name for one in store.limits.running(10)} == {"handling", "sign"}
    met = next(clock for clock in again.clocks if clock.name == "first_response")
    assert (met.met_at, met.met_how) == (now, "contact")


def test_a_recurrence_owes_its_first_word_anew(store, ruled, make, now, route):
    store.limits.meet(ruled, {"first_response_row"}, "contact", "", now, "王芳")
    closed = move(store, ruled, "closed", now)
    store.cases.apply(make.plan(make.post("2"), CaseAction.APPEND, case_id=closed.id, reopen=True), now)
    store.moves.assign(store.cases.get(closed.id), route, ruled.clocks, None, now)
    assert named(store, "first_response").case.round == 2


def test_a_limit_over_at_arrival_is_met_by_it(store, make, route, now):
    limits = [Clock(name="arrive", due=now + DAY)]
    case = store.moves.assign(make.case(), route, limits, None, now)
    there = move(store, case, "onsite", now)
    (arrive,) = there.clocks
    assert (arrive.met_at, arrive.met_how) == (now, "arrived")
    back = move(store, there, "reported", now)
    move(store, back, "signed", now)
    assert store.limits.running(10) == []


def test_a_notice_loaded_later_moves_what_was_provisional(store, ruled, now):
    one = named(store, "handling")
    planned(store, one, ("yellow", now), ("red", now + DAY), now=now)
    (waiting,) = store.limits.unreckoned("d", 10)
    assert waiting.clock.name == "handling"
    anew = replace(waiting.clock, due=waiting.clock.due + DAY, provisional=False, calendar="d")
    assert store.limits.reckon(waiting, anew, "放假通知已公布", now)
    found = named(store, "handling").clock
    assert (found.due, found.provisional, found.planned_at) == (anew.due, False, None)
    assert fate(store, ruled)[("handling", "red")] == "dropped"
    assert store.limits.unreckoned("d", 10) == []


def test_a_notice_that_moves_nothing_leaves_the_cards(store, ruled, now):
    planned(store, named(store, "handling"), ("red", now + DAY), now=now)
    (waiting,) = store.limits.unreckoned("d", 10)
    told = len(store.cases.history(ruled.id))
    assert store.limits.reckon(waiting, replace(waiting.clock, provisional=False, calendar="d"), "通知", now)
    assert fate(store, ruled) == {("handling", "red"): "waiting"}
    assert len(store.cases.history(ruled.id)) == told


def test_what_is_due_is_listed_in_order_and_page_by_page(store, make, now, route):
    mine = make.assigned("1")
    other = make.case("2")
    store.moves.assign(other, replace(route, unit="gaoxin"), make.clocks(24), None, now)
    found = store.limits.running(100)
    assert [one.clock.due for one in found] == sorted(one.clock.due for one in found)
    assert len(found) == 6
    pages, after = [], None
    while page := store.limits.running(4, after=after):
        pages += page
        after = (page[-1].clock.due, page[-1].clock.id)
    assert pages == found
    assert {one.case.id for one in store.limits.running(9, unit=route.unit)} == {mine.id}
    assert {one.clock.name for one in store.limits.running(9, names=["sign"])} == {"sign"}
    assert store.limits.running(9, level="重大") == []
    assert store.limits.overdue(now + 1.5 * DAY) == 2
    assert store.limits.overdue(now + 1.5 * DAY, unit=route.unit) == 1


def test_more_time_is_asked_once_decided_once_and_told_once(store, ruled, make, now):
    number = store.extensions.ask(ruled, make.extension(ruled), "申请延期", now)
    with pytest.raises(Conflict):
        store.extensions.ask(ruled, make.extension(ruled), "申请延期", now)
    ((asked, case),) = store.extensions.undecided(9)
    assert (asked.id, case.id) == (number, ruled.id)
    handling = named(store, "handling").clock
    anew = replace(handling, due=handling.due + 7 * DAY)
    store.extensions.decide(asked, "agreed", anew, "批准延期", "王芳", now)
    with pytest.raises(Conflict):
        store.extensions.decide(asked, "refused", None, "不批准", "赵青", now)
    assert named(store, "handling").clock.due == anew.due
    assert store.extensions.undecided(9) == []
    decided = store.extensions.get(number)
    assert (decided.decision, decided.decided_by, decided.new_due) == ("agreed", "王芳", anew.due)
    store.extensions.tell(decided, "电话", "已告知", "王芳", now)
    with pytest.raises(Conflict):
        store.extensions.tell(decided, "电话", "已告知", "王芳", now)
    with pytest.raises(NotFound):
        store.extensions.get(99)


def test_more_time_for_a_limit_that_just_stopped_is_not_granted(store, ruled, make, now):
    store.extensions.ask(ruled, make.extension(ruled), "申请延期", now)
    ((asked, _),) = store.extensions.undecided(9)
    handling = named(store, "handling").clock
    move(store, ruled, "signed", now)
    move(store, store.cases.get(ruled.id), "handled", now)
    with pytest.raises(Conflict):
        store.extensions.decide(asked, "agreed", replace(handling, due=now), "批准", "王芳", now)
    assert store.extensions.get(asked.id).decided_at is None
