"""Masking personal data: what is found, what is left alone, and properties that hold for any text."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from huanyu import fold
from huanyu import personal
from huanyu.redact import KINDS
from huanyu.redact import mask
from huanyu.redact import spans

MASKED = [
    ("请拨13800000000找我", "请拨138****0000找我"),
    ("手机138-0000-0000", "手机138****0000"),
    ("手机１３８００００００００", "手机138****0000"),
    ("一三八零零零零零零零零", "138****0000"),
    ("1\u200b3\u200b8\u200b0000\u200b0000", "138****0000"),
    ("13800000000元", "138****0000元"),
    ("手机138\n00000000", "手机138****0000"),
    ("手机138\r\n0000\u20280000", "手机138****0000"),
    ("座机0635-800\n0001。", "座机*************。"),
    ("身份证37150219900101\n0018，", "身份证37*************018，"),
    ("+86 138 0000 0000", "+86 138****0000"),
    ("身份证371502199001010004", "身份证37*************004"),
    ("350102 19900307 1230", "35*************230"),
    ("邮箱zhang.san@qq.com", "邮箱z***@qq.com"),
    ("家住柳园街道阳光花园3号楼2单元501室。", "家住柳园街道**************。"),
    ("该小区3号楼2单元顶楼东户。", "该小区**********。"),
    ("古楼街道前菜市街甲9号院西屋已回访。", "古楼街道前菜市街****西屋已回访。"),
    ("举报人张建国反映", "举报人张**反映"),
    ("我叫欧阳小明，", "我叫欧阳**，"),
]

LEFT_ALONE = [
    "请拨打12369或12345",
    "案件编号HY2026-000123，聊环函〔2026〕15号",
    "2026年11月21日14时30分，浓度35.6微克/立方米",
    "罚款1380000元，投资138亿元",
    "https://weibo.com/1234567890/5012345678901234",
    "小区3号楼北侧的餐饮店，1、3、5、7号风机",
    "举报人于近日来电，群众关心的问题",
    "统一社会信用代码913715001674000000",
    "市民王女士反映",
    "大厦A座1203室",
    "35μg/m³13800人",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_is_starred_out(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_numbers_and_words_are_left_alone(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("disguised", ["张三丰", "张 三 丰", "张\u200b三丰", "张·三丰", "张先生"])
def test_a_known_name_is_found_in_disguise(disguised: str) -> None:
    assert mask(f"昨天{disguised}说", ["张三丰"]) == "昨天张**说"


def test_luhn_knows_a_right_and_a_wrong_check_digit() -> None:
    right = [last for last in "0123456789" if personal.luhn("622202000011112222" + last)]
    assert len(right) == 1
    assert personal.luhn("79927398713")  # the example everyone uses


def test_folding_keeps_the_way_back() -> None:
    folded = fold.plain("１\u200b３８㎏")
    assert folded.text == "138kg"
    assert folded.origin(1, 3) == (2, 4)


FRAGMENTS = st.sampled_from(
    [
        "13800000000",
        "138 0000 0000",
        "371502199001010004",
        "鲁P12345",
        "a@b.cn",
        "微信abc12345",
        "3号楼2单元501",
        "举报人张建国反映",
        "家住李庄5号",
        "0635-8000000",
        "-",
        "1",
        "*",
        "张",
        "㎏",
        "\u200b",
        "，",
        "欧阳",
        "6222",
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=4), max_size=9).map("".join)
NAMES = st.lists(
    st.sampled_from(["张建国", "欧阳", "kg", "a*", "张", "ab"]) | st.text(max_size=3), max_size=3
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, NAMES)
def test_masking_twice_is_masking_once(text: str, names: list[str]) -> None:
    masked = mask(text, names)
    assert mask(masked, names) == masked
    assert spans(masked, names) == ()


@settings(max_examples=400, deadline=None)
@given(TEXTS, NAMES)
def test_spans_index_into_the_original_text(text: str, names: list[str]) -> None:
    last = 0
    for span in spans(text, names):
        assert span.kind in KINDS
        assert last <= span.start < span.end <= len(text)
        last = span.end


@settings(max_examples=300, deadline=None)
@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "-", " ", "\u200b", ".", "－"]),
    st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "L")), max_size=5),
)
def test_a_mobile_number_never_survives(number: str, sep: str, around: str) -> None:
    written = sep.join((number[:3], number[3:7], number[7:]))
    masked = mask(f"电话：{written}，{around}")
    assert number not in re.sub(r"[^0-9]", "", fold.numeral(masked).text)


def test_spans_of_a_long_list_of_numbers_stay_apart_and_in_order() -> None:
    found = spans("电话13812345678，" * 2000)
    assert len(found) == 2000
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("text", ["向" * 300, "就向" * 150, "通过以就向" * 60])
def test_a_letter_full_of_ways_to_report_is_read_to_its_end(text: str) -> None:
    """Each way may also begin inside the one before: read without a bound this would never end."""
    assert spans(f"昨日前王建国{text}。") == ()
    assert [span.kind for span in spans(f"昨日前王建国再次向社区反映。{text}")] == ["reporter_name"]
