"""定级: triggers that always give 重大, and the reasons told."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest

from cases.level import LEVELS
from cases.level import Signs
from cases.level import grade
from cases.level import higher
from cases.words import unmatchable
from huanyu.clock import SHANGHAI


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("水源地旁边有人倒化工废料", ("water.drinking",)),
        ("自来水发黄，喝了一家人拉肚子", ("water.drinking",)),
        ("化工厂的味道飘进小学，好几个孩子头晕", ("air.industrial",)),
        ("一夜之间河里漂满死鱼", ("water.industrial",)),
        ("村民把厂门围堵了，要求停产", ("air.odour",)),
        ("储罐泄漏，一股白雾", ("air.industrial",)),
        ("探伤公司丢了放射源", ("radiation",)),
        ("这家厂的在线监测数据造假", ("other",)),
        ("我刚举报完厂里就知道是我，谁泄露举报人", ("air.industrial",)),
        ("昨晚焦点访谈都报了，还在排", ("water.industrial",)),
    ],
)
def test_a_trigger_always_gives_a_major_level(level_rows, text, kinds):
    found = grade(Signs(text=text, kinds=kinds), level_rows)
    assert LEVELS.index(found.level) >= LEVELS.index("重大"), found.reasons
    assert found.reasons[0].startswith(found.level)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("学校旁边的烧烤摊油烟大", ("air.cooking",)),
        ("工地晚上施工，孩子睡不好", ("noise.construction",)),
        ("楼顶基站有放射性吗，担心", ("radiation",)),
        ("自来水停了一天", ("water.drinking",)),
        ("河里有两条死鱼", ("water.blackodour",)),
        ("鱼塘边上垃圾没人收", ("waste.household",)),
    ],
)
def test_an_ordinary_matter_stays_ordinary(level_rows, text, kinds):
    assert grade(Signs(text=text, kinds=kinds), level_rows).level == "一般"


@pytest.mark.parametrize("more", [{"urgent": True}, {"posts": 5}, {"reach": 500}])
def test_urgency_witnesses_and_reach_raise_a_level(level_rows, more):
    assert grade(Signs(text="味道很大", **more), level_rows).level == "较大"


def test_deaths_are_the_gravest_and_every_reason_is_told(level_rows):
    found = grade(Signs(text="水源地中毒，已致人死亡", urgent=True), level_rows)
    assert found.level == "特别重大"
    assert [reason[: reason.index("：")] for reason in found.reasons] == ["特别重大", "重大", "较大"]
    assert "“水源地”" in found.reasons[1]


def test_nothing_said_is_an_ordinary_matter(level_rows):
    assert grade(Signs(text=""), level_rows).reasons == ("一般：没有升级因素",)


def test_the_graver_of_two_levels_wins():
    assert higher("较大", "重大") == higher("重大", "较大") == "重大"


def test_every_trigger_word_can_be_found(level_rows):
    words = [word for row in level_rows for word in (*row.words, *row.and_words, *row.not_words)]
    assert unmatchable(words) == []


DAY = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)


def test_many_who_say_it_within_a_day_raise_the_level_and_as_many_in_a_month_do_not(level_rows):
    quick = tuple(DAY + timedelta(hours=2 * number) for number in range(10))
    slow = tuple(DAY + timedelta(days=3 * number) for number in range(10))
    assert grade(Signs(text="味道很大", said=quick[::-1]), level_rows).level == "重大"
    assert grade(Signs(text="味道很大", said=slow), level_rows).level == "一般"
    assert grade(Signs(text="味道很大", said=quick[:9]), level_rows).level == "一般"


@pytest.mark.parametrize(
    ("more", "level", "told"),
    [
        ({"press": (("齐鲁网", "province"),)}, "重大", "中央或省级媒体发声（“齐鲁网”）"),
        ({"press": (("聊城日报", "city"),)}, "较大", "本市媒体发声（“聊城日报”）"),
        ({"places": ("聊城市人民医院",), "kinds": ("air.industrial",)}, "较大", "紧邻学校、医院"),
        ({"places": ("谭庄水库",), "kinds": ("water.industrial",)}, "重大", "紧邻饮用水水源"),
        ({"round": 2}, "较大", "复发"),
        ({"reach": 5000}, "重大", "转评赞很多"),
    ],
)
def test_press_places_and_recurrence_raise_a_level(level_rows, more, level, told):
    found = grade(Signs(text="味道很大", **more), level_rows)
    assert found.level == level
    assert told in found.reasons[0]


@pytest.mark.parametrize(
    "more",
    [
        {"places": ("聊城市人民医院",), "kinds": ("noise.social",)},
        {"places": ("东昌湖",), "kinds": ("air.industrial",)},
        {"round": 1},
        {"press": ()},
    ],
)
def test_what_no_rule_names_raises_nothing(level_rows, more):
    assert grade(Signs(text="味道很大", **more), level_rows).level == "一般"


def test_rules_that_a_person_has_weighed_count_no_second_time(level_rows):
    signs = Signs(text="储罐泄漏", kinds=("air.industrial",), reach=600)
    found = grade(signs, level_rows)
    assert (found.level, found.rules) == ("重大", ("leak", "reach"))
    again = grade(signs, level_rows, known=("leak",))
    assert (again.level, again.rules) == ("较大", ("reach",))
