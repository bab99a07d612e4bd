"""制度文件: found by any of their words, however brackets and blanks are written."""

from __future__ import annotations

import pytest

from console.pages.regulations import found
from huanyu.rule_rows import RegulationRow

ROWS = (
    RegulationRow(
        name="聊城市突出环境问题约谈制度",
        issuer="聊城市",
        topic="约谈",
        gist="对存在约谈情形的街道办事处实施约谈。",
    ),
    RegulationRow(
        name="环境空气质量考核办法",
        number="聊环发〔2026〕9号",
        issuer="本局",
        topic="考核",
        published=("局网站，2026-03-02",),
    ),
)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["聊城市突出环境问题约谈制度", "环境空气质量考核办法"]),
        ("约谈 街道", ["聊城市突出环境问题约谈制度"]),
        ("聊环发[2026]9号", ["环境空气质量考核办法"]),
        ("局网站", ["环境空气质量考核办法"]),
        ("约谈 考核", []),
    ],
)
def test_every_word_must_stand_somewhere(words: str, names: list[str]) -> None:
    assert [row.name for row in found(ROWS, words)] == names
