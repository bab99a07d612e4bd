"""Words are marked where they stand, whatever their width or case, and nothing in a text becomes markup."""

from __future__ import annotations

import pytest

from console import marks


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("许营镇夜里有刺鼻气味", ["刺鼻", "气味"], "许营镇夜里有<mark>刺鼻气味</mark>"),
        ("刺鼻，又是刺鼻", ["刺鼻"], "<mark>刺鼻</mark>，又是<mark>刺鼻</mark>"),
        ("ＰＭ2.5又超了", ["pm2.5"], "<mark>ＰＭ2.5</mark>又超了"),
        ("<b>臭</b>", ["臭"], "&lt;b&gt;<mark>臭</mark>&lt;/b&gt;"),
        ("没有", ["", "  "], "没有"),
        ("", ["臭"], ""),
    ],
)
def test_hits_are_marked_and_the_rest_is_text(text: str, words: list[str], shown: str) -> None:
    assert str(marks.marked(text, words)) == shown


def test_a_passage_begins_shortly_before_the_first_hit() -> None:
    text = "前" * 300 + "刺鼻" + "后" * 300
    found = marks.passage(text, ["刺鼻"], limit=120)
    assert found.startswith("…前")
    assert found.index("刺鼻") == 1 + marks.AROUND
    assert len(found) <= 122
    assert marks.passage("短短一句", ["刺鼻"]) == "短短一句"
