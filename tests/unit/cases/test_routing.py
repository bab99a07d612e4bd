"""First match, zones, unknown places, explanations, and what one line of `huanyu route` may look like."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time

import pytest

from cases.calendar import LIBRARY_FIRST
from cases.calendar import LIBRARY_LAST
from cases.clocks import handling_due
from cases.facts import Facts
from cases.facts import area_of
from cases.facts import facts_from
from cases.routing import route
from huanyu.bureau import PlaceRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

DAY = date(2026, 3, 10)
PLACES = (
    PlaceRow(name="聊城市", code="371500", level="city", unit=""),
    PlaceRow(name="东昌府区", code="371502", level="county", unit="371502", aliases=("东昌府",)),
    PlaceRow(name="茌平区", code="371503", level="county", unit="371503", aliases=("茌平县",)),
    PlaceRow(name="高新区", code="371502", level="zone", unit="高新区", aliases=("高新技术开发区?",)),
    PlaceRow(name="浙江省", code="", level="elsewhere", unit="", aliases=("慈溪",)),
)


def rule(id_: str, department: str = "生态环境", **more: object) -> RouteRow:
    return RouteRow(**({"id": id_, "department": department, "why": "试", "source": "试"} | more))


def unit(key: str, department: str, area: str = "", kind: str = "outside", **more: object) -> UnitRow:
    return UnitRow(key=key, name=f"{key}局", short=key, kind=kind, department=department, area=area, **more)


def test_a_matter_in_a_zone_goes_to_the_zone_and_not_to_its_county(routes, units):
    found = route(Facts(kinds=("water.industrial",), area="高新区"), routes, units, DAY)
    assert found.unit == "gaoxinqu"


def test_an_unknown_county_goes_to_the_city_and_says_so(routes, units):
    found = route(Facts(kinds=("water.industrial",)), routes, units, DAY)
    assert found.unit == "zhifa"
    assert "未能确定辖区" in found.why


def test_an_area_without_a_unit_of_the_department_goes_to_the_city(routes, units):
    found = route(Facts(text="货车一路鸣笛", kinds=("noise.traffic",), area="371502"), routes, units, DAY)
    assert found.unit == "jiaojing"
    assert "没有公安交管单位" in found.why


def test_a_bureau_of_one_level_misses_nobody_and_shows_no_code():
    units = (unit("zhidui", "生态环境"), unit("zhen", "属地", area="330282114"))
    found = route(
        Facts(kinds=("air.odour",), area="330282114"), (rule("a", kinds=("air.odour",)),), units, DAY
    )
    assert found.unit == "zhidui"
    assert "由市级承办：zhidui局" in found.why
    assert "330282114" not in found.why


def test_without_any_unit_a_person_dispatches():
    found = route(
        Facts(kinds=("soil",), area="371502"), [rule("soil", "农业农村")], [unit("a", "生态环境")], DAY
    )
    assert (found.unit, found.department, found.rule) == ("", "农业农村", "soil")
    assert "请人工转办" in found.why


@pytest.mark.parametrize("kinds", [(), ("soil",)])
def test_without_a_rule_nothing_is_guessed(kinds):
    found = route(Facts(kinds=kinds), [rule("noise", kinds=("noise",))], [unit("a", "生态环境")], DAY)
    assert (found.unit, found.department, found.rule) == ("", "", "")
    assert "请人工转办" in found.why


def test_what_happens_in_another_city_is_nobodys_here_and_says_so(routes, units):
    found = route(Facts(text="化工厂臭", kinds=("air.odour",), away=True), routes, units, DAY)
    assert (found.unit, found.rule) == ("", "")
    assert "不在本市" in found.why


def test_what_happens_in_another_city_still_tells_who_would_have_it_here_and_cites_no_law_of_ours(
    routes, units
):
    found = route(Facts(text="化工厂臭", kinds=("air.odour",), away=True), routes, units, DAY)
    assert (found.department, found.assist) == ("生态环境", ())
    assert "同类问题在本市由生态环境负责" in found.why
    assert "聊城市大气污染防治条例" not in found.why
    assert route(Facts(text="公积金怎么提取", away=True), routes, units, DAY).department == ""


def test_a_rule_may_ask_for_a_second_kind_of_the_same_matter():
    rules = [rule("works", "住建", kinds=("air.dust",), beside=("noise",)), rule("dust", kinds=("air.dust",))]
    units = [unit("a", "生态环境"), unit("b", "住建")]
    found = route(Facts(kinds=("air.dust", "noise.construction")), rules, units, DAY)
    assert (found.unit, found.rule) == ("b", "works")
    assert "同时涉及施工噪声" in found.why
    assert route(Facts(kinds=("air.dust", "soil")), rules, units, DAY).rule == "dust"
    assert route(Facts(kinds=("air.dust",)), rules, units, DAY).rule == "dust"


def test_the_first_kind_decides_and_further_kinds_assist(routes, units):
    facts = Facts(
        text="化工厂排黑水，旁边烧烤摊也冒烟", kinds=("water.industrial", "air.cooking"), area="371502"
    )
    found = route(facts, routes, units, DAY)
    assert found.department == "生态环境"
    assert "城管" in found.assist
    assert "另涉餐饮油烟" in found.why


def test_a_department_does_not_assist_itself(routes, units):
    found = route(Facts(kinds=("noise.industrial", "air.industrial"), area="371502"), routes, units, DAY)
    assert found.department not in found.assist


def test_the_explanation_names_kind_place_words_and_law(routes, units):
    facts = Facts(text="楼下饭馆油烟", kinds=("air.cooking",), area="371502", built_up=True)
    why = route(facts, routes, units, DAY).why
    assert all(part in why for part in ("餐饮油烟", "建成区内", "大气污染防治法", "东昌府区综合行政执法局"))


def test_an_unknown_built_up_area_is_said_in_the_explanation(routes, units):
    why = route(Facts(text="饭馆油烟", kinds=("air.cooking",), area="371502"), routes, units, DAY).why
    assert "未说明是否建成区" in why


def test_rules_and_units_count_only_while_in_force():
    rules = [rule("old", "城管", valid_to=date(2026, 1, 1)), rule("new", "公安", valid_from=date(2026, 1, 2))]
    units = [unit("x", "公安", valid_to=date(2026, 2, 1)), unit("y", "公安"), unit("z", "城管")]
    assert route(Facts(), rules, units, date(2026, 1, 1)).unit == "z"
    assert route(Facts(), rules, units, date(2026, 1, 5)).unit == "x"
    assert route(Facts(), rules, units, date(2026, 3, 1)).unit == "y"


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        ({"types": ("question",)}, {"type": "question"}),
        ({"levels": ("重大", "特别重大")}, {"level": "重大"}),
        ({"campaigns": ("秋冬季攻坚",)}, {"campaigns": ("夏季臭氧", "秋冬季攻坚")}),
        ({"lanes": ("fast",)}, {"lane": "fast"}),
        ({"items": ("media",)}, {"item": "media"}),
        ({"and_words": ("偷排",)}, {"text": "偷排"}),
        ({"from_time": time(18), "to_time": time(8)}, {"text": "一到晚上就放气"}),
        ({"night": True}, {"text": "夜里两点"}),
        ({"built_up": False}, {"built_up": False}),
        ({"areas": ("371522",)}, {"area": "371522"}),
    ],
)
def test_every_condition_a_rule_states_must_hold(condition, facts):
    rules, units = (
        [rule("asked", "城管", **condition), rule("rest")],
        [unit("a", "生态环境"), unit("b", "城管")],
    )
    assert route(Facts(**facts), rules, units, DAY).rule == "asked"
    assert route(Facts(), rules, units, DAY).rule == "rest"


def test_the_text_tells_the_hour_before_the_time_that_was_noted():
    rules, units = [rule("night", night=True), rule("rest")], [unit("a", "生态环境")]
    late = datetime(2026, 3, 10, 23, 0, tzinfo=SHANGHAI)
    assert route(Facts(text="每天上午八点", at=late), rules, units, DAY).rule == "rest"
    assert route(Facts(text="声音很大", at=late), rules, units, DAY).rule == "night"


THREE = [
    rule("way", "交管", words=("超载",), also=("spill", "gate")),
    rule("spill", "城管", words=("抛洒",), also=("gate",)),
    rule("gate", "住建", words=("不冲洗",), sections=("gu",)),
    rule("rest", "生态环境"),
]
THREE_UNITS = [unit("j", "交管"), unit("c", "城管"), unit("z", "住建"), unit("gu", "生态环境")]


@pytest.mark.parametrize(
    ("text", "lead", "assist"),
    [
        ("超载、抛洒，出门不冲洗", "交管", ("城管", "住建", "gu")),
        ("抛洒，出门不冲洗", "城管", ("住建", "gu")),
        ("超载", "交管", ()),
        ("不冲洗", "住建", ("gu",)),
    ],
)
def test_of_rules_that_share_a_matter_the_first_leads_and_the_others_that_fit_assist(text, lead, assist):
    found = route(Facts(text=text), THREE, THREE_UNITS, DAY)
    assert (found.department, found.assist) == (lead, assist)


def test_the_three_kinds_of_muck_go_to_three_departments(routes, units):
    facts = Facts(text="渣土车超载，一路抛洒，出门还不冲洗", kinds=("waste.construction",), area="371502")
    found = route(facts, routes, units, DAY)
    assert {found.department, *found.assist} >= {"公安交管", "城管", "住建"}
    assert found.why.count("；并") == 2


def test_a_rule_that_only_adds_never_leads_and_says_what_it_adds():
    rules = [
        rule("major", "生态环境", adds=True, levels=("重大",), sections=("y",), why="应急同步"),
        rule("x", "城管"),
    ]
    units = [unit("c", "城管"), unit("s", "生态环境"), unit("y", "生态环境")]
    found = route(Facts(level="重大"), rules, units, DAY)
    assert (found.rule, found.assist) == ("x", ("生态环境", "y"))
    assert "并应急同步" in found.why
    assert route(Facts(), rules, units, DAY).assist == ()
    assert route(Facts(level="重大"), rules[:1], units, DAY).rule == ""


def test_the_township_assists_by_its_name_where_it_is_known():
    rules, units = [rule("x", township=True)], [unit("a", "生态环境")]
    assert route(Facts(township="古云镇"), rules, units, DAY).assist == ("古云镇",)
    assert route(Facts(), rules, units, DAY).assist == ("属地乡镇（街道）",)


TOWNS = (
    unit("fj", "生态环境", "371502"),
    unit("dd", "生态环境", "371502", kind="squad"),
    unit("willow", "乡镇街道", "371522", place="柳林镇"),
    unit("willow2", "乡镇街道", "371525", place="柳林镇", valid_to=date(2026, 12, 31)),
    unit("xuying", "乡镇街道", "高新区", place="许营镇"),
)
TO_TOWN = (rule("town", "乡镇街道", to="township"),)


@pytest.mark.parametrize(
    ("town", "area", "key"),
    [
        ("许营镇", "高新区", "xuying"),
        ("许营镇", "", "xuying"),
        ("许营镇", "371522", ""),  # a township of that name that nobody knows there
        ("柳林镇", "371525", "willow2"),
        ("柳林镇", "", ""),  # two of one name: nobody guesses
        ("沙镇镇", "371502", ""),
        ("", "371502", ""),
        ("", "", ""),
    ],
)
def test_a_rule_may_give_it_to_the_township_and_never_to_another(town, area, key):
    found = route(Facts(text="散养鸭子臭", area=area, township=town), TO_TOWN, TOWNS, DAY)
    assert (found.unit, found.department, found.rule) == (key, "乡镇街道", "town")
    assert ("属地乡镇（街道）承办" if key else "请人工转办") in found.why


def test_a_township_that_is_no_more_gets_nothing():
    facts = Facts(text="散养鸭子臭", area="371525", township="柳林镇")
    assert route(facts, TO_TOWN, TOWNS, date(2027, 1, 1)).unit == ""


def test_a_squad_has_its_work_from_its_branch_and_never_by_its_departments_name():
    squads_first = tuple(reversed(TOWNS))
    assert route(Facts(text="喷漆", area="371502"), (rule("r"),), squads_first, DAY).unit == "fj"


def test_a_rule_may_name_the_very_unit():
    rules, units = [rule("x", unit="b")], [unit("a", "生态环境"), unit("b", "生态环境", valid_to=DAY)]
    assert route(Facts(), rules, units, DAY).unit == "b"
    assert route(Facts(), rules, units, date(2026, 4, 1)).unit == "a"  # gone: its department's


def test_the_explanation_tells_kind_place_hour_words_and_law(routes, units):
    facts = Facts(
        text="夜里两点趁黑往沟里偷排",
        kinds=("water.industrial",),
        area="371522",
        place="古云镇",
        township="古云镇",
    )
    found = route(facts, routes, units, DAY)
    branch = next(unit.short for unit in units if unit.key == "shenxian")
    assert (found.unit, found.rule, found.assist) == ("zhifa", "water_secret_night", (branch, "古云镇"))
    for part in ("工业废水", "古云镇", "夜间（“夜里两点”）", "文中有“偷排”", "水污染防治法第三十九条"):
        assert part in found.why


def test_a_kind_taken_from_the_words_is_told_as_such(routes, units):
    facts = Facts(text="垃圾没人收", kinds=("waste.household",), hint="垃圾", area="371502")
    assert route(facts, routes, units, DAY).why.startswith("生活垃圾（据文中“垃圾”）")


@pytest.mark.parametrize(
    ("day", "kind", "text", "rule_id"),
    [
        (date(2025, 12, 31), "noise.social", "广场舞", "noise_social_2022"),
        (date(2026, 1, 1), "noise.social", "广场舞", "noise_social"),
        (date(2022, 6, 4), "noise.social", "广场舞", "noise_social_2018"),
        (date(2022, 6, 5), "noise.industrial", "", "noise_industrial"),
        (date(2022, 6, 4), "noise.industrial", "", "noise_2018"),
        (date(2018, 12, 31), "water.sewage", "入河排污口", "sewage_outlet_2018"),
        (date(2019, 1, 1), "water.sewage", "入河排污口", "sewage_outlet"),
    ],
)
def test_the_law_of_the_day_counts(day, kind, text, rule_id, routes, units):
    assert route(Facts(text=text, kinds=(kind,)), routes, units, day).rule == rule_id


@pytest.mark.parametrize(("hour", "rule_id"), [(21, "day"), (22, "night"), (5, "night"), (6, "day")])
def test_night_is_from_ten_to_six(hour, rule_id):
    rules = [rule("night", night=True), rule("day")]
    facts = Facts(at=datetime(2026, 3, 10, hour, 0, tzinfo=SHANGHAI))
    assert route(facts, rules, [unit("a", "生态环境")], DAY).rule == rule_id


def test_words_are_found_in_traditional_full_width_and_capital_writing():
    rules = [rule("ktv", words=("ktv", "噪声")), rule("rest")]
    for text in ("樓下ＫＴＶ", "楼下 Ktv", "噪聲"):
        assert route(Facts(text=text), rules, [unit("a", "生态环境")], DAY).rule == "ktv"


def test_a_barred_word_switches_a_rule_off():
    rules = [rule("shop", words=("风机",), not_words=("厂",)), rule("rest")]
    assert route(Facts(text="厂里的风机"), rules, [unit("a", "生态环境")], DAY).rule == "rest"


def test_a_family_covers_its_leaves_and_nothing_else():
    rules = [rule("water", kinds=("water",))]
    units = [unit("a", "生态环境")]
    assert route(Facts(kinds=("water.sewage",)), rules, units, DAY).rule == "water"
    assert route(Facts(kinds=("waste.other",)), rules, units, DAY).rule == ""


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("东昌府区", "371502"),
        ("聊城市东昌府区", "371502"),
        ("371502", "371502"),
        ("茌平县", "371503"),
        ("高新区", "高新区"),
        ("东昌府区高新区", "高新区"),
        ("聊城高新技术开发区", "高新区"),
        ("", ""),
        ("聊城市", ""),
        ("371500", ""),
        ("市直", ""),
        ("济南市历下区", "济南市历下区"),
    ],
)
def test_a_county_may_be_named_in_any_way(name, area):
    assert area_of(name, PLACES) == area


@pytest.mark.parametrize("county", ["330282", 330282, "370102", "330282109", "慈溪市", "浙江省慈溪市"])
def test_a_matter_filed_under_another_city_is_read_and_not_refused(county):
    found = facts_from({"county": county}, PLACES, DAY)
    assert (found.area, found.away) == ("", True)


@pytest.mark.parametrize("county", ["371502", "高新区", "聊城市", "", "371599", "某某区", "12345"])
def test_ours_and_what_nobody_knows_are_not_another_city(county):
    assert not facts_from({"county": county}, PLACES, DAY).away


def test_a_line_may_lack_everything():
    assert facts_from({"id": 1}, PLACES, DAY) == Facts()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-01T23:10:00+08:00", datetime(2026, 3, 1, 23, 10, tzinfo=SHANGHAI)),
        ("2026-03-01 23:10", datetime(2026, 3, 1, 23, 10, tzinfo=SHANGHAI)),
        ("2026-03-01T15:10:00Z", datetime(2026, 3, 1, 23, 10, tzinfo=SHANGHAI)),
        ("23:10", datetime(2026, 3, 10, 23, 10, tzinfo=SHANGHAI)),
    ],
)
def test_a_time_may_be_a_moment_or_a_time_of_day(written, moment):
    assert facts_from({"time": written}, PLACES, DAY).at == moment


def test_a_line_gives_facts():
    record = {"text": "吵", "kinds": ["noise.social"], "county": 371503, "built_up": False, "time": None}
    assert facts_from(record, PLACES, DAY) == Facts(
        text="吵", kinds=("noise.social",), area="371503", built_up=False
    )


@pytest.mark.parametrize(
    "record",
    [{"built_up": "是"}, {"time": "昨天夜里"}, {"kinds": {"a": 1}}, {"kinds": [1]}, {"text": ["吵"]}],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_key(record):
    with pytest.raises(BadInput, match=next(iter(record))):
        facts_from(record, PLACES, DAY)


@pytest.mark.parametrize(
    "record",
    [
        {"kinds": [["a"]]},
        {"kinds": [{"a": 1}]},
        {"kinds": 7},
        {"kinds": False},
        {"kinds": ["noise.ufo"]},
        {"time": "9999-12-31T23:59:59+08:00"},
        {"time": "0001-01-01"},
        {"time": "1999-12-31 22:00"},
    ],
)
def test_what_no_rule_or_calendar_knows_is_refused_with_the_name_of_its_key(record):
    with pytest.raises(BadInput, match=next(iter(record))):
        facts_from(record, PLACES, DAY)


def test_a_limit_can_be_told_for_every_time_that_is_taken(clock_rows, calendar):
    first = facts_from({"time": f"{LIBRARY_FIRST}-01-01 00:00"}, PLACES, DAY).at
    last = facts_from({"time": f"{max(LIBRARY_LAST, DAY.year) + 1}-12-31 23:59"}, PLACES, DAY).at
    assert handling_due(first, clock_rows, calendar) is None  # no rule of that day is in the table
    assert handling_due(last, clock_rows, calendar) > last
