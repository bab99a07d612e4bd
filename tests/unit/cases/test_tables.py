"""The shipped tables of units, limits and levels hold together."""

from __future__ import annotations

from collections import Counter

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
    narrow = ("levels", "kinds", "types", "channels", "lanes", "campaigns")
    plain = {
        row.name
        for row in clock_rows
        if row.urgent is None and not any(getattr(row, name) for name in narrow)
    }
    assert plain == {"first_response", "handling", "sign", "objection"}
