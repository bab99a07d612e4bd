"""A routing table is told what is wrong with it; the shipped tables have nothing wrong."""

from __future__ import annotations

from datetime import date

import pytest

from cases.route_check import conflicts
from cases.route_check import problems
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.kinds import LEAVES

UNITS = (
    UnitRow(key="a", name="甲", short="甲", kind="bureau", department="生态环境"),
    UnitRow(key="b", name="乙", short="乙", kind="outside", department="城管", area="371502"),
)


def rule(id_: str, department: str = "生态环境", **more: object) -> RouteRow:
    return RouteRow(**({"id": id_, "department": department, "why": "试", "source": "试"} | more))


def test_the_shipped_table_is_sound(routes, units):
    assert problems(routes, units) == []


def test_every_kind_has_a_rule_that_needs_no_words(routes):
    plain = [row for row in routes if not row.words and row.built_up is None and row.night is None]
    told = {kind for row in plain for kind in row.kinds}
    assert [leaf for leaf in LEAVES if leaf not in told and leaf.partition(".")[0] not in told] == []


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {"kinds": ("noise",)}),
        ({"kinds": ("noise",)}, {"kinds": ("noise.social", "noise.other")}),
        ({"kinds": ("noise",)}, {"kinds": ("noise",), "built_up": True}),
        ({"words": ("喇叭",)}, {"words": ("大喇叭", "高音喇叭")}),
        ({"not_words": ("化工厂",)}, {"not_words": ("厂",)}),
        ({"areas": ("371502", "371503")}, {"areas": ("371503",)}),
        ({"night": True}, {"night": True, "words": ("工地",)}),
    ],
)
def test_a_rule_that_never_fires_is_told(earlier, later):
    (told,) = conflicts([rule("first", **earlier), rule("second", "城管", **later)])
    assert "second" in told
    assert "first" in told


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"kinds": ("noise.social",)}, {"kinds": ("noise",)}),
        ({"kinds": ("noise",)}, {}),
        ({"built_up": True}, {"built_up": False}),
        ({"built_up": True}, {}),
        ({"words": ("大喇叭",)}, {"words": ("喇叭",)}),
        ({"words": ("喇叭",)}, {}),
        ({"not_words": ("厂",)}, {}),
        ({"areas": ("371502",)}, {}),
        ({"valid_to": date(2025, 12, 31)}, {"valid_from": date(2026, 1, 1)}),
    ],
)
def test_a_rule_that_can_still_fire_is_left_alone(earlier, later):
    assert conflicts([rule("first", **earlier), rule("second", "城管", **later)]) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (rule("x", "公安"), "没有“公安”的单位"),
        (rule("x", assist=("水力",)), "没有“水力”的单位"),
        (rule("x", kinds=("noise.disco",)), "没有这种类别 noise.disco"),
        (rule("x", areas=("371599",)), "没有单位设在辖区 371599"),
        (rule("x", words=("噪聲",)), "永远匹配不上"),
        (rule("x", words=("工地喇叭",), not_words=("工地",)), "同时被 not_words 排除"),
        (rule("x", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1)), "晚于失效日"),
        (rule("x", source=""), "没有写明依据"),
    ],
)
def test_a_faulty_rule_is_named_with_its_fault(row, what):
    (told,) = problems([row], UNITS)
    assert told.startswith("规则 x：")
    assert what in told


def test_a_doubled_id_is_told():
    rows = [rule("x", kinds=("soil",)), rule("x", kinds=("noise",))]
    assert conflicts(rows) == ["规则 x：编号重复"]
