"""Normalising keeps what a person reads and drops what only a machine sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from huanyu.text import fold
from huanyu.text import normalise
from huanyu.text import position_in
from huanyu.text import shorten
from huanyu.text import simplify
from huanyu.text import without_position


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("聊环函〔２０１８〕２２８号", "聊环函〔2018〕228号"),
        ("各县（市、区）：请于５月１日前", "各县（市、区）：请于5月1日前"),
        ("①扬尘②噪声 25℃ 30㎡", "①扬尘②噪声 25℃ 30㎡"),
        ("臭\u200b味\u200d刺\ufeff鼻", "臭味刺鼻"),
        ("　　晚上　又在　放", "晚上 又在 放"),
        ("第一行\r\n\r\n\r\n\r\n第二行", "第一行\n\n第二行"),
        ("⼈⺠", "人⺠"),
        ("👨‍👩‍👧开心❤️", "👨‍👩‍👧开心❤️"),
        ("空\x00字\x07符", "空字符"),
        ("ＰＭ２．５", "PM2.5"),
    ],
)
def test_a_text_is_stored_as_a_person_reads_it(written: str, stored: str) -> None:
    assert normalise(written) == stored


@settings(max_examples=300)
@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(max_examples=300)
@given(st.text())
def test_folding_ignores_case_blanks_and_width(text: str) -> None:
    assert fold(f" {text} ") == fold(text)


def test_traditional_and_simplified_match() -> None:
    assert fold("噪聲擾民，臺帳") == fold("噪声扰民,台账")
    assert simplify("嚴重污染") == "严重污染"


def test_brackets_of_document_numbers_match_in_any_style() -> None:
    assert fold("聊环函〔2017〕87号") == fold("聊环函[2017]87号") == fold("聊环函［2017］87号")


def test_a_short_text_stays_whole_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert shorten("徒骇河 发臭", 10) == "徒骇河 发臭"
    assert shorten("徒骇河边，味道很大，已经一周", 6) == "徒骇河边…"
    assert len(shorten("字" * 500, 80)) == 80


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("肖家庄镇（北纬36.700000，东经116.200000）", "肖家庄镇"),
        ("北纬36.700000，东经116.200000", ""),
        ("东昌府区许营镇赵庄(北纬36.4", "东昌府区许营镇赵庄"),
        ("许营镇（北纬*********，东经**********）", "许营镇"),
        ("许营镇（北纬、东经 36.45，115.98）", "许营镇"),
        ("化工厂南墙 东经115.98，北纬36.45", "化工厂南墙"),
        ("北纬路与湖南路交叉口", "北纬路与湖南路交叉口"),
        ("", ""),
    ],
)
def test_a_place_is_called_by_its_name_not_by_coordinates(place: str, named: str) -> None:
    assert without_position(place) == named


@pytest.mark.parametrize(
    ("place", "position"),
    [
        ("肖家庄镇（北纬36.700000，东经116.200000）", "（北纬36.700000，东经116.200000）"),
        ("北纬36.700000，东经116.200000", "北纬36.700000，东经116.200000"),
        ("北纬36.7 张三13900000000", ""),
        ("肖家庄镇（北纬36.7，东经116.2）3号楼2单元501室", ""),
    ],
)
def test_only_coordinates_as_a_telephone_tells_them_are_a_position(place: str, position: str) -> None:
    assert position_in(place) == position
