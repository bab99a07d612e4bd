"""What routing may look at: zone, place, built-up area and kind, from what was filed and what was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cases.facts import Facts
from cases.facts import facts_from
from cases.facts import hinted
from cases.facts import is_elsewhere
from cases.facts import located
from cases.route_check import hint_problems
from huanyu.bureau import HintRow
from huanyu.bureau import PlaceRow
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from huanyu.types import Place

DAY = date(2026, 3, 10)
PLACES = (
    PlaceRow(name="东昌府区", code="371502", level="county", unit="371502"),
    PlaceRow(name="高新区", code="371502", level="zone", unit="高新区"),
    PlaceRow(name="许营镇", code="371502108", level="township", unit="高新区", built_up=False),
    PlaceRow(name="柳园街道", code="371502002", level="township", unit="371502", built_up=True),
    PlaceRow(name="闫寺街道", code="371502006", level="township", unit="371502"),
    PlaceRow(name="朝城镇", code="371522102", level="township", unit="371522", built_up=False),
    PlaceRow(name="柳园路", code="371502", level="road", unit="", built_up=True),
)


def named(name: str, level: str = "township", code: str = "") -> Place:
    row = next((row for row in PLACES if row.name == name), None)
    return Place(
        name=name,
        code=code or (row.code if row else ""),
        level=level,
        unit=row.unit if row else "371502",
    )


@pytest.mark.parametrize(
    ("filed", "names", "area"),
    [
        ("371502", ["许营镇"], "高新区"),  # the zones lie inside the county's code
        ("", ["许营镇"], "高新区"),
        ("371502", ["柳园街道"], "371502"),
        ("371522", ["许营镇"], "371522"),  # what was filed stands where the text tells of another county
        ("371502", [], "371502"),
        ("高新区", ["柳园街道"], "高新区"),
    ],
)
def test_the_finest_place_of_the_text_tells_the_zone(filed, names, area):
    assert located(Facts(area=filed), [named(name) for name in names], PLACES).area == area


@pytest.mark.parametrize(
    ("filed", "away"), [("山东省聊城市", False), ("山东省聊城", False), ("山东省", True), ("济南市", True)]
)
def test_an_area_that_names_the_city_itself_is_not_elsewhere(filed, away):
    rows = (
        PlaceRow(name="聊城市", code="371500", level="city", unit="", aliases=("聊城",)),
        PlaceRow(name="山东省", code="", level="elsewhere", unit="", aliases=("济南",)),
    )
    assert is_elsewhere(filed, rows) is away


@pytest.mark.parametrize(("name", "expected"), [("柳园街道", True), ("许营镇", False), ("闫寺街道", None)])
def test_the_finest_place_tells_whether_it_is_built_up(name, expected):
    found = located(Facts(), [named(name)], PLACES)
    assert (found.built_up, found.place, found.township) == (expected, name, name)


def test_a_road_of_the_town_tells_it_too():
    found = located(Facts(area="371502"), [named("柳园路", "road")], PLACES)
    assert (found.built_up, found.place, found.township) == (True, "柳园路", "")


def test_a_village_of_a_street_may_be_town_or_fields_and_a_community_is_town():
    village = [named("彭庄村", "village", "371502002"), named("柳园街道")]
    assert located(Facts(), village[:1], PLACES).built_up is None
    community = named("聊大社区", "village", "371502002")
    found = located(Facts(), [community], PLACES)
    assert (found.built_up, found.township, found.place) == (True, "柳园街道", "聊大社区")


def test_a_village_of_a_town_lies_outside():
    place = replace(named("许营镇"), name="赵庄", level="village")
    found = located(Facts(), [place], PLACES)
    assert (found.built_up, found.township) == (False, "许营镇")


@pytest.mark.parametrize(
    ("said", "expected"), [("位于建成区内", True), ("不在建成区", False), ("建成区外", False)]
)
def test_what_the_text_says_of_the_built_up_area_goes_before_the_place(said, expected):
    assert located(Facts(text=said), [named("柳园街道")], PLACES).built_up is expected


@pytest.mark.parametrize(
    ("said", "expected"), [("朝城镇的饭店", False), ("柳园街道的饭店", True), ("饭店", None)]
)
def test_a_township_whose_county_nobody_knows_still_tells_whether_it_is_built_up(said, expected):
    assert located(Facts(text=said), [], PLACES).built_up is expected


def test_what_was_filed_goes_before_everything():
    facts = Facts(text="建成区内", built_up=False)
    assert located(facts, [named("柳园街道")], PLACES).built_up is False


HINTS = (
    HintRow(kind="noise.industrial", words=("水泵",), and_words=("嗡",), not_words=("工地",), sure=True),
    HintRow(kind="waste.household", words=("垃圾",)),
)


def test_words_tell_the_kind_where_the_classifier_names_none():
    assert hinted(Facts(text="垃圾没人收"), HINTS) == Facts(
        text="垃圾没人收", kinds=("waste.household",), hint="垃圾"
    )


def test_another_kind_of_the_classifier_means_that_nothing_was_likely():
    assert hinted(Facts(text="垃圾没人收", kinds=("other",)), HINTS).kinds == ("waste.household",)


def test_a_kind_that_is_known_stays_unless_the_words_are_sure():
    assert hinted(Facts(text="垃圾没人收", kinds=("air.odour",)), HINTS).kinds == ("air.odour",)
    sure = hinted(Facts(text="水泵嗡嗡的", kinds=("air.odour",)), HINTS)
    assert (sure.kinds, sure.hint) == (("noise.industrial", "air.odour"), "水泵")


@pytest.mark.parametrize("text", ["水泵坏了", "工地水泵嗡嗡的", ""])
def test_every_condition_of_a_hint_must_hold(text):
    assert hinted(Facts(text=text), HINTS) == Facts(text=text)


@pytest.mark.parametrize(
    ("text", "read", "kind"),
    [
        ("楼下炸串店的油味熏得没法开窗", "noise.social", "air.cooking"),
        ("饭店后门的垃圾熏死人", "waste.household", "waste.household"),
        ("麦收后有人把麦地点着了", "air.cooking", "air.burning"),
        ("半夜有人点外卖，路边停满车", "noise.traffic", "noise.traffic"),
        ("做门窗的切割机刺耳", "noise.social", "noise.industrial"),
        ("装修工人的切割机刺耳", "noise.social", "noise.social"),
        ("诊所的棉签倒在路边", "waste.household", "waste.hazardous"),
        ("变电站整夜嗡嗡响", "noise.industrial", "noise.industrial"),
        ("信号塔建到学校边上了", "ecology", "radiation"),
    ],
)
def test_sure_words_of_the_shipped_hints_correct_a_misread_kind_and_leave_its_likeness_alone(
    text, read, kind
):
    assert hinted(Facts(text=text, kinds=(read,)), load_bureau(SHIPPED).hints).kinds[0] == kind


def test_a_figure_of_speech_is_no_rubbish():
    assert hinted(Facts(text="这游戏太垃圾了"), load_bureau(SHIPPED).hints).kinds == ()


def test_the_shipped_hints_are_sound_and_a_wrong_one_is_named():
    assert hint_problems(load_bureau(SHIPPED).hints) == []
    (kind,) = hint_problems([HintRow(kind="noise.disco", words=("嗡",))])
    assert "没有这种类别 noise.disco" in kind
    (word,) = hint_problems([HintRow(kind="noise.social", words=("嗡",), and_words=("噪聲",))])
    assert "“噪聲”" in word


def test_a_title_is_read_with_the_text_and_not_twice():
    assert facts_from({"title": "油烟", "text": "太大"}, PLACES, DAY).text == "油烟\n太大"
    assert facts_from({"title": "油烟", "text": "油烟太大"}, PLACES, DAY).text == "油烟太大"
    assert facts_from({"title": "油烟"}, PLACES, DAY).text == "油烟"


@pytest.mark.parametrize("record", [{"type": "complaints"}, {"level": "严重"}, {"title": ["a"]}])
def test_a_type_or_level_nobody_knows_is_refused_with_its_key(record):
    with pytest.raises(BadInput, match=next(iter(record))):
        facts_from(record, PLACES, DAY)


def test_a_type_and_a_level_may_be_stated():
    facts = facts_from({"type": "question", "level": "重大"}, PLACES, DAY)
    assert (facts.type, facts.level) == ("question", "重大")
