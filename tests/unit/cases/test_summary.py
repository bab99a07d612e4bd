"""The complaint as a letter tells it ends as a sentence does, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.paper_fields import summary
from tests.unit.cases.test_clocks import case_of


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("夜里施工吵", "夜里施工吵。"),
        ("没人管吗?", "没人管吗?"),
        ("他说“没人管！”", "他说“没人管！”"),
        ("臭了半个月，", "臭了半个月。"),
        ("臭（附照片）", "臭（附照片）。"),
        ("", ""),
    ],
)
def test_a_summary_ends_once(told: str, read: str) -> None:
    assert summary(replace(case_of(channel="weibo"), first_text=told, first_author="")) == read
