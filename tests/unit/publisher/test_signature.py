"""Where a text ends and its signature begins."""

from __future__ import annotations

import pytest

from publisher.signature import split


@pytest.mark.parametrize(
    ("text", "said", "signed"),
    [
        ("已整改。\n 聊城市生态环境局 \n2026年3月12日", ["已整改。"], ["聊城市生态环境局", "2026年3月12日"]),
        (
            "一、规定了什么\n要求如下：\n全文见：某办法（试行）",
            ["一、规定了什么", "要求如下：", "全文见：某办法（试行）"],
            [],
        ),
        ("共建美丽水城", ["共建美丽水城"], []),
        ("", [], []),
    ],
)
def test_the_last_lines_that_are_no_sentences_are_the_signature(
    text: str, said: list[str], signed: list[str]
) -> None:
    assert split(text) == (said, signed)
