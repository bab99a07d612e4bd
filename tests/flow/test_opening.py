"""A person opens a case for a post the program left without one, or joins it to a known case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import matters
from flow import opening
from flow import permits
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import PostType
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything

LATER = NOW + timedelta(hours=1)
WHY = "湖边说的是岸上烧烤的油烟"
SUNSET = TEXTS[9]


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill()
        yield opened


def left_alone(office: Office, said: str = SUNSET) -> int:
    """A post the program made nothing of."""
    (found,) = office.desk.store.posts.listing(text=said[:8], limit=5)
    assert office.desk.store.posts.case_of(found[0].id) is None
    return found[0].id


def opened(office: Office, post_id: int, type_: str = "complaint") -> Case:
    return opening.open_case(office.desk, office.press, post_id, type_, WHY, LATER)


def test_a_post_held_for_something_else_becomes_a_case_whose_first_witness_it_is(office):
    post_id = left_alone(office)
    case = opened(office, post_id)
    assert [post.id for post in office.desk.store.cases.posts(case.id)] == [post_id]
    assert (case.first_text, case.state, case.type) == (SUNSET, "pending", "complaint")
    (event,) = office.desk.store.cases.history(case.id)
    assert (event.action, event.actor, event.note) == ("opened", "press", f"人工立案：{WHY}")
    cycle.run(office.desk, "route", LATER)
    assert office.desk.store.cases.get(case.id).clocks


def test_the_machine_leaves_alone_what_a_person_placed(office):
    case = opened(office, left_alone(office))
    before = everything(office.desk)
    cycle.turn(office.desk, LATER, ("understand", "open"))
    assert everything(office.desk) == before
    assert office.desk.store.cases.planned(case.id) is not None


def test_what_the_post_was_read_from_is_no_longer_thrown_away(office):
    post_id = left_alone(office)
    opened(office, post_id)
    office.desk.store.posts.correct(post_id, PostType.OPINION, (), "press", LATER)
    office.desk.store.posts.expire_raw(LATER + timedelta(days=60))
    assert office.desk.store.posts.raw(post_id)


def test_two_clicks_make_one_case(office):
    post_id = left_alone(office)
    opened(office, post_id)
    before = everything(office.desk)
    with pytest.raises(Conflict):
        opened(office, post_id)
    plan = CasePlan(post_id=post_id, action=CaseAction.NEW, reason="")
    with pytest.raises(Conflict):  # the second person's page was read before the first one clicked
        office.desk.store.cases.place(plan, {}, "lilan", LATER)
    assert everything(office.desk) == before


def test_a_question_is_opened_as_a_question_and_conduct_stays_with_those_named(office):
    assert opened(office, left_alone(office, TEXTS[11]), "question").type == "question"
    conduct = next(row.key for row in opening.types(office.desk, NOW) if row.restricted)
    case = opened(office, left_alone(office), conduct)
    assert case.restricted
    assert not permits.may_see(office.press, case)


def test_it_joins_a_known_case_as_a_further_witness(office):
    river, post_id = office.case("assigned", RIVER), left_alone(office)
    case = opening.append(office.desk, office.press, post_id, river.number.lower(), WHY, LATER)
    assert (case.id, case.posts) == (river.id, river.posts + 1)
    assert office.desk.store.posts.case_of(post_id) == river.id
    assert office.desk.store.cases.history(river.id)[-1].note == f"人工并入：{WHY}"


def test_a_newer_word_undoes_that_the_two_were_parted(office):
    case = office.case("assigned")
    _, second = (post.id for post in office.desk.store.cases.posts(case.id))
    plan = CasePlan(post_id=second, action=CaseAction.NONE, reason="不是一回事")
    office.desk.store.cases.take_apart(case, second, plan, "不是一回事", "press", LATER)
    assert office.desk.store.posts.case_of(second) is None
    opening.append(office.desk, office.press, second, case.number, WHY, LATER)
    assert office.desk.store.cases.separated([second]) == {}


def test_a_suggestion_about_the_post_is_answered_by_it(office):
    case, post_id = office.case("assigned"), left_alone(office)
    plan = CasePlan(post_id=post_id, action=CaseAction.SUGGEST, case_id=case.id, score=0.8, reason="像")
    with office.desk.store._database.write() as tx:
        office.desk.store.cases._carry_out(tx, plan, "system", NOW)
    assert [one.post_id for one in office.desk.store.cases.suggestions()] == [post_id]
    opened(office, post_id)
    assert office.desk.store.cases.suggestions() == []


def test_nothing_joins_a_case_that_is_over_or_joined_elsewhere(office):
    case, river, post_id = office.case("assigned"), office.case("assigned", RIVER), left_alone(office)
    matters.join(office.desk, office.press, river.id, river.version, case.number, "同一家", LATER)
    with pytest.raises(IllegalMove, match="已并入"):
        opening.append(office.desk, office.press, post_id, river.number, WHY, LATER)
    assert office.desk.store.posts.case_of(post_id) is None


def test_a_reason_is_asked_for_and_not_everybody_may(office):
    post_id, handler = left_alone(office), office.handler(office.case("assigned", PAINT).unit)
    before = everything(office.desk)
    with pytest.raises(BadInput, match="理由"):
        opening.open_case(office.desk, office.press, post_id, "complaint", " ", LATER)
    with pytest.raises(BadInput, match="事项类型"):
        opening.open_case(office.desk, office.press, post_id, "media", WHY, LATER)
    for person in (office.reviewer, handler):
        with pytest.raises(NotAllowed):
            opening.open_case(office.desk, person, post_id, "complaint", WHY, LATER)
    assert everything(office.desk) == before
