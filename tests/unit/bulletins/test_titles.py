"""A title is broken into lines of like length, at the end of a word where that can be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.titles import WIDTH
from bulletins.titles import broken


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("受理告知书", ("受理告知书",)),
        ("关于茌平区冯官屯镇非法熔炼废机油事件的初报", ("关于茌平区冯官屯镇", "非法熔炼废机油事件的初报")),
        (
            "聊城市生态环境局关于2026年10月各县（市、区）办理情况的通报",
            ("聊城市生态环境局关于2026年10月", "各县（市、区）办理情况的通报"),
        ),
        (
            "关于2026年10月各镇（街道）环境空气质量的通报",
            ("关于2026年10月各镇（街道）", "环境空气质量的通报"),
        ),
        (
            "聊城市2026年10月生态环境信访投诉办理情况通报",
            ("聊城市2026年10月", "生态环境信访投诉办理情况通报"),
        ),
        (
            "“夜间油烟和异味整治进展”新闻发布会工作方案",
            ("“夜间油烟和异味整治进展”", "新闻发布会工作方案"),
        ),
        (
            "对市政协十四届三次会议第094号（城建类）提案的答复",
            ("对市政协十四届三次会议", "第094号（城建类）提案的答复"),
        ),
    ],
)
def test_a_title_is_broken_where_a_reader_would(title: str, lines: tuple[str, ...]) -> None:
    assert broken(title) == lines


@given(st.text("关于聊城市生态环境局的通报《》、（）0123456789aB", max_size=70))
def test_nothing_is_lost_and_no_line_is_a_remnant(title: str) -> None:
    lines = broken(title)
    assert "".join(lines) == title
    if len(lines) > 1:
        assert all(len(line) > 0 for line in lines)
        assert not any(line[0] in "、》）的" for line in lines[1:])
        assert max(map(len, lines)) <= 2 * WIDTH
