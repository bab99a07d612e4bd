"""A routing table is told what is wrong with it; the shipped tables have nothing wrong."""

from __future__ import annotations

from datetime import date
from datetime import time

import pytest
from pydantic import ValidationError

from cases.route_check import Known
from cases.route_check import conflicts
from cases.route_check import known_of
from cases.route_check import problems
from cases.route_check import unreached
from huanyu.bureau import PlaceRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.kinds import LEAVES
from huanyu.types import PostType

UNITS = (
    UnitRow(key="a", name="甲", short="甲", kind="bureau", department="生态环境"),
    UnitRow(key="b", name="乙", short="乙", kind="outside", department="城管", area="371502"),
)


def rule(id_: str, department: str = "生态环境", **more: object) -> RouteRow:
    return RouteRow(**({"id": id_, "department": department, "why": "试", "source": "试"} | more))


def test_the_shipped_table_is_sound_and_every_rule_is_reached_by_some_case(routes, units):
    assert problems(routes, units, known_of(load_bureau(SHIPPED).places)) == []


def test_every_kind_has_a_rule_that_needs_no_words(routes):
    plain = [
        row
        for row in routes
        if not row.words and not row.beside and row.built_up is None and row.night is None
    ]
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
        ({"beside": ("noise.social", "soil")}, {"beside": ("soil",)}),
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
        ({"beside": ("soil",)}, {}),
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
        (rule("x", beside=("noise.disco",)), "没有这种类别 noise.disco"),
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


KNOWN = Known(areas=("371502",))


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"campaigns": ("秋冬季攻坚",)}, "专项行动“秋冬季攻坚”"),
        ({"lanes": ("fast",)}, "办理通道“fast”"),
        ({"items": ("unheard",)}, "事项类型“unheard”"),
        ({"areas": ("371599",)}, "辖区“371599”"),
    ],
)
def test_a_rule_that_asks_for_what_the_desk_never_knows_is_told(asked, what):
    (told,) = unreached([rule("x", **asked)], KNOWN)
    assert "永远轮不到" in told
    assert what in told


def test_a_gazetteer_without_built_up_areas_makes_the_rules_for_them_dead():
    known = known_of([PlaceRow(name="甲县", code="371502", level="county", unit="371502")])
    (told,) = unreached([rule("x", built_up=True)], known)
    assert "建成区内" in told
    marked = PlaceRow(name="乙街道", code="371502001", level="township", unit="371502", built_up=True)
    assert unreached([rule("x", built_up=True)], known_of([marked])) == []


def test_a_rule_that_several_others_hide_together_is_told():
    rules = [
        rule("leaf1", kinds=("noise.social", "noise.other", "noise.traffic")),
        rule("leaf2", kinds=("noise.construction", "noise.industrial")),
        rule("all", "城管", kinds=("noise",)),
    ]
    assert conflicts(rules) == []
    (told,) = unreached(rules, KNOWN)
    assert told.startswith("规则 all：永远轮不到，前面的几条规则合起来")


@pytest.mark.parametrize(
    "rules",
    [
        [rule("a", words=("风机",), not_words=("厂",)), rule("b", "城管", words=("风机",))],
        [rule("a", built_up=True), rule("b", built_up=False), rule("c", "城管")],
        [rule("a", night=True), rule("b", night=False), rule("c", "城管")],
        [
            rule("a", from_time=time(18), to_time=time(8)),
            rule("b", "城管", from_time=time(12), to_time=time(14)),
        ],
        [rule("a", adds=True), rule("b", "城管")],
        [rule("a"), rule("b", "城管", adds=True)],
        [rule("a", valid_to=date(2025, 12, 31)), rule("b", "城管", valid_from=date(2026, 1, 1))],
        [rule("a", words=("渣土",), and_words=("超载",)), rule("b", "城管", words=("渣土",))],
        [rule("a", types=(PostType.QUESTION,)), rule("b", "城管")],
        [rule("a", levels=("重大",)), rule("b", "城管")],
    ],
)
def test_a_rule_that_some_case_reaches_is_left_alone(rules):
    assert [*conflicts(rules), *unreached(rules, KNOWN)] == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (rule("x", unit="nobody"), "没有键为 nobody 的单位"),
        (rule("x", sections=("a", "nobody")), "没有键为 nobody 的单位"),
        (rule("x", also=("x",)), "also 中的 x 不是另一条规则"),
        (rule("x", words=("工地",), and_words=("噪聲",)), "“噪聲”含繁体"),
    ],
)
def test_names_that_lead_nowhere_are_told(row, what):
    (told,) = problems([row], UNITS)
    assert what in told


def test_half_a_time_of_day_is_refused():
    with pytest.raises(ValidationError, match="from_time"):
        rule("x", from_time=time(18))
