"""The shipped tables of units, limits and levels hold together."""

from __future__ import annotations

from collections import Counter
from datetime import date

from cases.routing import of_department
from flow import rights
from huanyu.bureau import UnitRow
from huanyu.config import SHIPPED
from huanyu.config import load_bureau

COUNTIES = {"371502", "371503", "371581", "371525", "371522", "371521", "371524", "371526"}
ZONES = {"经开区", "高新区", "度假区"}


def test_keys_of_units_are_unique_and_parents_exist(units):
    keys = Counter(unit.key for unit in units)
    assert max(keys.values()) == 1
    assert {unit.parent for unit in units if unit.parent} <= set(keys)


def test_every_county_and_zone_has_its_branch(units):
    branches = [unit for unit in of_department("生态环境", units) if unit.area]
    assert Counter(unit.area for unit in branches) == Counter(COUNTIES | ZONES)
    assert {unit.kind for unit in branches if unit.area in ZONES} == {"zone"}


def test_every_department_has_a_unit_for_the_whole_city(units):
    departments = {unit.department for unit in units if not unit.place}
    assert {unit.department for unit in units if not unit.area} == departments
    assert {unit.department for unit in units if unit.place}.isdisjoint(departments)


def test_every_township_of_the_gazetteer_has_its_unit_under_the_branch_of_its_area() -> None:
    bureau = load_bureau(SHIPPED)
    towns = {
        (place.name, place.unit)
        for place in bureau.places
        if place.level == "township" and place.name.endswith(("镇", "乡", "街道"))
    }
    units = [unit for unit in bureau.units if unit.place]
    assert {(unit.place, unit.area) for unit in units} == towns
    assert len(units) == len(towns) == 137
    by_key = {unit.key: unit for unit in bureau.units}
    assert [unit.key for unit in units if by_key[unit.parent].area != unit.area] == []


def test_a_township_is_a_unit_from_the_day_it_was_founded() -> None:
    (new,) = (unit for unit in load_bureau(SHIPPED).units if unit.short == "九州街道")
    assert (new.area, new.valid_on(date(2025, 5, 17)), new.valid_on(date(2025, 5, 18))) == (
        "高新区",
        False,
        True,
    )


def test_each_county_has_a_squad_under_its_branch_and_that_one_smaller_ones() -> None:
    units = {unit.key: unit for unit in load_bureau(SHIPPED).units}
    squads = [unit for unit in units.values() if unit.kind == "squad"]
    above = Counter(units[unit.parent].kind for unit in squads)
    assert above == {"branch": 8, "squad": 16}
    assert {unit.area for unit in squads} == COUNTIES


def test_every_unit_can_be_written_to_and_no_mailbox_is_real(units):
    assert all(unit.mail.endswith(".example.org") for unit in units)
    assert len({unit.mail for unit in units}) == len(units)


def test_every_row_of_law_names_its_source(units, routes, clock_rows, level_rows):
    rows = [*units, *routes, *clock_rows, *level_rows]
    assert [row for row in rows if not row.source or row.valid_from is None] == []


def test_each_limit_has_a_row_that_fits_everything_but_the_press_conference(clock_rows):
    narrow = ("levels", "kinds", "types", "channels", "lanes", "campaigns", "matters", "typed")
    plain = {
        row.name
        for row in clock_rows
        if row.urgent is None and not any(getattr(row, name) for name in narrow)
    }
    shared = {"first_response", "handling", "sign", "objection"}
    assert plain == shared | {"opinion", "rectify", "revisit"}


def test_units_say_what_they_were_called_and_until_when() -> None:
    units = {row.key: row for row in load_bureau(SHIPPED).units}
    (old,) = units["zhifa"].old_names
    assert (old.name, old.until) == ("聊城市环境监察支队", date(2018, 12, 31))
    assert "待核实" in old.source
    assert all(row.old_names for row in units.values() if row.kind == "branch")
    bare = UnitRow(
        key="x", name="甲局", short="甲", kind="section", department="生态环境", old_names=("乙局",)
    )
    assert [(one.name, one.until) for one in bare.old_names] == [("乙局", None)]


def test_the_squad_of_a_branch_is_no_duty_of_the_bureau() -> None:
    units = load_bureau(SHIPPED).units
    squad = UnitRow(key="x", name="甲大队", short="甲", kind="squad", department="生态环境", parent="yanggu")
    ours = {
        row.key
        for row in rights.duty_units((*units, squad, squad.model_copy(update={"key": "y", "parent": "sthj"})))
    }
    assert ours & {"x", "y", "zhifa"} == {"y", "zhifa"}
