"""Several writes as one transaction: all of them are kept or none, and one that fails takes back only itself."""

from __future__ import annotations

from dataclasses import fields
from dataclasses import replace
from threading import Thread

import pytest

from cases.clocks import next_due
from flow.batch import at_once
from flow.batch import each
from huanyu.errors import Conflict
from huanyu.store.carding import Gift
from huanyu.store.carding import Plan
from huanyu.types import Listed
from huanyu.types import Route
from huanyu.types import Seer

UNIT = Route(unit="zhifa", department="生态环境", assist=(), rule="r1", why="工业废气归生态环境")


def test_what_breaks_off_leaves_nothing_behind(store, make, now):
    with pytest.raises(ZeroDivisionError), store.together():
        make.case("1")
        assert store.cases.count() == 1  # who writes sees it
        raise ZeroDivisionError
    assert store.cases.count() == 0
    assert store.audit.listing() == []


def test_of_a_batch_only_what_fails_is_taken_back(store, make, now):
    cases = [make.case(str(number)) for number in range(3)]
    store.moves.grade(cases[1], "较大", "影响较大", now=now)  # the batch has seen it as it was

    def work(case):
        store.settings.put(f"seen:{case.id}", "yes", now=now)
        store.moves.move(case, "accepted", action="accepted", note="", now=now)

    assert each("test", cases, work, store.together) == 2
    assert [store.cases.get(case.id).state for case in cases] == ["accepted", "pending", "accepted"]
    assert store.settings.get(f"seen:{cases[1].id}") is None
    assert store.audit.verify() == []


def test_every_write_of_a_batch_has_its_audit_row(store, make, now):
    cases = [make.case(str(number)) for number in range(3)]
    before = len(store.audit.listing())
    with store.together():
        for case in cases:
            store.moves.move(case, "accepted", action="accepted", note="", now=now)
    assert [row.action for row in store.audit.listing()[:3]] == ["case.move"] * 3
    assert len(store.audit.listing()) == before + 3


def test_another_thread_is_not_drawn_in(store, make, now):
    case = make.case("1")
    seen = []
    with store.together():
        store.moves.move(case, "accepted", action="accepted", note="", now=now)
        other = Thread(target=lambda: seen.append(store.cases.get(case.id).state))
        other.start()
        other.join()
    assert seen == ["pending"]
    assert store.cases.get(case.id).state == "accepted"


def test_cards_of_many_limits_are_made_and_given_once(store, make, now):
    cases = [make.case(str(number)) for number in range(3)]
    for case in cases:
        limits = [replace(clock, calendar="c") for clock in make.clocks()]
        store.moves.assign(case, UNIT, clocks=limits, notice=None, now=now)
    stages = [("yellow", now, "unit"), ("red", now, "unit")]
    plans = [Plan(one, stages) for one in store.limits.unplanned(100)]
    assert store.limits.plan_all(plans, now) == len(plans) > 0
    assert store.limits.plan_all(plans, now) == 0
    assert store.limits.next_moment() == now
    gifts = [Gift(due, "提醒", [make.notice(due.case)]) for due in store.limits.waiting(now, 100)]
    assert store.limits.give_all(gifts, now) == len(gifts) == 2 * len(plans)
    assert store.limits.give_all(gifts, now) == 0
    assert store.limits.next_moment() is None
    told = [event for case in cases for event in store.cases.history(case.id) if event.action == "reminded"]
    assert len(told) == len(gifts)
    assert store.audit.verify() == []


def test_where_a_batch_cannot_be_saved_the_good_ones_are_saved_one_by_one(store, make):
    cases = [make.case(str(number)) for number in range(3)]
    saved = []

    def save(found):
        if cases[1].id in found:
            raise Conflict("数据已被他人写入")
        saved.extend(found)
        return len(found)

    assert at_once("test", cases, lambda case: case.id, save) == 2
    assert saved == [cases[0].id, cases[2].id]


def test_cases_are_counted_by_state_and_up_to_a_number(store, make, now):
    for number in range(3):
        make.case(str(number))
    store.moves.move(make.case("9"), "closed", action="closed", note="", now=now)
    assert store.cases.count_states({"pending", "closed"}) == {"pending": 3, "closed": 1}
    assert store.cases.count_states({"pending"}, text="许营") == {"pending": 3}
    assert store.cases.count(states={"pending"}, most=2) == 2
    assert store.cases.count(states={"pending"}, most=5) == 3


@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize("text", ["许营", "HY", "hy", "没有的词"])
def test_a_search_of_cases_shows_and_counts_what_the_list_would(store, make, now, text, deep):
    for number in range(4):
        make.case(str(number))
    store.moves.move(make.case("9"), "closed", action="closed", note="", now=now)
    seer = Seer(user_id=0, name="press")
    for states, at in (({"pending"}, 0), ({"pending"}, 2), ({"closed", "pending"}, 1), ({"replying"}, 0)):
        found, counts = store.case_lists.searched(text, None, states, 3, at, deep, seer)
        like = {"text": text, "deep": deep, "seer": seer}
        assert [one.id for one in found] == [
            one.id for one in store.cases.listing(states=states, limit=3, offset=at, **like)
        ]
        assert counts == store.cases.count_states({"pending", "closed", "replying"}, **like)


def test_a_line_of_a_list_tells_what_the_case_does(store, make, now):
    for number in range(4):
        make.case(str(number))
    make.handled("7")
    make.assigned("8")
    store.moves.move(make.case("9"), "closed", action="closed", note="", now=now)
    seer = Seer(user_id=0, name="press")
    same = [field.name for field in fields(Listed) if field.name != "clocks"]
    for states, at in (((), 0), ((), 2), ({"pending"}, 1), ({"closed", "pending"}, 1)):
        shown = store.case_lists.page(None, states, 3, at, seer)
        whole = store.cases.listing(states=states, limit=3, offset=at, seer=seer)
        assert shown
        for line, case in zip(shown, whole, strict=True):
            assert [getattr(line, name) for name in same] == [getattr(case, name) for name in same]
            line_due, case_due = next_due(line), next_due(case)
            assert (line_due and (line_due.name, line_due.due, line_due.why)) == (
                case_due and (case_due.name, case_due.due, case_due.why)
            )
