"""What a result must have before an answer may rest on it, by the shipped table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest

import publisher.laws
from cases.quality import goes_to
from cases.quality import problems
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.finding_rows import NeedRow
from huanyu.types import Case
from huanyu.types import Measurement
from huanyu.types import Result

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=SHANGHAI)
BUREAU = load_bureau(SHIPPED)
TABLE = BUREAU.quality
GOOD = Result(
    finding="属实",
    visited_at=NOW - timedelta(hours=2),
    found="车间北墙留有两处排气口，未经治理直接外排，现场有油漆味",
    measure="查封喷漆工位，责令十日内装好治理设施",
)
VALUE = Measurement(
    item="COD", value="212", unit="mg/L", limit_value="50", limit_source="GB 18918", exceeded=True
)
CASE = Case(
    id=1,
    number="HY2026-000001",
    public_id="x",
    state="signed",
    title="许营镇异味",
    kinds=("air.odour",),
    area="371502",
    place="许营镇",
    urgent=False,
    level="一般",
    learned_at=NOW - timedelta(hours=5),
    opened_at=NOW - timedelta(hours=5),
    version=1,
)


def told(result: Result = GOOD, values: tuple[Measurement, ...] = (), level: str = "一般") -> dict[str, str]:
    found = problems(result, values, 0, CASE.learned_at, TABLE, NOW, level)
    return {problem.field: problem.told for problem in found}


def test_a_result_with_facts_a_day_and_a_measure_is_good():
    assert told(values=(VALUE,)) == {}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"found": "已查处"}, "found"),
        ({"measure": "无"}, "measure"),
        ({"finding": "基本属实"}, "finding"),
        ({"outcome": "不了了之"}, "outcome"),
        ({"outcome": "限期整改"}, "rectify_by"),
        ({"rectify_by": date(2026, 3, 11)}, "rectify_by"),
        ({"fine_cents": 100_00}, "people"),
        ({"fine_cents": 100_00, "people": ("程立群", "易建东")}, "bases"),
        ({"visited_at": NOW + timedelta(minutes=1)}, "visited_at"),
        ({"visited_at": NOW - timedelta(days=1)}, "visited_at"),
    ],
)
def test_what_is_missing_stands_beside_its_field(wrong, field):
    assert field in told(replace(GOOD, **wrong))


@pytest.mark.parametrize(
    "found",
    [
        "接到反映后高度重视，第一时间现场核查，情况属实，已整改到位",
        "问题已解决，已督促整改，加强监管，确保不再发生！",
        "已妥善处理。已妥善处理。已妥善处理。",
    ],
)
def test_a_text_of_phrases_alone_is_sent_back(found):
    assert "套话" in told(replace(GOOD, found=found))["found"]


def test_a_phrase_beside_facts_does_no_harm():
    assert told(replace(GOOD, found=f"{GOOD.found}。已整改到位，加强监管")) == {}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"item": ""}, "名称"),
        ({"value": ""}, "测得"),
        ({"limit_source": ""}, "出处"),
        ({"limit_value": "", "limit_source": ""}, "限值"),
        ({"at": NOW + timedelta(hours=1)}, "晚于现在"),
    ],
)
def test_a_value_without_its_limit_or_source_is_told(wrong, said):
    assert said in told(values=(VALUE, replace(VALUE, **wrong)))["measurements"]
    assert "第 2 项" in told(values=(VALUE, replace(VALUE, **wrong)))["measurements"]


def test_a_row_of_the_table_may_ask_more_of_a_graver_level():
    row = NeedRow(field="photos", least=2, told="较大以上请附两张照片", levels=("较大",))
    table = TABLE.model_copy(update={"need": (*TABLE.need, row)})
    for level, photos, wanted in (("较大", 1, True), ("较大", 2, False), ("一般", 0, False)):
        found = problems(GOOD, (), photos, CASE.learned_at, table, NOW, level)
        assert ("photos" in {one.field for one in found}) is wanted


@pytest.mark.parametrize(
    ("more", "to"),
    [
        ({}, "handled"),
        ({"level": "特别重大"}, "reported"),
        ({"lane": "fast"}, "reported"),
        ({"incident_id": 3}, "reported"),
        ({"level": "特别重大", "state": "replying"}, "handled"),
    ],
)
def test_the_table_says_whose_result_a_person_reviews_first(more, to):
    assert goes_to(TABLE, replace(CASE, **more)) == to


def test_every_basis_cites_a_law_of_the_dated_table_within_its_articles():
    day = date(2026, 3, 12)
    known = {row.name: row for row in publisher.laws.LAWS}
    for row in BUREAU.bases:
        assert row.law in known, row.key
        assert list(publisher.laws.problems(row.citation, day)) == [], row.key
        assert (row.valid_from or date.max) >= (known[row.law].valid_from or date.min), row.key


def test_measures_and_bases_have_a_source():
    assert [row.key for row in (*BUREAU.measures, *BUREAU.bases) if not row.source] == []
