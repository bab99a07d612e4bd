"""The unit a work order names, by today's name, its short one or the one it had before."""

from __future__ import annotations

import pytest

from cases import ordered
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import Route

UNITS = load_bureau(SHIPPED).units
CITY = "聊城市"


@pytest.mark.parametrize(
    ("said", "key", "old"),
    [
        ("聊城市生态环境局茌平区分局", "chiping", ""),
        ("生态环境局茌平区分局", "chiping", ""),
        ("茌平区分局", "chiping", ""),
        ("茌平县环境保护局", "chiping", "茌平县环境保护局"),
        ("茌平县环保局", "chiping", "茌平县环境保护局"),
        (" 聊城市环境监察支队 ", "zhifa", "聊城市环境监察支队"),
        ("聊城市城市管理局(综合行政执法局)", "chengguan", ""),
        ("许营镇政府", "zhenjie-371502108", ""),
        ("东昌府区许营镇人民政府", "zhenjie-371502108", ""),
        ("振兴街道办", "zhenjie-371503001", ""),
        ("阳谷县生态环境保护综合执法大队", "yanggu-dadui", ""),
    ],
)
def test_a_name_of_today_or_of_before_finds_todays_unit(said: str, key: str, old: str) -> None:
    (found,) = ordered.named(said, UNITS, CITY)
    assert found.unit.key == key
    assert (found.old.name if found.old else "") == old


@pytest.mark.parametrize("said", ["", "某某公司", "茌平", "振兴街道"])
def test_what_names_no_unit_finds_none(said: str) -> None:
    assert ordered.named(said, UNITS, CITY) == ()


def test_the_first_leads_the_others_assist_and_a_rule_that_differs_is_told() -> None:
    rules = Route(unit="zhifa", department="生态环境", assist=("城管", "公安"), rule="r", why="工业废气")
    names = ordered.named("茌平县环保局、茌平区综合行政执法局", UNITS, CITY)
    found = ordered.as_ordered(rules, names, UNITS)
    assert (found.unit, found.rule) == ("chiping", "ordered")
    assert found.assist == ("chiping-chengguan", "城管", "公安")
    assert (
        "“茌平县环保局”承办，现为聊城市生态环境局茌平区分局（原名“茌平县环境保护局”，用至2018年）"
        in found.why
    )
    assert "按派单规则应由聊城市生态环境保护综合执法支队承办，请核对" in found.why


def test_where_rules_and_order_agree_the_law_stays_in_the_reason() -> None:
    rules = Route(unit="chiping", department="生态环境", assist=(), rule="r", why="大气污染防治法第十八条")
    found = ordered.as_ordered(rules, ordered.named("茌平区分局", UNITS, CITY), UNITS)
    assert found.why == "派单写明由“茌平区分局”承办；大气污染防治法第十八条"
