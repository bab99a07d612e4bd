"""Cases: opened once, joined, assigned, moved by compare-and-set, filtered by unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest

import cases.clocks
import cases.lifecycle
from huanyu.clock import SHANGHAI
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import states
from huanyu.types import CaseAction
from huanyu.types import MessageState


def actions(store, case_id):
    return [event.action for event in store.cases.history(case_id)]


def running(store):
    """Cases with a limit that runs."""
    return {one.case.id for one in store.limits.running(100)}


def given(store, now, name):
    """Whether a red card of the running limit of this name is given now."""
    (one,) = (one for one in store.limits.running(100, names=[name]))
    anew = replace(one.clock, calendar="c")
    assert store.limits.reckon(one, anew, "", now)
    assert store.limits.plan(one, [("red", now, "unit")], now)
    (due,) = store.limits.waiting(now, 10)
    return store.limits.give(due, "催签收", [], now)


def test_a_new_case_starts_pending_and_remembers_its_first_post(store, make, now):
    case = make.case()
    post = store.cases.posts(case.id)[0]
    assert (case.state, case.number, case.posts, case.version) == ("pending", "HY2026-000001", 1, 1)
    assert (case.first_text, case.first_url, case.first_native_id) == (post.text, post.url, post.native_id)
    assert (case.first_author, case.source, case.source_kind) == (post.author, post.source, "weibo")
    assert (case.learned_at, case.opened_at) == (post.fetched_at, now)
    assert actions(store, case.id) == ["opened"]


def test_public_names_are_unguessable_and_find_their_case(store, make):
    one, two = make.case("1"), make.case("2")
    assert len(one.public_id) >= 20
    assert one.public_id != two.public_id
    assert store.cases.by_public_id(one.public_id) == one
    assert store.cases.by_number(two.number) == two


def test_numbers_begin_anew_each_year_in_shanghai(store, make, now):
    make.case("1")
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=SHANGHAI)
    case_id = store.cases.apply(make.plan(make.post("2")), new_year)
    assert store.cases.get(case_id).number == "HY2027-000001"


def test_a_post_is_planned_once(store, make, now):
    case = make.case("1")
    post = store.cases.posts(case.id)[0]
    assert store.cases.apply(make.plan(post.id), now) == case.id
    assert store.cases.apply(make.plan(post.id, CaseAction.NONE), now) == case.id
    assert store.cases.count() == 1
    assert actions(store, case.id) == ["opened"]


def test_a_post_nobody_judged_cannot_be_planned(store, make, now):
    (post_id,) = store.posts.add([make.raw()], now).new
    with pytest.raises(NotFound):
        store.cases.apply(make.plan(post_id), now)


def test_a_further_witness_joins_the_case(store, make, now):
    case = make.case("1")
    witness = make.post("2")
    plan = make.plan(witness, CaseAction.APPEND, case_id=case.id, reason="同一文本", urgent=True)
    assert store.cases.apply(plan, now) == case.id
    joined = store.cases.get(case.id)
    assert (joined.posts, joined.state, joined.urgent) == (2, "pending", True)
    assert [post.native_id for post in store.cases.posts(case.id)] == ["1", "2"]
    assert store.posts.case_of(witness) == case.id
    assert actions(store, case.id) == ["opened", "appended"]


def test_a_witness_does_not_disturb_the_person_at_work_on_the_case(store, make, now):
    case = make.assigned("1")
    store.cases.apply(make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id), now)
    assert store.moves.move(case, "signed", action="signed", note="", actor="李岚", now=now).state == "signed"


def test_joining_a_case_that_does_not_exist_leaves_the_post_unplanned(store, make, now):
    post_id = make.post("1")
    with pytest.raises(NotFound):
        store.cases.apply(make.plan(post_id, CaseAction.APPEND, case_id=77), now)
    assert [post.id for post, _ in store.posts.complaints_without_case(5)] == [post_id]


@pytest.mark.parametrize("done", ["closed", "answered", "visited"])
def test_a_recurrence_reopens_the_case_for_routing(store, make, now, done):
    case = store.moves.move(make.handled("1"), done, action=done, note="", actor="王芳", now=now)
    assert store.cases.open_matters(now - timedelta(days=1))[0].closed
    plan = make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id, reopen=True, reason="复发")
    store.cases.apply(plan, now)
    again = store.cases.get(case.id)
    assert (again.state, again.result, again.closed_at, again.clocks) == ("pending", None, None, ())
    assert [waiting.id for waiting in store.cases.unrouted(5)] == [case.id]
    assert actions(store, case.id)[-2:] == ["appended", "reopened"]
    with pytest.raises(Conflict):
        store.moves.move(case, "closed", action="closed", note="", actor="王芳", now=now)


def test_reopen_only_appends_when_the_case_is_open_after_all(store, make, now):
    case = make.assigned("1")
    store.cases.apply(make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id, reopen=True), now)
    assert store.cases.get(case.id).state == "assigned"


def test_a_reopened_case_starts_its_limits_and_reminders_anew(store, make, now, route):
    case = make.assigned("1")
    assert given(store, now, "sign")
    case = store.moves.move(case, "closed", action="closed", note="", actor="王芳", now=now)
    store.cases.apply(make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id, reopen=True), now)
    case = store.moves.assign(store.cases.get(case.id), route, make.clocks(), None, now)
    assert {clock.name for clock in case.clocks} == {"first_response", "handling", "sign"}
    assert given(store, now, "sign")


def test_a_suggestion_waits_for_a_person_who_joins_the_post(store, make, now):
    case = make.case("1")
    post_id = make.post("2")
    plan = make.plan(post_id, CaseAction.SUGGEST, case_id=case.id, score=0.8, reason="可能同一事项")
    assert store.cases.apply(plan, now) is None
    assert store.cases.apply(plan, now) is None
    (suggestion,) = store.cases.suggestions()
    assert (suggestion.post_id, suggestion.case_id, suggestion.score) == (post_id, case.id, 0.8)
    join = make.plan(post_id, CaseAction.APPEND, case_id=case.id)
    assert store.cases.decide(suggestion, join, actor="王芳", now=now) == case.id
    assert store.cases.suggestions() == []
    assert store.cases.get(case.id).posts == 2
    with pytest.raises(Conflict):
        store.cases.decide(suggestion, join, actor="赵青", now=now)


def test_a_suggestion_may_become_a_case_of_its_own(store, make, now):
    case = make.case("1")
    post_id = make.post("2")
    store.cases.apply(make.plan(post_id, CaseAction.SUGGEST, case_id=case.id), now)
    (suggestion,) = store.cases.suggestions()
    other = store.cases.decide(suggestion, make.plan(post_id), actor="王芳", now=now)
    assert store.cases.get(other).number == "HY2026-000002"


def test_what_intake_sees_of_a_case(store, make, now):
    case = make.case()
    (matter,) = store.cases.open_matters(now - timedelta(days=7))
    assert matter == store.cases.matter(case.id)
    assert (matter.case_id, matter.number, matter.unit_area) == (case.id, case.number, "371502")
    assert (matter.signature, matter.text, matter.closed) == (b"\x01\x02\x00\xff", case.first_text, False)
    assert matter.last_post_at == now - timedelta(hours=1)
    assert store.cases.open_matters(now) == []
    with pytest.raises(NotFound):
        store.cases.matter(99)


def test_assigning_gives_unit_limits_history_and_notice_at_once(store, make, now, route):
    case = make.assigned()
    assert (case.state, case.unit, case.assist, case.rule) == ("assigned", route.unit, ("城管",), "r1")
    assert [clock.name for clock in case.clocks] == ["sign", "first_response", "handling"]
    assert set(case.clocks) == set(make.clocks())
    assert store.cases.unrouted(5) == []
    (notice,) = store.outbox.due(now, 5)
    assert (notice.key, notice.state, notice.purpose) == (
        f"notice:{case.id}:1",
        MessageState.APPROVED,
        "notice",
    )
    assert actions(store, case.id) == ["opened", "routed"]


def test_assigning_from_an_old_view_is_a_conflict_and_leaves_no_notice(store, make, now, route):
    case = make.case()
    store.moves.assign(case, route, make.clocks(), make.notice(case), now)
    with pytest.raises(Conflict):
        store.moves.assign(case, route, make.clocks(), make.notice(case), now)
    assert len(store.outbox.listing()) == 1


def test_a_case_without_unit_stays_on_the_visible_list_while_its_limits_run(store, make, now, route):
    case = make.case()
    nowhere = replace(route, unit="", rule="", why="没有规则适用")
    case = store.moves.assign(case, nowhere, make.clocks(), make.notice(case), now)
    assert (case.state, case.why) == ("pending", "没有规则适用")
    assert [waiting.id for waiting in store.cases.undispatched()] == [case.id]
    assert store.cases.unrouted(5) == []
    assert store.outbox.listing() == []
    assert running(store) == {case.id}
    assert store.moves.assign(case, route, make.clocks(), None, now).state == "assigned"
    assert store.cases.undispatched() == []


def test_a_case_sent_back_by_its_unit_waits_for_dispatch_again(store, make, now):
    case = make.assigned()
    back = store.moves.move(case, "returned", action="returned", note="不属本单位", actor="李岚", now=now)
    assert [waiting.id for waiting in store.cases.undispatched()] == [back.id]


def test_moves_are_compare_and_set(store, make, now):
    case = make.assigned()
    signed = store.moves.move(case, "signed", action="signed", note="已签收", actor="李岚", now=now)
    assert (signed.version, signed.signed_at) == (case.version + 1, now)
    with pytest.raises(Conflict):
        store.moves.move(case, "returned", action="returned", note="", actor="赵青", now=now)
    assert store.cases.get(case.id).state == "signed"
    with pytest.raises(NotFound):
        store.moves.move(replace(case, id=99), "signed", action="signed", note="", actor="李岚", now=now)


def test_a_result_is_kept_with_the_case(store, make, now):
    case = make.handled()
    assert case.result == make.result()
    assert [waiting.id for waiting in store.cases.handled(5)] == [case.id]
    assert store.cases.history(case.id)[-1].state == "handled"


def test_limits_stand_still_where_the_work_is_done_and_run_again_when_it_is_not(store, make, now):
    case = make.handled()
    assert running(store) == {case.id}
    answered = store.moves.move(case, "answered", action="answered", note="", now=now)
    assert running(store) == set()
    assert len(answered.clocks) == 3

    case = make.handled("2")
    back = store.moves.move(case, "signed", action="returned_for_facts", note="补充", actor="王芳", now=now)
    late = now + timedelta(days=11)
    assert store.figures.recompute("cases_overdue", late.date()) == 1
    assert {clock.name for clock in back.clocks} == {"first_response", "handling", "sign"}


def test_reassigning_sets_the_limits_anew(store, make, now, route):
    case = make.assigned()
    longer = tuple(replace(clock, due=clock.due + timedelta(days=5)) for clock in make.clocks())
    case = store.moves.assign(case, replace(route, unit="gaoxin"), longer, make.notice(case), now)
    assert set(case.clocks) == set(longer)
    assert [message.key for message in store.outbox.listing()] == [
        f"notice:{case.id}:1",
        f"notice:{case.id}:2",
    ]


def test_a_unit_sees_its_own_cases_only(store, make, now, route):
    mine = make.assigned("1")
    other = make.case("2")
    store.moves.assign(other, replace(route, unit="gaoxin"), (), make.notice(other), now)
    assert [case.id for case in store.cases.listing(unit=route.unit)] == [mine.id]
    assert store.cases.count(unit=route.unit) == 1
    assert store.cases.get(mine.id, unit=route.unit).id == mine.id
    assert [message.case_id for message in store.outbox.listing(unit=route.unit)] == [mine.id]
    with pytest.raises(NotFound):
        store.cases.get(other.id, unit=route.unit)
    with pytest.raises(NotFound):
        store.cases.by_number(other.number, unit=route.unit)
    with pytest.raises(NotFound):
        store.outbox.get(store.outbox.listing(unit="gaoxin")[0].id, unit=route.unit)


def test_lists_filter_search_and_page(store, make, now):
    first, second, third = (
        make.case("1"),
        make.assigned("2"),
        make.case("3", place="徒骇河", title="50%_浑水"),
    )
    assert [case.id for case in store.cases.listing()] == [third.id, second.id, first.id]
    assert [case.id for case in store.cases.listing(limit=1, offset=1)] == [second.id]
    assert [case.id for case in store.cases.listing(states=("assigned",))] == [second.id]
    either = ("pending", "assigned")
    assert [case.id for case in store.cases.listing(states=either, limit=2)] == [third.id, second.id]
    assert [case.id for case in store.cases.listing(states=either, limit=2, offset=2)] == [first.id]
    assert [case.id for case in store.cases.listing(text="徒骇")] == [third.id]
    assert [case.id for case in store.cases.listing(text="%_浑")] == [third.id]
    assert [case.id for case in store.cases.listing(text="第2次")] == [second.id]
    assert store.cases.listing(text=first.number) == [first]
    assert store.cases.count(states=("pending",)) == 2
    assert store.cases.count(text="' OR 1=1 --") == 0


def test_every_case_is_read_page_by_page(store, make, monkeypatch):
    monkeypatch.setattr("huanyu.store.cases.PAGE", 2)
    ids = [make.case(str(n)).id for n in range(5)]
    assert [case.id for case in store.cases.iterate()] == ids


def test_a_level_is_given_with_its_reason(store, make, now):
    case = store.moves.grade(make.case(), "较大", "涉及学校", now)
    assert (case.level, store.cases.history(case.id)[-1].note) == ("较大", "涉及学校")


def test_the_store_and_the_lifecycle_mean_the_same_states():
    assert cases.lifecycle.START == states.PENDING
    assert cases.lifecycle.ENDS == states.OVER
    known = set(cases.lifecycle.LABEL)
    named = {text for name, text in vars(states).items() if name.isupper() and isinstance(text, str)}
    assert named <= known
    listed = (states.DONE, states.KEEP_REPLIES, states.AT_WORK, states.STAMP, *states.STOPPED_IN.values())
    assert set().union(*listed) <= known
    for clock in cases.clocks.STOPPED_IN:
        stopped = {state for state in known if states.stands_still(clock, state)}
        assert stopped == cases.clocks.STOPPED_IN[clock]
    assert set(states.STOPPED_IN) < set(cases.clocks.STOPPED_IN)


def test_tightening_sets_new_limits_and_tells_the_unit_without_moving_the_case(store, make, now):
    case = make.assigned("t1")
    signed = store.moves.move(case, "signed", action="signed", note="", now=now)
    sooner = tuple(replace(clock, due=clock.due - timedelta(hours=1)) for clock in make.clocks())
    tight = store.moves.tighten(signed, sooner, make.notice(case), "多人反映身体不适", now)
    assert tight.state == "signed"
    assert {clock.name: clock.due for clock in tight.clocks} == {clock.name: clock.due for clock in sooner}
    assert len(store.outbox.listing(case_id=case.id)) == 2
    with pytest.raises(Conflict):
        store.moves.tighten(signed, sooner, None, "", now)
