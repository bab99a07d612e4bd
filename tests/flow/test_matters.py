"""A post taken out of a case, two cases joined, and both undone: counts, limits, figures and the machine's memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import cases.intake
from classify.similar import likeness
from flow import cycle
from flow import issues
from flow import matters
from flow import morning
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store.parting import separate
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Figure
from huanyu.types import MessageState
from huanyu.types import StoredBulletin
from tests.flow.office import MANY
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything
from tests.flow.office import raw

LATER = NOW + timedelta(hours=1)
WHY = "说的是另一家"


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


def posts_of(office: Office, case: Case) -> list[int]:
    return [post.id for post in office.desk.store.cases.posts(case.id)]


def again(office: Office, case: Case) -> Case:
    return office.desk.store.cases.get(case.id)


def apart(office: Office, case: Case, post_id: int, number: str = "") -> int | None:
    return matters.take_apart(
        office.desk, office.press, case.id, again(office, case).version, post_id, WHY, LATER, number
    )


def joined(office: Office, case: Case, other: Case) -> Case:
    version = again(office, case).version
    return matters.join(office.desk, office.press, case.id, version, other.number, "同一家", LATER)


def figure(office: Office, key: str) -> int:
    return office.desk.store.figures.recompute(key, NOW.date())


def test_a_post_taken_out_gets_a_case_and_limits_of_its_own(office):
    case = office.case("assigned")
    first, second = posts_of(office, case)
    opened = apart(office, case, second)
    assert opened is not None and opened != case.id
    assert (posts_of(office, case), again(office, case).posts) == ([first], 1)
    cycle.run(office.desk, "route", LATER)
    own = office.desk.store.cases.get(opened)
    assert (own.posts, own.unit, own.learned_at) == (1, case.unit, NOW - timedelta(minutes=30))
    assert own.clocks
    assert office.desk.store.cases.history(case.id)[-1].note.endswith(WHY)


def test_the_machine_never_joins_again_what_a_person_took_apart(office):
    case = office.case("assigned")
    _, second = posts_of(office, case)
    apart(office, case, second)
    assert office.desk.store.cases.separated([second]) == {second: frozenset({case.id})}
    before = everything(office.desk)
    cycle.turn(office.desk, LATER, ("open",))
    assert everything(office.desk) == before


def test_a_post_waiting_to_be_opened_stays_out_of_a_case_it_was_taken_from(office):
    case = office.case("assigned")
    copy = raw(77, PAINT)
    (post_id,) = office.desk.store.posts.add([copy], now=LATER).new
    cycle.run(office.desk, "understand", LATER)
    office.judge(LATER)
    with office.desk.store._database.write() as tx:
        separate(tx, post_id, case.id, WHY, "lilan", LATER)
    cycle.run(office.desk, "open", LATER)
    assert office.desk.store.posts.case_of(post_id) not in {None, case.id}


def test_a_post_may_go_to_another_case(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    _, second = posts_of(office, case)
    assert apart(office, case, second, river.number) == river.id
    assert second in posts_of(office, river)
    assert again(office, river).posts == 2


def test_the_first_post_may_leave_and_the_next_one_takes_its_place(office):
    case = office.case("assigned")
    first, second = posts_of(office, case)
    apart(office, case, first)
    assert posts_of(office, case) == [second]
    assert again(office, case).first_text.endswith("啊")


def test_the_first_post_stays_where_an_answer_is_written_to_it(office):
    case, _ = office.replying()
    first, second = posts_of(office, case)
    with pytest.raises(IllegalMove):
        apart(office, case, first)
    assert apart(office, case, second)


def test_the_only_post_of_a_case_cannot_leave_it(office):
    river = office.case("assigned", RIVER)
    (only,) = posts_of(office, river)
    with pytest.raises(BadInput):
        apart(office, river, only)
    with pytest.raises(NotFound):
        apart(office, office.case("assigned"), only)


def test_of_two_who_take_apart_the_second_is_told(office):
    case = office.case("assigned")
    first, second = posts_of(office, case)
    apart(office, case, second)
    with pytest.raises(Conflict):
        matters.take_apart(office.desk, office.press, case.id, case.version, first, WHY, LATER)
    assert posts_of(office, case) == [first]


def test_only_the_press_office_says_what_is_one_matter(office):
    case = office.case("assigned")
    _, second = posts_of(office, case)
    with pytest.raises(NotAllowed):
        matters.take_apart(office.desk, office.handler(case.unit), case.id, case.version, second, WHY, LATER)
    with pytest.raises(BadInput):
        matters.take_apart(office.desk, office.press, case.id, case.version, second, " ", LATER)


def test_the_later_case_ends_and_points_to_the_earlier_one(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    told = posts_of(office, case) + posts_of(office, river)
    open_before, opened_before, late_before = (
        figure(office, key) for key in ("cases_open", "cases_opened", "cases_overdue")
    )
    found = joined(office, case, river)  # asked for on the earlier one's page: the order of opening decides
    assert (found.id, found.posts, posts_of(office, case)) == (case.id, 3, told)
    ended = again(office, river)
    assert (ended.state, ended.joined_into, ended.number, ended.posts) == ("joined", case.id, river.number, 0)
    assert not any(one.case.id == river.id for one in office.desk.store.limits.running(MANY))
    assert figure(office, "cases_open") == open_before - 1
    assert figure(office, "cases_opened") == opened_before  # both numbers were given
    assert figure(office, "cases_closed") == 0  # 并案 is no 办结
    assert figure(office, "cases_overdue") == late_before - 1


def test_nothing_new_joins_an_ended_case(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    joined(office, case, river)
    matters_now = office.desk.store.cases.open_matters(since=NOW - timedelta(days=9))
    assert river.id not in {matter.case_id for matter in matters_now}
    with pytest.raises(IllegalMove):
        joined(office, case, river)


def test_a_join_undone_puts_everything_back(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    before = posts_of(office, case), posts_of(office, river)
    joined(office, case, river)
    back = matters.unjoin(office.desk, office.press, river.id, again(office, river).version, WHY, LATER)
    assert (back.state, back.joined_into, back.unit) == ("assigned", None, river.unit)
    assert (posts_of(office, case), posts_of(office, river)) == before
    assert (again(office, case).posts, back.posts) == (2, 1)
    assert {clock.name for clock in back.clocks} == {clock.name for clock in river.clocks}
    assert any(one.case.id == river.id for one in office.desk.store.limits.running(MANY))
    (post_id,) = before[1]
    assert office.desk.store.cases.separated([post_id]) == {post_id: frozenset({case.id})}


def test_taking_apart_is_undone_by_joining(office):
    case = office.case("assigned")
    told = posts_of(office, case)
    opened = apart(office, case, told[1])
    cycle.run(office.desk, "route", LATER)
    assert joined(office, case, office.desk.store.cases.get(opened)).posts == 2
    assert sorted(posts_of(office, case)) == sorted(told)
    assert office.desk.store.cases.separated(told) == {}


def test_joins_one_into_the_other_are_undone_in_their_order(office):
    first, second, third = sorted(office.desk.store.cases.iterate(), key=lambda one: one.id)[:3]
    own = {one.id: posts_of(office, one) for one in (first, second, third)}
    joined(office, second, third)
    joined(office, first, second)
    with pytest.raises(IllegalMove):
        matters.unjoin(office.desk, office.press, third.id, again(office, third).version, WHY, LATER)
    for one in (second, third):
        matters.unjoin(office.desk, office.press, one.id, again(office, one).version, WHY, LATER)
    assert {one.id: posts_of(office, one) for one in (first, second, third)} == own


@pytest.mark.parametrize("number", ["", "HY2026-999999"])
def test_a_number_that_leads_nowhere_is_told(office, number):
    case = office.case("assigned")
    with pytest.raises((BadInput, NotFound)):
        matters.join(office.desk, office.press, case.id, case.version, number, WHY, LATER)


def test_an_answered_case_takes_nothing_in(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    office.replying(RIVER)
    with pytest.raises(IllegalMove):  # the later one has an answer on its way
        joined(office, case, river)


def test_every_move_is_in_the_audit_trail(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    joined(office, case, river)
    matters.unjoin(office.desk, office.press, river.id, again(office, river).version, WHY, LATER)
    apart(office, case, posts_of(office, case)[1])
    office.desk.store.audit.seal(now=LATER)
    told = [line.action for line in office.desk.store.audit.listing(limit=20)]
    assert {"case.join", "case.unjoin", "case.take_apart"} <= set(told)


def told(office: Office, case: Case) -> list[tuple[str, MessageState]]:
    """The slips of a case, oldest first."""
    listed = office.desk.store.outbox.listing(case_id=case.id, purpose="notice")
    return [(message.title[:6], message.state) for message in sorted(listed, key=lambda one: one.id)]


def undone(office: Office, case: Case) -> Case:
    return matters.unjoin(office.desk, office.press, case.id, again(office, case).version, WHY, LATER)


def counted(office: Office, made: StoredBulletin) -> dict[str, Figure]:
    """Every count, also those that this paper does not print."""
    found = issues.recount(office.desk, made.bulletin)
    kinds = ("case_source", "issued")
    cells = [cell for cell in found.cells if cell.key.startswith(kinds)]
    return {figure.key: figure for figure in (*found.counts, *cells)}


def test_a_paper_issued_before_can_be_recomputed_after_every_move(office):
    desk = office.desk
    desk.store.posts.add([raw(50, RIVER + "啊")], now=NOW)
    cycle.turn(desk, NOW, ("understand", "open"))
    case, river = office.case("assigned"), office.desk.store.cases.listing(text=RIVER[:12])[0]
    assert (case.posts, river.posts) == (2, 2)
    made = morning.compile_day(desk, NOW.date(), MORNING)
    told = counted(office, made)
    assert told["cases_told_again"].value == 2
    assert morning.verify(desk, made.id) == []
    after = MORNING + timedelta(hours=2)
    version = again(office, river).version
    matters.join(desk, office.press, river.id, version, case.number, "同一家", after)
    assert morning.verify(desk, made.id) == []
    for at, post_id in enumerate(posts_of(office, case)[:2]):
        now = after + timedelta(minutes=at)
        matters.take_apart(desk, office.press, case.id, again(office, case).version, post_id, WHY, now)
        assert morning.verify(desk, made.id) == []
        assert counted(office, made) == told


def test_a_case_opened_about_an_older_post_counts_as_such_after_that_post_has_left(office):
    desk, tomorrow = office.desk, MORNING.date()
    case = office.case("assigned")
    _, second = posts_of(office, case)
    version = again(office, case).version
    opened = matters.take_apart(desk, office.press, case.id, version, second, WHY, MORNING)
    own = desk.store.cases.get(opened)
    (fresh,) = desk.store.posts.add([raw(70, PAINT + "，今天又来", MORNING)], now=MORNING).new
    cycle.run(desk, "understand", MORNING)
    plan = CasePlan(post_id=fresh, action=CaseAction.APPEND, reason="并入", case_id=own.id, score=1.0)
    desk.store.cases.apply(plan, now=MORNING)
    seen = MORNING + timedelta(hours=1)
    assert desk.store.figures.recompute("cases_earlier", tomorrow, seen) == 1
    version, after = again(office, own).version, seen + timedelta(hours=1)
    matters.take_apart(desk, office.press, own.id, version, second, WHY, after)
    assert desk.store.figures.recompute("cases_earlier", tomorrow, seen) == 1


def test_a_case_that_lost_its_own_posts_keeps_what_was_joined_into_it(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    own = posts_of(office, case)
    joined(office, case, river)
    for post_id in own:
        apart(office, case, post_id)
    before = posts_of(office, case)
    with pytest.raises(BadInput):
        undone(office, river)
    assert posts_of(office, case) == before


def test_a_joined_post_that_had_become_the_first_goes_back_and_the_next_one_follows(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    first, second = posts_of(office, case)
    joined(office, case, river)
    apart(office, case, first)
    assert again(office, case).first_text.startswith(RIVER[:8])
    undone(office, river)
    assert (posts_of(office, case), again(office, case).first_text[:4]) == ([second], PAINT[:4])
    assert again(office, river).first_text == RIVER


def test_a_complaint_planned_for_a_case_goes_where_that_case_was_joined(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    (post_id,) = office.desk.store.posts.add([raw(50, RIVER + "啊")], now=NOW).new
    cycle.run(office.desk, "understand", NOW)
    office.judge()
    plan = CasePlan(post_id=post_id, action=CaseAction.APPEND, reason="并入", case_id=river.id, score=1.0)
    joined(office, case, river)
    assert office.desk.store.cases.apply(plan, now=LATER) == case.id
    assert post_id in posts_of(office, case)
    assert again(office, river).posts == 0


def test_the_case_that_goes_on_is_as_grave_as_the_one_that_ended(office):
    faint = min(office.desk.store.cases.iterate(), key=lambda one: (one.level != "一般", one.id))
    river = office.case("assigned", RIVER)
    assert (faint.level, river.level, faint.id < river.id) == ("一般", "较大", True)
    merged = joined(office, faint, river)
    assert (merged.level, merged.urgent) == ("较大", True)
    limits, before = ({clock.name: clock.due for clock in one.clocks} for one in (merged, faint))
    assert limits["handling"] < before["handling"]
    assert told(office, faint)[-1] == ("【转办单】H", MessageState.APPROVED)


def test_the_unit_is_told_of_the_join_and_that_its_case_is_back(office):
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    joined(office, case, river)
    assert told(office, river) == [
        ("【转办单】H", MessageState.CANCELLED),  # it had not left yet
        ("【并案告知】", MessageState.APPROVED),
    ]
    cycle.run(office.desk, "deliver", LATER)
    assert told(office, river)[-1] == ("【并案告知】", MessageState.SENT)
    cycle.turn(office.desk, LATER + timedelta(days=7), ("recalendar", "plan_cards", "cards"))
    assert len(told(office, river)) == 2, "no reminder of a case that has ended"
    undone(office, river)
    assert told(office, river)[-1] == ("【转办单】H", MessageState.APPROVED)


def test_a_card_that_comes_too_late_is_not_given(office):
    desk, (case, river) = office.desk, (office.case("assigned"), office.case("assigned", RIVER))
    late = LATER + timedelta(days=7)
    cycle.turn(desk, LATER, ("recalendar", "plan_cards"))
    (due, *_) = (one for one in desk.store.limits.waiting(late, MANY) if one.case.id == river.id)
    joined(office, case, river)
    assert not desk.store.limits.give(due, "红牌", [], now=late)
    assert all(one.case.id != river.id for one in desk.store.limits.waiting(late, MANY))


def test_a_graver_witness_whom_a_person_lets_in_raises_the_case(office):
    desk = office.desk
    faint = min(desk.store.cases.iterate(), key=lambda one: (one.level != "一般", one.id))
    (post_id,) = desk.store.posts.add([raw(50, RIVER + "，好几个孩子中毒住院了")], now=NOW).new
    cycle.run(desk, "understand", NOW)
    office.judge()
    verdict = desk.store.posts.verdict(post_id)
    plan = cases.intake.plan(desk.store.posts.get(post_id), verdict, (), likeness, NOW)
    asked = CasePlan(
        post_id=post_id,
        action=CaseAction.SUGGEST,
        reason="问人",
        case_id=faint.id,
        score=0.8,
        urgent=plan.urgent,
    )
    desk.store.cases.apply(asked, now=NOW)
    (waiting,) = [one for one in desk.store.cases.suggestions() if one.post_id == post_id]
    matters.decide_suggestion(desk, office.press, waiting.id, True, LATER)
    assert again(office, faint).level in {"较大", "重大", "特别重大"}
