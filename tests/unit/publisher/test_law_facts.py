"""What a law says, held against what a text says of it."""

from __future__ import annotations

import pytest

from publisher.law_facts import amount
from publisher.law_facts import refuted


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("根据《信访工作条例》,信访事项应当自受理之日起90日内办结。", "90日"),
        ("《行政处罚法》规定,当事人可在收到告知书之日起三日内申请听证。", "三日"),
        ("依据《环境保护法》第六十条按日连续处罚。", "第六十条"),
        ("《大气污染防治法》第九十九条规定处一万元以上十万元以下罚款。", "一万元以上十万元以下"),
        ("依据《固体废物污染环境防治法》(2016年修正)处理。", "固体废物污染环境防治法》(2016年修正"),
        ("根据1989年《环境保护法》作出决定。", "1989年《环境保护法"),
        ("《信访工作条例》自2021年5月1日起施行。", "信访工作条例》自2021年5月1日起施行"),
        ("按《中华人民共和国噪声法》办理。", "《中华人民共和国噪声法》"),
        ("执行《声环境质量标准》(GB12348-2008)。", "《声环境质量标准》(GB12348-2008)"),
        ("2类区夜间限值为55分贝。", "2类区夜间限值为55分贝"),
    ],
)
def test_what_the_law_does_not_say_is_told_where_it_stands(text: str, wrong: str) -> None:
    assert [text[start:end] for start, end, _, _ in refuted(text)] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "根据《信访工作条例》,信访事项应当自受理之日起60日内办结,延长期限不得超过30日。",
        "依据《环境保护法》第五十九条,可以按日连续处罚。",
        "《大气污染防治法》第九十九条规定处十万元以上一百万元以下罚款。",
        "《水污染防治法》第八十三条:处十万元以上一百万元以下的罚款。",
        "《固体废物污染环境防治法》(2020年修订)自2020年9月1日起施行。",
        "执行《工业企业厂界环境噪声排放标准》(GB 12348-2008)2类标准,夜间限值50分贝。",
        "《山东省环境保护条例》第九条。",
        "《环境保护法》和《大气污染防治法》第八十一条要求安装油烟净化设施。",
    ],
)
def test_what_the_law_says_passes(text: str) -> None:
    assert list(refuted(text)) == []


@pytest.mark.parametrize(
    ("text", "beside", "wan"),
    [("二万", "", 2.0), ("二", "二十万", 2.0), ("5000", "", 0.5), ("五百", "", 0.05), ("10", "100万", 10.0)],
)
def test_an_amount_takes_its_unit_from_what_stands_beside_it(text: str, beside: str, wan: float) -> None:
    assert amount(text, beside) == pytest.approx(wan)
