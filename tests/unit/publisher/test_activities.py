"""Numbers as reports write them, and a year of records counted: units apart, months and outlets that add up."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime

import pytest

from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from huanyu.types import Activity
from publisher import activities
from publisher import amounts
from publisher.amounts import Amount

KINDS = load_bureau(SHIPPED).press.kind
AT = datetime(2018, 9, 19, tzinfo=UTC)
END = date(2017, 12, 31)


def record(kind: str, day: str, title: str, struck: bool = False, **numbers: str) -> Activity:
    told = {"kind": kind, "day": day, "title": title, "outlet": "聊城日报"}
    one = activities.entry(told, numbers, KINDS)
    values = {name: getattr(one, name) for name in activities.ActivityEntry.__slots__}
    ids = {"id": 1, "token": activities.token(one), "conference_id": None, "batch_id": None, "version": 1}
    struck_at = AT if struck else None
    return Activity(**values, **ids, struck_at=struck_at, struck_why="", made_by="宣教", made_at=AT)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("29", Amount(29)),
        ("１，７３９", Amount(1739)),
        ("20余", Amount(20, "", "余")),
        ("近200", Amount(200, "近")),
        ("十余", Amount(10, "", "余")),
        ("二十三", Amount(23)),
        ("一百五十", Amount(150)),
        ("一百五", None),
        ("一百零五", None),
        ("约20余", None),
        ("-3", None),
        ("很多", None),
        ("百", None),
    ],
)
def test_a_number_is_read_with_what_makes_it_about(written: str, told: Amount | None) -> None:
    if told is None:
        with pytest.raises(BadInput, match="不是数字"):
            amounts.read(written)
    else:
        assert amounts.read(written) == told


def test_a_sum_with_something_about_in_it_is_about() -> None:
    assert amounts.total([Amount(20, "", "余"), Amount(3)]).told("次") == "23余次"
    assert amounts.total([Amount(20, "", "余"), Amount(200, "近")]).told("家") == "约220家"
    assert amounts.total([]).told("条") == "0条"


def test_a_row_tells_all_that_is_wrong_in_it() -> None:
    with pytest.raises(BadInput) as problem:
        activities.entry({"kind": "报道", "day": "三月", "link": "www"}, {}, KINDS)
    for told in ("请填写“名称”", "没有“报道”这一类", "“日期”应写成 2026-03-05，不是“三月”", "“链接”应以"):
        assert told in str(problem.value)
    with pytest.raises(BadInput, match="媒体报道要写明媒体"):
        activities.entry({"kind": "媒体报道", "day": "2017-03-05", "title": "甲"}, {}, KINDS)
    with pytest.raises(BadInput, match="水课堂不计“场”；“班级”：“许多”不是数字"):
        activities.entry(
            {"kind": "water_class", "day": "2017.3.5", "title": "甲"}, {"班级": "许多", "场": "1"}, KINDS
        )


def test_two_different_numbers_for_one_are_refused() -> None:
    told = {"kind": "water_class", "day": "2017-03-05", "title": "甲", "amount": "3"}
    assert activities.entry(told, {"水课堂": "3"}, KINDS).amounts == {"水课堂": "3"}
    with pytest.raises(BadInput, match="“数量”就是“水课堂”，两处写的不同"):
        activities.entry(told, {"水课堂": "2"}, KINDS)


def test_a_year_is_counted_by_month_against_the_same_days_of_the_year_before() -> None:
    records = [
        record("conference", "2017-02-16", "一季度", 到会媒体="十余"),
        record("conference", "2017-04-21", "二季度"),
        record("coverage", "2017-03-01", "甲"),
        record("coverage", "2017-03-02", "乙", 报道="3"),
        record("coverage", "2017-03-03", "划去的", struck=True),
        record("coverage", "2017-12-03", "过后的"),
        record("coverage", "2016-03-01", "去年的"),
        record("coverage", "2016-12-01", "去年过后的"),
    ]
    lines = activities.figures(records, KINDS, 2017, date(2017, 10, 31))
    found = {line.label: line for line in lines}
    assert [line.label for line in lines] == ["报道（条）", "发布会（场）", "到会媒体（家）"]
    assert (found["报道（条）"].total, found["报道（条）"].months[2]) == (Amount(4), Amount(4))
    assert found["报道（条）"].before == Amount(1)
    assert found["发布会（场）"].total == Amount(2)
    assert found["到会媒体（家）"].total.told("家") == "10余家"
    assert activities.sentence(lines) == "报道4条、发布会2场、到会媒体10余家"


def test_what_does_not_add_up_is_told() -> None:
    records = [record("coverage", "2017-03-01", "甲"), record("coverage", "2017-05-01", "乙")]
    lines = activities.figures(records, KINDS, 2017, END)
    row = next(one for one in KINDS if one.key == "coverage")
    whole = {("coverage", "报道"): activities.by(records, row, lambda one: one.outlet)}
    assert activities.faults(lines, whole) == ()
    part = {("coverage", "报道"): activities.by(records[:1], row, lambda one: one.outlet)}
    assert activities.faults(lines, part) == ("报道（条）各媒体合计1，与总数2不符",)
