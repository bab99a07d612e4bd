"""一企一策: what is known of an enterprise of the table, from posts, results and the ledger; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import enterprises
from flow import findings
from flow import life
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import found

FIRM = "泉林纸业"
SAID = (
    "高唐县泉林纸业夜里偷排废气，一股刺鼻的酸味，附近居民喘不上气",
    "高唐泉林造纸厂烟囱冒黑烟，酸味呛人，汇鑫街道这边开不了窗",
)


@pytest.fixture
def texts() -> tuple[str, ...]:
    return SAID


@pytest.fixture
def office(tmp_path: Path, filled_url: str) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


def test_cases_findings_and_fines_of_one_enterprise(office: Office) -> None:
    desk, case = office.desk, office.case(one=SAID[0])
    person = office.handler(case.unit)
    signed = life.sign(desk, person, case.id, case.version, NOW)
    result = found(NOW, polluter=FIRM, fine_cents=20_000_00, people=("甲某", "乙某"))
    findings.record_result(desk, person, signed.id, signed.version, result, NOW)
    told = enterprises.profile(desk, office.press, FIRM, NOW)
    assert case.id in {one.id for one in told.cases}
    assert (dict(told.findings), told.fines_cents, told.again) == ({"属实": 1}, 20_000_00, 0)
    assert told.recent == len(told.cases)
    assert enterprises.profile(desk, office.press, "银河纸业", NOW).cases == ()


def test_posts_that_name_it_by_an_alias_are_found_without_a_result(office: Office) -> None:
    told = enterprises.profile(office.desk, office.leader, FIRM, NOW)
    assert office.case(one=SAID[0]).id in {one.id for one in told.cases}


def test_units_and_unknown_names_are_turned_away(office: Office) -> None:
    with pytest.raises(NotAllowed):
        enterprises.profile(office.desk, office.handler("zhifa"), FIRM, NOW)
    with pytest.raises(NotFound):
        enterprises.profile(office.desk, office.press, "某人的名字", NOW)
    assert enterprises.hotspots(office.desk, office.press, NOW) == []
