"""Words gone wrong by one character: what is recognised, and what good Chinese only looks like it."""

from __future__ import annotations

import pytest

from publisher.misspelt import misspelt
from publisher.misspelt import twice


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("我局立即组织执法人员赶付现场。", "赶付现场", "赶赴现场"),
        ("废水经沉定后回用。", "沉定", "沉淀"),
        ("避免对居民照成影响。", "照成影响", "造成影响"),
        ("该企业执行力求不径而走。", "不径而走", "不胫而走"),
        ("中华人民共合国生态环境部", "人民共合国", "人民共和国"),
    ],
)
def test_a_character_of_the_same_sound_or_look_is_found(text: str, wrong: str, right: str) -> None:
    assert [(text[start:end], meant) for start, end, meant in misspelt(text)] == [(wrong, right)]


@pytest.mark.parametrize(
    "text",
    [
        "该户交了水费水表仍未更换。",
        "您的留言收到了。",
        "组织人员进行了清洗。",
        "业主主动配合整改。",
        "我市市场监管局已到场。",
        "对照成本清单逐项核对。",
        "委托监测机构复测。",
        "夜里听得见持续的低频声。",
        "沿岸排口有污水流出。",
        "不片面追求排名。",
        "餐饮多在建成区。",
        "由非同一家消防施工单位负责。",
        "病媒生物防制由爱国卫生机构承担。",
        "交通运输等事故次生的污染",
    ],
)
def test_two_words_that_meet_are_no_slip(text: str) -> None:
    assert [*misspelt(text), *twice(text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("现要求求企业停产。", "求求"), ("配备洒水车辆辆。", "辆辆"), ("已调查处理理。", "理理")],
)
def test_a_character_typed_twice_is_found(text: str, found: str) -> None:
    assert [text[start:end] for start, end, _ in twice(text)] == [found]


@pytest.mark.parametrize("text", ["一起来看看护城河。", "城管把共享单车一辆辆扶正。", "岸边飘来一股股清香。"])
def test_what_is_said_twice_on_purpose_is_none(text: str) -> None:
    assert list(twice(text)) == []
