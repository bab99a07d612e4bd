"""Days, orders, hours and lists that their own words refute."""

from __future__ import annotations

import pytest

from publisher.spans import miscounted
from publisher.spans import misfits


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("我局5月7日至9日连续四晚监测", "5月7日至9日连续四晚"),
        ("该件5月8日受理,5月20日办结,用时8天", "5月8日受理,5月20日办结,用时8天"),
        ("5月3日18时启动,5月2日12时解除", "5月3日18时启动,5月2日12时解除"),
        ("项目2024年11月开工,2024年8月建成投产", "2024年11月开工,2024年8月建成投产"),
        ("上午15时到场", "上午15时"),
        ("整改时间自5月10日至4月30日", "自5月10日至4月30日"),
        ("我局5月18日收到您的来信,5月16日派执法人员到场", "5月18日收到您的来信,5月16日派"),
        ("水质由IV类改善为V类", "由IV类改善为V类"),
        ("浓度由45微克/立方米下降到48微克/立方米", "由45微克/立方米下降到48"),
        ("昼间噪声在60至45分贝之间", "60至45分贝"),
        ("其中工业占60%,交通占55%", "占60%,交通占55%"),
    ],
)
def test_a_number_that_its_own_words_refute_is_told(text: str, wrong: str) -> None:
    assert [text[start:end] for start, end, _ in misfits(text)] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "我局5月7日至9日连续三晚监测",
        "该件5月8日受理,5月20日办结,用时12天",
        "12月28日启动,1月3日解除",
        "项目2024年11月开工,2025年8月建成投产",
        "2024年5月3日立案,2025年4月2日结案",
        "下午3时到场,晚上9时离开",
        "错峰生产自11月15日至3月15日",
        "我局5月18日收到您的来信,5月16日已到场检查过一次",
        "水质由劣V类改善为IV类,另一断面由III类下降到IV类",
        "浓度由48微克/立方米下降到45微克/立方米,排名由第45位上升到第32位",
        "由60至45分贝逐步下降",
        "其中工业占60%,交通占40%",
        "11月12日接到举报后核查,该项目已于10月20日完成整改",
        "2026年3月立案调查,该项目2019年5月建成",
    ],
)
def test_numbers_that_agree_are_left_alone(text: str) -> None:
    assert list(misfits(text)) == []


def test_a_list_has_as_many_items_as_it_says() -> None:
    assert [reason for _, _, reason in miscounted("采取三项措施:一是覆盖,二是洒水。")] == [
        "说是三项，列出2项"
    ]
    assert list(miscounted("采取两项措施:一是覆盖,二是洒水。")) == []
    assert list(miscounted("有两个问题:一是扬尘,二是噪声。下一步:一是覆盖,二是洒水,三是巡查。")) == []
