"""A month's open data leads to nobody: small numbers are held back, and cannot be worked out from their neighbours."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from bulletins import opendata
from huanyu.types import MonthCount

MARCH = date(2026, 3, 1)
NAMES = {"371502": "东昌府区", "noise.social": "社会生活噪声"}


def count(group: str, key: str, value: int, unit: str = "条") -> MonthCount:
    return MonthCount(group=group, key=key, value=value, unit=unit)


def published(*counts: MonthCount) -> dict[str, int | None]:
    return {cell.key: cell.value for cell in opendata.cells(counts, lambda key: NAMES.get(key, key))}


@pytest.mark.parametrize(("value", "told"), [(0, 0), (1, None), (2, None), (3, 3), (118, 118)])
def test_a_count_of_one_or_two_is_held_back(value, told):
    assert published(count("kind", "noise.social", value)) == {"noise.social": told}


def test_a_lone_small_number_takes_the_next_smallest_with_it():
    found = published(count("area", "a", 2), count("area", "b", 9), count("area", "c", 4))
    assert found == {"a": None, "b": 9, "c": None}


def test_two_small_numbers_hide_each_other():
    found = published(count("area", "a", 2), count("area", "b", 1), count("area", "c", 4))
    assert found == {"a": None, "b": None, "c": 4}


def test_kinds_do_not_add_up_so_a_small_one_needs_no_companion():
    assert published(count("kind", "a", 1), count("kind", "b", 4)) == {"a": None, "b": 4}


def test_no_published_group_tells_its_hidden_number_by_subtraction():
    for hidden in (1, 2):
        rows = [count("area", str(number), size) for number, size in enumerate((hidden, 5, 7, 20))]
        assert list(published(*rows).values()).count(None) >= 2


def test_the_table_opens_in_a_spreadsheet_with_units_and_reasons():
    cells = opendata.cells(
        [count("area", "371502", 5), count("area", "", 4), count("kind", "noise.social", 1)],
        lambda key: NAMES.get(key, key),
    )
    told = opendata.as_csv(MARCH, cells)
    assert told.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"))))
    assert [(row["名称"], row["数值"], row["单位"]) for row in rows] == [
        ("社会生活噪声", "", "条"),
        ("东昌府区", "5", "条"),
        ("地点未定", "4", "条"),
    ]
    assert rows[0]["说明"] == opendata.HELD
    assert {row["月份"] for row in rows} == {"2026-03"}


def test_the_json_defines_every_group_and_is_the_same_each_time():
    cells = opendata.cells([count("total", "cases_opened", 12, "件")], str)
    told = opendata.as_json(MARCH, cells, "聊城市生态环境局")
    assert told == opendata.as_json(MARCH, cells, "聊城市生态环境局")
    read = json.loads(told)
    assert read["month"] == "2026-03"
    assert all(group["definition"] for group in read["groups"])
    (group,) = (group for group in read["groups"] if group["counts"])
    assert group["counts"][0] | {"note": ""} == {
        "key": "cases_opened",
        "name": "新立",
        "value": 12,
        "unit": "件",
        "note": "",
    }
