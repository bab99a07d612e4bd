"""What looks like a 突发环境事件, and by when it must be reported."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cases import incident
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.incident_rows import LEVELS
from huanyu.incident_rows import IncidentTable

TABLE = load_bureau(SHIPPED).incidents
NOW = datetime(2026, 2, 17, 3, 12, tzinfo=SHANGHAI)  # 春节, at night


@pytest.mark.parametrize(
    ("said", "level", "sign"),
    [
        ("上游罐车侧翻，柴油淌进了水源地的河汊，河面一层油污", "重大", "水源"),
        ("北杨小学隔壁厂子跑气，十几个学生头晕送医了", "重大", "学校"),
        ("村里娃娃查出血铅偏高，都说是东头冶炼点闹的", "重大", "重金属"),
        ("黑水顺沟流向河南，下游鱼塘死鱼一片，污染没人管", "重大", "跨省"),
        ("厂门口聚集了好几百人堵路，要求停产", "重大", "群体"),
        ("化工园区一个储罐泄漏，白烟滚滚", "一般", "事故"),
    ],
)
def test_each_sign_of_the_table_is_found_in_what_people_say(said: str, level: str, sign: str) -> None:
    found = incident.suspect(said, "一般", TABLE, NOW)
    assert found is not None
    assert found.level == level
    assert any(sign in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "said",
    [
        "小区楼下烧烤店油烟呛人，学生放学路过都捂鼻子",
        "医院旁边工地夜间施工，病人睡不好",
        "化工厂异味太大了，有没有人管",
        "化工园区今天搞储罐泄漏应急演练，声势挺大",
        "请问自来水厂的水质报告在哪里查",
    ],
)
def test_an_ordinary_complaint_is_none(said: str) -> None:
    assert incident.suspect(said, "一般", TABLE, NOW) is None


def test_a_case_of_a_grave_level_is_proposed_whatever_its_words() -> None:
    found = incident.suspect("河水发黑", "特别重大", TABLE, NOW)
    assert found == incident.Suspicion(level="特别重大", reasons=("案件等级为特别重大",))


@pytest.mark.parametrize(("level", "hours"), [("一般", 4), ("较大", 4), ("重大", 2), ("特别重大", 2)])
def test_the_hours_of_the_decree_run_at_night_and_on_holidays(level: str, hours: int) -> None:
    assert incident.due(level, NOW, TABLE.grade, NOW) == NOW + timedelta(hours=hours)


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2027, 12, 31)), st.sampled_from(LEVELS)
)
def test_a_graver_incident_is_never_reported_later(known: datetime, level: str) -> None:
    at = known.replace(tzinfo=SHANGHAI)
    dues = [incident.due(one, at, TABLE.grade, at) for one in LEVELS]
    assert dues == sorted(dues, reverse=True)
    assert incident.due(level, at, TABLE.grade, at) > at


def test_a_table_without_hours_for_a_level_or_without_a_report_is_refused_in_chinese() -> None:
    told = TABLE.model_dump()
    with pytest.raises(ValidationError, match="缺少等级特别重大"):
        IncidentTable(**{**told, "grade": [row for row in told["grade"] if row["level"] != "特别重大"]})
    with pytest.raises(ValidationError, match="report 缺少续报"):
        IncidentTable(**{**told, "report": [row for row in told["report"] if row["kind"] != "续报"]})
