"""A list of cases holds exactly what each person may see, asked of the database or of every case in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from flow import permits
from flow import rights
from huanyu.types import User

OURS, HELPING, UNDER, OTHER = "dongchangfu_fj", "chengguan", "dadui", "linqing_fj"
HANDS = ((OURS, (HELPING,)), (UNDER, ()), (OTHER, (OURS,)), (OTHER, ()), (OTHER, ()))
RESTRICTED, AVOIDED = 3, 4  # of HANDS


@pytest.fixture
def people(store, now) -> list[User]:
    """One of every role, on duty, standing in, and of each unit."""

    def hire(name: str, role: str, unit: str = "") -> User:
        return store.people.add_user(name, "苏文清", role, unit, password_hash="", now=now)

    made = [hire(role, role, OURS if role in ("handler", "head") else "") for role in permits.ROLES]
    by_role = {one.role: one for one in made}
    head = replace(by_role["head"], below=(UNDER,))
    other = hire("tahang", "handler", OTHER)
    rest = [
        hire("xiezhu", "handler", HELPING),
        replace(hire("zhiban", "handler", HELPING), on_duty=True),
        replace(hire("daili", "handler", HELPING), stands_for=(head,)),
        replace(hire("daiju", "press", ""), stands_for=(by_role["leader"],)),
        replace(hire("daiban", "handler", HELPING), stands_for=(by_role["press"],)),
        replace(hire("daita", "handler", HELPING), stands_for=(other,)),
        replace(hire("daizhi", "handler", HELPING), stands_for=(replace(by_role["handler"], on_duty=True),)),
    ]
    return [*made, head, other, *rest]


def test_a_deputys_list_knows_the_recusal_and_the_unit_of_whom_they_stand_in_for(store, filled, people):
    seen = {
        one.name: [HANDS[case.id - 1][0] for case in store.cases.listing(seer=rights.seer(one))]
        for one in people
    }
    assert len(seen["daiban"]) == 3, (
        "the press officer stays away from one, and may not see the restricted one"
    )
    assert seen["daita"] == [OTHER, OTHER, OURS], (
        "the restricted one too: it is with the absent person's unit"
    )


def test_who_is_on_duty_is_shown_nothing_that_is_over(store, filled, people):
    duty = next(one for one in people if one.on_duty)
    before = len(store.cases.listing(seer=rights.seer(duty)))
    case = store.cases.listing(unit=UNDER)[0]
    store.moves.move(case, "signed", "signed", "", now=case.opened_at)
    with store._database.write() as tx:
        tx.execute(text("UPDATE cases SET state = 'closed' WHERE id = :id"), {"id": case.id})
    assert len(store.cases.listing(seer=rights.seer(duty))) == before - 1


def test_whoever_stays_away_from_a_case_stays_away_from_its_parts(store, filled, people, route, now):
    whole = store.cases.listing(unit=UNDER)[0]
    (part,) = store.splits.split(whole, [("查手续", route)], lambda part, given: ((), None), "press", now)
    leader = next(one for one in people if one.role == "leader")
    assert part.id in {case.id for case in store.cases.listing(seer=rights.seer(leader))}
    store.duties.recuse(store.cases.get(whole.id), leader.id, leader.full_name, "亲属", "press", now)
    assert store.cases.get(part.id).recused == (leader.id,)
    assert part.id not in {case.id for case in store.cases.listing(seer=rights.seer(leader))}


@pytest.fixture
def filled(store, make, route, now, people) -> Iterator[None]:
    """A case in each of HANDS; one restricted, one that three people stay away from, the third no longer."""
    found = []
    for number, (unit, assist) in enumerate(HANDS):
        case = make.case(str(number + 1))
        found.append(store.moves.assign(case, replace(route, unit=unit, assist=assist), (), None, now))
    with store._database.write() as tx:
        tx.execute(
            text("UPDATE cases SET restricted = :yes WHERE id = :id"),
            {"yes": True, "id": found[RESTRICTED].id},
        )
    for name in ("press", "tahang", "reviewer"):
        person = store.people.user(name)[0]
        avoided = store.cases.get(found[AVOIDED].id)
        store.duties.recuse(avoided, person.id, person.full_name, "亲属", "leader", now)
    again = store.cases.get(found[AVOIDED].id)
    back = store.people.user("reviewer")[0]
    store.duties.lift_recusal(again, back.id, back.full_name, "关系已查清", "leader", now)
    yield


def test_a_case_knows_who_assists_and_who_stays_away(store, filled):
    found = list(store.cases.iterate())
    assert [(one.unit, one.assisting, one.restricted) for one in found] == [
        (unit, assist, number == RESTRICTED) for number, (unit, assist) in enumerate(HANDS)
    ]
    away = {store.people.user(name)[0].id for name in ("press", "tahang")}
    assert [set(one.recused) for one in found] == [set(), set(), set(), set(), away]


def test_a_list_holds_exactly_what_each_person_may_see(store, filled, people):
    found = list(store.cases.iterate())
    seen = {}
    for one in people:
        listed = {case.id for case in store.cases.listing(seer=rights.seer(one))}
        assert listed == {case.id for case in found if permits.may_see(one, case)}, one
        assert store.cases.count(seer=rights.seer(one)) == len(listed)
        seen[one.name, len(one.below)] = len(listed)
    assert seen["leader", 0] == 5
    assert seen["press", 0] == 3, "neither the restricted one nor the one of the recusal"
    assert seen["head", 1] == 3
    assert seen["handler", 0] == 2


def test_levels_that_wait_for_a_person_are_counted_as_each_person_may_see_them(store, filled, people):
    with store._database.write() as tx:
        tx.execute(text("UPDATE cases SET level = '较大', level_by = ''"))
    waiting = store.rerouting.unconfirmed(10)
    assert len(waiting) == len(HANDS)
    for one in people:
        seen = sum(permits.may_see(one, case) for case in waiting)
        assert store.rerouting.count_unconfirmed(10, rights.seer(one)) == seen, one
        assert store.rerouting.count_unconfirmed(2, rights.seer(one)) == min(seen, 2)
