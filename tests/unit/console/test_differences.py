"""What an author changed: taken together, the runs give back both texts."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from itertools import pairwise

import pytest

from console import differences


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("夜里有刺鼻气味", "昨天夜里有气味"),
        ("", "新写的"),
        ("都删了", ""),
        ("一样", "一样"),
        ("a" * 5000, "b"),
    ],
)
def test_the_runs_give_back_both_texts(before: str, after: str) -> None:
    found = differences.runs(before, after)
    assert "".join(run for tag, run in found if tag != "ins") == before
    assert "".join(run for tag, run in found if tag != "del") == after


def test_each_change_is_told_with_its_moment_the_latest_first() -> None:
    texts = ["第一稿", "第二稿", "第三稿"]
    moments = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2)]
    found = differences.history(list(zip(moments, texts[:2], strict=True)), texts[2])
    assert [at for at, _ in found] == moments[::-1]
    for (_, told), (before, after) in zip(reversed(found), pairwise(texts), strict=True):
        assert told == differences.runs(before, after)
