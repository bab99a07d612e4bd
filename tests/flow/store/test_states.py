"""已到场, 已反馈待审核, 阶段性办结, 已回访: what the store keeps, stops and counts while a case is there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import clocks
from cases import lifecycle
from huanyu.store.tables import cases
from huanyu.store.tables import clocks as limits
from huanyu.types import CaseAction
from huanyu.types import MessageState
from huanyu.types import Receipt
from tests.agreed import approve

HOUR = timedelta(hours=1)
STAMPS = ("accepted_at", "signed_at", "arrived_at", "reported_at", "answered_at", "closed_at", "satisfied")


def go(store, case, *way, start):
    """Move a case along, an hour for each step; returns it and the moments."""
    moments = {}
    for hours, state in enumerate(way, start=1):
        moments[state] = start + hours * HOUR
        lifecycle.check(case.state, state)
        case = store.moves.move(case, state, action=state, note="", now=moments[state])
    return case, moments


def stamps(store, case):
    """The columns of the case that tell when it came where."""
    query = cases.select().where(cases.c.id == case.id)
    with store._database.read() as tx:
        row = tx.execute(query).mappings().one()
    return {name: row[name] for name in STAMPS if row[name]}


def running(store, case):
    """Names of the limits that count, as the database and as the case itself has it."""
    with store._database.read() as tx:
        query = limits.select().where(limits.c.case_id == case.id, limits.c.ended_at.is_(None))
        stored = sorted(row.name for row in tx.execute(query))
    case = store.cases.get(case.id)
    assert stored == sorted(clock.name for clock in case.clocks if clocks.runs(clock, case))
    return stored


def out(store, message_id, now):
    """The approved reply leaves, and its case is answered."""
    message = store.outbox.claim(store.outbox.get(message_id), now)
    receipt = Receipt(platform_id="1", url="https://sthj.example.org/r/1.html")
    return store.outbox.settle(
        message,
        MessageState.SENT,
        receipt=receipt,
        note="",
        due_at=None,
        case_to="answered",
        now=now,
    )


def answered(store, make, native_id="1"):
    """An answered case whose second account has not been written to yet."""
    case, (site, second) = make.replying(native_id)
    approve(store, site, make.now)
    out(store, site, make.now)
    return store.cases.get(case.id), second


def unanswered(store, moment):
    return [line.case_id for line in store.figures.day(moment.date(), (), moment + HOUR).unanswered]


def test_every_moment_of_the_way_is_kept_and_a_new_round_forgets_them(store, make, now, route):
    case, when = go(store, make.case(), "accepted", start=now)
    accepted = when["accepted"]
    case = store.moves.assign(case, route, make.clocks(), None, accepted)
    way = ("signed", "onsite", "reported", "handled")
    case, when = go(store, case, *way, start=accepted)
    kept = {"signed_at": when["signed"], "arrived_at": when["onsite"], "reported_at": when["reported"]}
    assert stamps(store, case) == {"accepted_at": accepted} | kept
    case, when = go(store, case, "replying", "answered", "visited", start=when["handled"])
    case, _ = go(store, case, "pending", start=when["visited"])
    assert stamps(store, case) == {}


def test_a_pause_or_a_new_level_is_no_second_arrival(store, make, now):
    case, when = go(store, make.assigned(), "signed", "onsite", start=now)
    case, _ = go(store, case, "paused", "onsite", start=when["onsite"])
    case = store.moves.grade(case, "较大", "涉及学校", now + timedelta(days=1))
    assert stamps(store, case) == {"signed_at": when["signed"], "arrived_at": when["onsite"]}


def test_the_next_unit_has_neither_signed_nor_been_there(store, make, now, route):
    case, _ = go(store, make.assigned(), "signed", "onsite", start=now)
    case = store.moves.assign(case, route, make.clocks(), None, now + timedelta(days=1))
    assert (case.state, stamps(store, case)) == ("assigned", {})


LEFT = {
    "onsite": ["first_response", "handling"],
    "signed onsite": ["first_response", "handling"],
    "signed onsite paused": ["first_response"],
    "signed onsite paused onsite": ["first_response", "handling"],
    "signed reported": ["first_response"],
    "signed reported signed": ["first_response", "handling"],
    "signed handled interim": ["first_response"],
    "signed handled interim signed": ["first_response", "handling"],
    "signed handled replying answered": [],
    "signed handled replying answered interim": [],
    "signed handled replying answered interim signed": ["handling"],
    "signed handled replying answered visited": [],
    "onsite transferred": [],
}


def test_limits_stand_still_where_nothing_is_owed(store, make, now):
    found = {}
    for way in LEFT:
        case, _ = go(store, make.assigned(way), *way.split(), start=now)
        found[way] = running(store, case)
    assert found == LEFT


def test_a_limit_set_anew_after_the_answer_does_not_ask_for_it_again(store, make, now):
    way = ("signed", "handled", "replying", "answered", "interim", "signed")
    case, when = go(store, make.assigned(), *way, start=now)
    case = store.moves.tighten(case, make.clocks(hours=1), None, "多人反映", when["signed"] + HOUR)
    assert running(store, case) == ["handling"]


@pytest.mark.parametrize("state", ["visited", "interim"])
def test_what_is_still_to_leave_of_an_answer_stays_good(store, make, now, state):
    case, second = answered(store, make)
    approve(store, second, now)
    case, _ = go(store, case, state, start=now)
    assert store.outbox.get(second).state is MessageState.APPROVED
    out(store, second, now + 2 * HOUR)
    assert store.cases.get(case.id).state == state  # the second account's answer is no second answer


@pytest.mark.parametrize("to", ["pending", "assigned", "closed"])
def test_what_has_not_left_is_void_once_the_matter_is_taken_up_again_or_over(store, make, now, to):
    case, second = answered(store, make)
    case, _ = go(store, case, "visited", to, start=now)
    assert store.outbox.get(second).state is MessageState.CANCELLED


def test_an_answered_case_keeps_round_result_and_answer_when_it_is_settled_in_stages(store, make, now):
    case, _ = answered(store, make)
    halted, _ = go(store, case, "interim", start=now)
    assert (halted.result, halted.answered_at) == (case.result, case.answered_at)
    assert turn(store, halted) == 1
    assert store.cases.unrouted(5) == []
    again, _ = go(store, halted, "handled", "replying", "answered", start=now)
    assert turn(store, again) == 1 and again.answered_at > case.answered_at


def turn(store, case):
    with store._database.read() as tx:
        return tx.execute(cases.select().where(cases.c.id == case.id)).mappings().one()["round"]


def test_whoever_is_not_content_gets_a_new_round_with_the_same_unit(store, make, now, route):
    case, _ = answered(store, make)
    case, _ = go(store, case, "visited", start=now)
    assert store.cases.open_matters(now - timedelta(days=1))[0].closed
    again = store.moves.assign(case, route, make.clocks(), make.notice(case), now + 2 * HOUR)
    assert (again.state, again.unit, again.result, again.answered_at) == (
        "assigned",
        case.unit,
        None,
        None,
    )
    assert turn(store, again) == 2
    assert store.cases.unrouted(5) == []  # nobody routes it a second time
    assert running(store, again) == ["first_response", "handling", "sign"]


def test_a_further_voice_is_a_witness_of_what_is_settled_in_stages_only(store, make, now):
    case, _ = go(store, make.handled(), "interim", start=now)
    (matter,) = store.cases.open_matters(now - timedelta(days=1))
    assert not matter.closed
    plan = make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id, reopen=True)
    store.cases.apply(plan, now + 2 * HOUR)
    assert store.cases.get(case.id).state == "interim"


def test_a_refused_case_may_be_taken_in_after_all_and_is_routed(store, make, now):
    case, _ = go(store, make.case(), "refused", "accepted", start=now)
    assert stamps(store, case) == {"accepted_at": now + 2 * HOUR}
    assert [one.id for one in store.cases.unrouted(5)] == [case.id]


@pytest.mark.parametrize("state", ["onsite", "reported"])
def test_a_joined_case_comes_back_where_it_stood(store, make, now, state):
    first, second = make.assigned("1"), make.assigned("2")
    second, _ = go(store, second, "signed", state, start=now)
    before = running(store, second)
    store.cases.join(second, first, "同一家", None, "lilan", now + 3 * HOUR)
    assert running(store, second) == []
    joined = store.cases.get(second.id)
    back = store.cases.unjoin(joined, "不是一家", lambda _: None, actor="lilan", now=now + 4 * HOUR)
    assert (back.state, running(store, back)) == (state, before)


def test_cases_in_every_new_state_are_open_and_only_those_without_an_answer_unanswered(store, make, now):
    end = now + 8 * HOUR
    there, _ = go(store, make.assigned("1"), "onsite", start=now)
    told, _ = go(store, make.assigned("2"), "signed", "reported", start=now)
    halted, _ = go(store, make.handled("3"), "interim", start=now)
    paper, _ = go(store, answered(store, make, "4")[0], "interim", start=now)
    asked, _ = go(store, answered(store, make, "5")[0], "visited", start=now)
    figures = store.figures.day(now.date(), (), end)
    counted = {figure.key: figure.value for figure in figures.counts}
    assert {row.key: row.count for row in figures.by_state} == {
        "onsite": 1,
        "reported": 1,
        "interim": 2,
        "visited": 1,
    }
    assert (counted["cases_open"], counted["cases_answered"], counted["cases_closed"]) == (5, 2, 0)
    assert [line.case_id for line in figures.unanswered] == [there.id, told.id, halted.id]
    due = {line.case_id: line.due for line in figures.open_cases}
    assert (due[paper.id], due[asked.id]) == (None, None)
    assert due[halted.id] == due[told.id] == now + timedelta(days=2)  # the people's first answer
    for key, cases_ in (("onsite", [there]), ("interim", [halted, paper]), ("visited", [asked])):
        found = store.behind.rows(f"state:{key}", "件", figures.period_from, figures.period_to, end)
        assert found == ("cases", [case.id for case in cases_])


def test_figures_of_a_past_day_know_the_states_of_that_day(store, make, now):
    case, _ = go(store, make.assigned(), "signed", "onsite", start=now)
    tomorrow = now + timedelta(days=1)
    case, _ = go(store, case, "reported", "handled", "replying", "answered", "interim", start=tomorrow)
    seen = store.figures.day(now.date(), (), now + timedelta(days=3))
    assert [(line.state, line.due) for line in seen.open_cases] == [("onsite", now + timedelta(days=2))]
    assert unanswered(store, now) == [case.id]
    assert unanswered(store, tomorrow + 6 * HOUR) == []


def test_an_answer_before_the_case_was_given_out_again_is_none_for_this_time(store, make, now, route):
    case, _ = go(store, answered(store, make)[0], "visited", start=now)
    again = store.moves.assign(case, route, make.clocks(), None, now + 2 * HOUR)
    again, _ = go(store, again, "signed", "handled", "interim", start=now + 2 * HOUR)
    assert unanswered(store, now + 5 * HOUR) == [again.id]


def test_a_case_that_was_visited_and_closed_is_counted_as_closed_once(store, make, now):
    go(store, answered(store, make)[0], "visited", "closed", start=now)
    assert store.figures.recompute("cases_closed", now.date()) == 1
    assert store.figures.recompute("cases_answered", now.date()) == 1
    assert store.figures.recompute("cases_open", now.date()) == 0


def test_a_missed_limit_is_overdue_until_the_report_came_in(store, make, now, route):
    (handling,) = (one for one in make.clocks() if one.name == "handling")
    case = store.moves.assign(make.case(), route, (handling,), None, now)
    case, _ = go(store, case, "signed", "onsite", start=now)
    late = now + timedelta(days=12)
    go(store, case, "reported", start=late)
    days = [(now + timedelta(days=many)).date() for many in (9, 11, 12)]
    assert [store.figures.recompute("cases_overdue", day) for day in days] == [0, 1, 0]


def test_a_unit_finds_its_cases_in_every_state(store, make, now):
    for native_id, way in enumerate(("onsite", "signed reported", "signed handled interim"), start=1):
        go(store, make.assigned(str(native_id)), *way.split(), start=now)
    found = store.cases.listing(unit="dongchangfu", states={"onsite", "reported", "interim"})
    assert [case.state for case in found] == ["interim", "reported", "onsite"]
    assert store.cases.listing(unit="chiping", states={"onsite", "reported", "interim"}) == []
