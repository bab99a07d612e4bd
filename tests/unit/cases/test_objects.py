"""Names two texts share."""

from __future__ import annotations

import pytest

from cases import objects


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("我在金鼎小区住，楼下吵", "投诉金鼎小区旁边的工地", "金鼎小区"),
        ("昨晚在新城小区门口", "举报新城小区垃圾", "新城小区"),
        ("鑫达环保科技有限公司排黑水", "举报鑫达环保科技有限公司", "鑫达环保科技有限公司"),
        ("宏筑搅拌站又冒灰", "门口就是宏筑商混站", "宏筑搅拌站"),
        ("高新区许营镇顺腾家具厂露天喷漆", "那个做家具的（顺腾），喷漆味", "顺腾家具厂"),
        ("牧兴源养殖场的粪水", "石佛镇牧兴源猪场，粪堆露天放", "牧兴源养殖场"),
        ("澜岸云庭业主在线听打桩", "有人住澜岸云庭附近吗", "澜岸云庭"),
        ("我们小区太吵", "他们小区也吵", ""),
        ("楼下饭店油烟", "楼下饭店太呛", ""),
        ("附近有个建筑工地", "旁边的建筑工地", ""),
        ("许营镇养鸡场臭", "许营镇养鸡场味道大", ""),
        ("聊城市化工厂", "聊城市化工厂", ""),
        ("村里的塑料造粒厂", "又一家塑料造粒厂", ""),
        ("没有名字", "也没有", ""),
    ],
)
def test_a_name_is_what_two_texts_share_and_pointing_words_are_none(one: str, other: str, name: str) -> None:
    for a, b in ((one, other), (other, one)):
        found = objects.shared(a, b)
        assert (found is None) == (not name)
        assert found is None or found.name.startswith(name.removesuffix("养殖场").removesuffix("搅拌站"))


def test_two_characters_without_an_ending_in_both_texts_are_not_sure() -> None:
    found = objects.shared("顺腾家具厂露天喷漆", "那个做家具的（顺腾），喷漆味")
    assert found and not found.sure


def test_a_place_is_no_part_of_a_name() -> None:
    assert objects.shared("临清轴承厂太吵", "临清轴承厂冒烟", ["临清市"]) is None


def test_names_that_differ_are_told_apart_and_pointing_words_differ_from_nothing() -> None:
    assert objects.differing("金鼎小区垃圾成堆", "银河小区垃圾成堆")
    assert not objects.differing("金鼎小区垃圾成堆", "我们小区垃圾成堆")
    assert not objects.differing("金鼎小区垃圾成堆", "投诉金鼎小区")


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("临清元仓河治了又黑", "元仓河的臭味", "元仓河"),
        ("状元胡同的油烟", "古楼街道状元胡同", "状元胡同"),
        ("直接排进河里", "都排进河里了", ""),
        ("旁边的马路", "旁边的马路", ""),
    ],
)
def test_a_street_or_stream_is_named_with_two_characters(one: str, other: str, name: str) -> None:
    assert objects.shared_line(one, other) == name


def test_a_river_of_the_gazetteer_is_no_line_of_its_own() -> None:
    assert objects.shared_line("马颊河发黑", "马颊河臭了", ["马颊河"]) == ""
