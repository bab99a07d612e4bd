"""Villages, culprits and senses: what keeps two neighbours' matters apart."""

from __future__ import annotations

import pytest

from cases import spots


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("沙镇镇前田村村口的养鸡场", ["前田"]),
        ("许营镇赵庄西头喷漆房", ["赵庄"]),
        ("大辛庄街道北孔庄烧秸秆", ["北孔庄"]),
        ("松林镇李官寨村北侧道路", ["官寨"]),
        ("朝城镇东王庄西边沟里", ["东王庄"]),
        ("我们村旁边天天冒烟，全村都呛", []),
        ("莘县徐庄镇镀锌厂", []),
    ],
)
def test_villages_are_found_without_a_list_of_them(text, names):
    assert [village.side + village.core for village in spots.villages(text)] == names


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("沙镇镇前田村养鸡场", "沙镇镇大高庄村养鸡场", True),
        ("清水镇后张村坑塘", "清水镇前张村坑塘", True),
        ("朝城镇东王庄西边", "朝城镇王庄村倒废液", False),
        ("许营镇李庄北头", "李庄村养鸡场", False),
        ("许营镇养鸡场", "许营镇李庄村养鸡场", False),
    ],
)
def test_two_villages_are_told_apart_and_one_is_not(one, other, apart):
    assert spots.apart(one, other) is spots.apart(other, one) is apart


def test_another_culprit_or_sense_clashes_only_where_both_are_known():
    assert spots.clash(spots.culprits("烧烤摊油烟"), spots.culprits("工地打桩"))
    assert not spots.clash(spots.culprits("烧烤店油烟"), spots.culprits("楼下烧烤"))
    assert not spots.clash(spots.culprits("一股怪味"), spots.culprits("工地打桩"))
    assert spots.clash(spots.senses("机器声音大"), spots.senses("往沟里排乳化液"))
