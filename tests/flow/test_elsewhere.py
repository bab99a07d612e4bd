"""举一反三: cases of the same main kind in other areas, and the areas that have none; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import elsewhere
from huanyu.errors import NotAllowed
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work

HERE = "高唐县尹集镇一家塑料厂夜里偷排废气，刺鼻的酸味，附近居民喘不上气"
THERE = "东阿县刘集镇的化工厂整夜往外放废气，一股酸臭味，开不了窗，有没有人管"
OTHER = "冠县柳林镇饭店门口的广场舞音箱每晚吵到十一点，孩子没法睡觉"


@pytest.fixture
def texts() -> tuple[str, ...]:
    return (HERE, THERE, OTHER)


@pytest.fixture
def office(tmp_path: Path, filled_url: str) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


def test_the_like_of_a_case_is_told_by_area_and_who_has_none(office: Office) -> None:
    desk, case, other = office.desk, office.case(one=HERE), office.case(one=THERE)
    assert case.kinds[0] == other.kinds[0]
    assert (case.area, other.area) == ("371526", "371524")
    found, without = elsewhere.elsewhere(desk, office.press, case, NOW)
    assert [(one.area, [told.id for told in one.cases], one.open) for one in found] == [
        ("371524", [other.id], 1)
    ]
    assert set(without) == set(desk.bureau.areas()) - {"371526", "371524"}


def test_units_do_not_compare_areas(office: Office) -> None:
    case = office.case(one=HERE)
    with pytest.raises(NotAllowed):
        elsewhere.elsewhere(office.desk, office.handler(case.unit), case, NOW)
