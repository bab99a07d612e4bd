"""Where somebody lives, told from where a shop, an office or a works stands."""

from __future__ import annotations

import pytest

from huanyu.redact import spans


def _found(kind: str, text: str) -> list[str]:
    return [text[one.start : one.end] for one in spans(text) if one.kind == kind]


@pytest.mark.parametrize(
    ("home", "text"),
    [
        ("4号楼顶层东户", "您住的北顺小区4号楼顶层东户，楼上太阳能架已加固。"),
        ("17号楼的1101", "我们到月亮湾小区17号楼的1101测了噪声。"),
        ("56号", "请联系振兴西路56号三楼的住户核对。"),
        ("B12-2-1803", "水岸新城B12-2-1803的业主同意开窗测量。"),
        ("6-3-1102", "您的住址（楼山西路水岸花语6-3-1102）我们已保密处理。"),
        ("2号公寓1507", "新区街道当代国际广场2号公寓1507夜间能听到风机。"),
        ("12楼1204", "漏水的住户为12楼1204。"),
        ("5号楼6楼", "经了解，投诉人为丽水社区5号楼6楼住户。"),
        ("38号附5号", "投诉人家中（青年街38号附5号）已测量。"),
    ],
)
def test_where_somebody_lives_is_found_in_every_way_of_writing_it(home: str, text: str) -> None:
    assert _found("house_number", text) == [home]


@pytest.mark.parametrize(
    "text",
    [
        "排口编号W3-2-401，位于厂区东墙。",
        "批复文号12-3-108已上网。",
        "厂房位于第5排3号车间。",
        "该店位于建设东路78号1楼，经营面积60平方米。",
        "沿街86号商铺为一家理发店。",
        "北顺小区4号楼至6号楼之间的停车棚已移走。",
        "请到市民服务中心2号楼3层305窗口办理。",
    ],
)
def test_a_shop_an_office_and_a_works_are_no_home(text: str) -> None:
    assert _found("house_number", text) == []


def test_a_tractor_of_the_newer_numbers_and_a_social_security_card_are_found() -> None:
    assert _found("plate", "拖拉机牌号鲁15·B3341。") == ["鲁15·B3341"]
    assert _found("id_number", "社会保障卡号K12345678。") == ["K12345678"]
