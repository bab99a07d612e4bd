"""The shipped tables of units, limits and levels hold together."""

from __future__ import annotations

from collections import Counter
from datetime import date

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
    branches = [unit for unit in units if unit.department == "生态环境" and unit.area]
    assert Counter(unit.area for unit in branches) == Counter(COUNTIES | ZONES)
    assert {unit.kind for unit in branches if unit.area in ZONES} == {"zone"}


def test_every_department_has_a_unit_for_the_whole_city(units):
    assert {unit.department for unit in units if not unit.area} == {unit.department for unit in units}


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
