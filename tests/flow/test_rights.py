"""Who may do what with which case: role by how they stand to it by action. The same for whole lists: `store/test_beside.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from itertools import product

import pytest

from flow import permits
from flow import rights
from flow.rights import Scope
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import User

NOW = datetime(2026, 3, 10, 2, 10, tzinfo=UTC)
OURS, HELPING, UNDER, OTHER = "dongchangfu_fj", "chengguan", "dadui", "linqing_fj"
#: One line per action: who may with a case of each kind. L lead, A assist, S a unit under them; a capital alone = all
#: who see it as the office. Written from the bureau's table of duties, not from the code.
OFFICE_MAY = {
    "see_case": "press reviewer leader admin assessor duty",
    "register": "press leader duty",
    "accept": "press leader duty",
    "refuse": "press leader",
    "transfer": "press leader",
    "dispatch": "press leader duty",
    "hand_down": "",
    "supervise": "press leader",
    "sign": "press",
    "arrive": "",
    "record_result": "",
    "return": "",
    "opinion": "",
    "ask_pause": "",
    "decide_pause": "press leader",
    "ask_extension": "",
    "decide_extension": "press leader",
    "check_result": "press reviewer leader",
    "interim": "press leader",
    "close": "press leader",
    "follow_up": "press leader",
    "confirm_level": "press leader duty",
    "lower_level": "leader",
    "declare_incident": "leader duty",
    "end_incident": "leader",
    "draft_form": "press",
    "sign_form": "leader",
    "issue_form": "press",
    "read_reporter": "press leader",
    "print_full": "press leader",
    "make_link": "press leader duty",
    "export_cases": "press reviewer leader",
}
UNIT_MAY = {
    "see_case": {"handler": "LA", "head": "LAS"},
    "dispatch": {"head": "S"},
    "hand_down": {"head": "LS"},
    "supervise": {"head": "S"},
    "sign": {"handler": "L", "head": "LS"},
    "arrive": {"handler": "L", "head": "LS"},
    "record_result": {"handler": "L", "head": "LS"},
    "return": {"handler": "L", "head": "LS"},
    "opinion": {"handler": "A", "head": "AS"},
    "ask_pause": {"handler": "L", "head": "LS"},
    "ask_extension": {"handler": "L", "head": "LS"},
    "draft_form": {"handler": "L", "head": "LS"},
    "export_cases": {"handler": "LA", "head": "LAS"},
}
STANDS = {"L": Scope.LEAD, "A": Scope.ASSIST, "S": Scope.SUB}
ROLES = (*permits.ROLES, "duty")


def person(role: str, number: int = 7, **more: object) -> User:
    """Somebody of the role; units and heads get theirs, a duty is a handler of elsewhere with a shift."""
    made = User(id=number, name=f"u{number}", full_name="苏文清", role=role, unit="")
    if role == "duty":
        made = replace(made, role="handler", unit=OTHER, on_duty=True)
    if role in ("handler", "head"):
        made = replace(made, unit=OURS, below=(UNDER,) if role == "head" else ())
    return replace(made, **more)  # type: ignore[arg-type]


def case(stands: str, **more: object) -> Case:
    """A case that is the unit's own (L), assisted by it (A), of a unit under it (S), or another's."""
    unit = {"L": OURS, "S": UNDER}.get(stands, "shuiwu")
    made = Case(
        id=3,
        number="HY2026-000003",
        public_id="p3",
        state="assigned",
        title="夜间排水",
        kinds=(),
        area="",
        place="",
        urgent=False,
        level="一般",
        learned_at=NOW,
        opened_at=NOW,
        version=1,
        unit=unit,
        assisting=(OURS,) if stands == "A" else (HELPING,),
    )
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", OFFICE_MAY)
def test_each_cell_of_role_and_unit_is_as_the_table_of_duties_says(action: str) -> None:
    wrong = []
    for role, stands in product(ROLES, "LASO"):
        unit_may = stands in UNIT_MAY.get(action, {}).get(role, "")
        expected = unit_may or role in OFFICE_MAY[action].split()
        if permits.may_on(person(role), action, case(stands)) is not expected:
            wrong.append((role, stands, expected))
    assert not wrong


def test_every_action_of_the_table_is_an_action_of_the_permits() -> None:
    assert set(OFFICE_MAY) - {"see_case"} <= permits.PERMITS.keys()
    assert set(UNIT_MAY) <= set(OFFICE_MAY)
    assert permits.SCOPES.keys() - {"see_case"} <= permits.PERMITS.keys()


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_recused_can_do_nothing_with_the_case_not_even_see_it(role: str) -> None:
    for stands in "LASO":
        away = case(stands, recused=(7,))
        assert not [one for one in permits.PERMITS if permits.may_on(person(role), one, away)]
        assert not permits.may_see(person(role), away)
        assert rights.scope(person(role), away) is Scope.RECUSED


@pytest.mark.parametrize("role", ROLES)
def test_what_is_about_an_officials_conduct_is_for_the_leader_the_unit_and_whoever_was_named(
    role: str,
) -> None:
    closed = {"leader"}
    assert permits.may_see(person(role), case("O", restricted=True)) is (role in closed)
    assert permits.may_see(person(role), case("A", restricted=True)) is (role in closed)
    assert permits.may_see(person(role), case("L", restricted=True)) is (role in closed | {"handler", "head"})
    named = case("O", restricted=True, owner="u7")
    assert permits.may_see(person(role), named) is (role in rights.EVERY_UNIT)


@pytest.mark.parametrize("role", ROLES)
def test_a_deputy_has_exactly_the_cells_of_the_absent_person_and_their_own(role: str) -> None:
    own, absent = person("handler", 8, unit=OTHER), person(role)
    deputy = replace(own, stands_for=(absent,))
    for action, stands in product(OFFICE_MAY, "LASO"):
        one = case(stands)
        either = permits.may_on(own, action, one) or permits.may_on(absent, action, one)
        assert permits.may_on(deputy, action, one) is either, (action, stands)


def test_a_deputy_does_not_get_round_a_recusal_of_either_of_the_two() -> None:
    absent = person("leader")
    deputy = person("handler", 8, unit=OTHER, stands_for=(absent,))
    assert permits.may_see(deputy, case("O"))
    assert not permits.may_see(deputy, case("O", recused=(7,)))
    assert not permits.may_see(deputy, case("O", recused=(8,)))


def test_rights_of_two_people_do_not_add_up_to_a_cell_that_neither_has() -> None:
    """The absent leader may dispatch, the deputy's own unit has the case: signing stays the unit's alone."""
    deputy = person("reviewer", 8, stands_for=(person("handler"),))
    assert permits.may_on(deputy, "sign", case("L"))
    assert not permits.may_on(deputy, "sign", case("O"))


def test_a_locked_account_or_a_locked_absent_person_counts_for_nothing() -> None:
    assert not permits.may_see(person("leader", active=False), case("O"))
    assert not permits.may(person("leader", active=False), "close")
    deputy = person("handler", 8, unit=OTHER, stands_for=(person("leader", active=False),))
    assert not permits.may_see(deputy, case("O"))


def test_whoever_is_on_duty_sees_what_is_open_but_signs_for_no_other_unit() -> None:
    duty = person("duty")
    assert permits.may_see(duty, case("O"))
    assert not permits.may_see(duty, case("O", state="closed"))
    assert not permits.may_on(duty, "sign", case("O"))
    assert permits.may_on(duty, "sign", case("O", unit=OTHER))


def test_a_refusal_says_in_chinese_what_stands_in_the_way() -> None:
    with pytest.raises(NotAllowed, match="不属于您所在的单位"):
        permits.demand_on(person("handler"), "sign", case("O"))
    with pytest.raises(NotAllowed, match="由承办本件的单位办理"):
        permits.demand_on(person("handler"), "sign", case("A"))
    with pytest.raises(NotAllowed, match="回避"):
        permits.demand_case(person("leader"), case("O", recused=(7,)))
