"""Facts locked to the record: what an edit adds is found where it stands, what the record says is left alone."""

from __future__ import annotations

import pytest

from publisher.locks import Record
from publisher.locks import named_enterprises
from publisher.locks import not_in_record

RECORD = Record(
    texts=(
        "HY2026-000012",
        "东昌府区柳园街道",
        "聊城市生态环境局东昌府区分局",
        "2026年3月12日",
        "3月12日9时30分",
        "油烟净化器未开启，清运垃圾12吨，厂界噪声51.3分贝，罚款2万元",
        "责令立即改正，3月15日前完成，已立案",
        "《中华人民共和国大气污染防治法》第一百一十八条",
        "聊城市鲁环新材料有限公司",
    ),
    enterprises=("东阿阿胶",),
    places=("柳园街道", "道口铺街道", "徒骇河"),
    hidden=("聊城市老味道餐饮有限公司",),
)


def found(text: str) -> list[str]:
    return [one.text for one in not_in_record(text, RECORD)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("3月13日到场", "3月13日"),
        ("3月12日10时到场", "10时"),
        ("定于16日复查", "16日"),
        ("清运垃圾15吨", "15吨"),
        ("罚款３万元", "３万元"),
        ("噪声54.1分贝", "54.1分贝"),
        ("三日内整改到位", "三日内"),
        ("下周完成整改", "下周"),
        ("涉及聊城市金水化工有限公司", "涉及聊城市金水化工有限公司"),
        ("东阿阿胶已整改", "东阿阿胶"),
        ("位于道口铺街道", "道口铺街道"),
        ("流入徒骇河", "徒骇河"),
        ("依据《噪声污染防治法》第七十七条", "《噪声污染防治法》第七十七条"),
        ("依据《大气污染防治法》第一百一十九条", "《大气污染防治法》第一百一十九条"),
        ("已查封", "查封"),
        ("涉事的老味道餐饮有限公司", "老味道餐饮"),
        ("气味可能来自附近的化工厂", "可能来自附近的化工厂"),
    ],
)
def test_a_fact_that_is_not_in_the_record_is_found_where_it_stands(text: str, wrong: str) -> None:
    (one, *_) = not_in_record(text, RECORD)
    assert (one.text, one.kind) == (wrong, "not_in_record")
    assert text[one.start : one.end] == one.text
    assert one.reason
    assert one.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "3月12日9时30分，东昌府区分局到柳园街道现场核查。",
        "2026年3月12日，油烟净化器未开启。",
        "清运垃圾十二吨，罚款20000元，厂界噪声51.3分贝。",
        "依据《大气污染防治法》第一百一十八条，责令改正，3月15日前完成。",
        "聊城市鲁环新材料有限公司已停止直排，该公司承诺整改。",
        "编号HY2026-000012，施工单位已立案查处。",
    ],
)
def test_what_the_record_says_may_be_said_in_other_words(text: str) -> None:
    assert found(text) == []


def test_the_same_amount_in_another_writing_is_the_same() -> None:
    assert found("罚款两万元") == []
    assert found("罚款2.5万元") == ["2.5万元"]


def test_only_names_of_firms_name_somebody() -> None:
    assert named_enterprises("该公司、施工单位和污水处理厂") == ()
    assert named_enterprises("查处聊城某某化工有限公司") != ()


def test_figures_of_an_address_are_no_figures_of_the_matter() -> None:
    assert found("详情：https://jg.example:8443/r/k7m2.html，清运垃圾12吨") == []
    assert found("详情：https://jg.example:8443/r/k7m2.html，清运垃圾15吨") == ["15吨"]
