"""Figures of one sentence that refute each other, and those that only look so."""

from __future__ import annotations

import pytest

from publisher.tallies import contradictions


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("共受理46件,其中大气21件、噪声17件、水6件、固废4件,已办结43件。", "46件,其中大气21件、噪声17件、水6件、固废4件"),
        ("交办18件,已办结12件,阶段性办结5件,未办结3件。", "18件,已办结12件,阶段性办结5件,未办结3件"),
        ("发现问题90个,已整改87个,整改率99.7%。", "整改87个,整改率99.7%"),
        ("淘汰1340辆,完成年度任务1600辆的93.8%。", "1340辆,完成年度任务1600辆的93.8%"),
        ("由62平方公里增加到71平方公里,增加11平方公里。", "由62平方公里增加到71平方公里,增加11平方公里"),
        ("优良98天,去年同期为91天,同比减少7天。", "98天,去年同期为91天,同比减少7天"),
        ("夜间53分贝,低于夜间50分贝的限值。", "53分贝,低于夜间50分贝的限值"),
        ("期限为6月20日至6月5日。", "6月20日至6月5日"),
    ],
)  # fmt: skip
def test_what_does_not_come_out_is_told_where_it_stands(text: str, wrong: str) -> None:
    assert [text[start:end] for start, end, _, _ in contradictions(text)] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "共受理48件,其中大气21件、噪声17件、水6件、固废4件,已办结43件,办理中5件。",
        "共检查20家,其中立案8家、罚款8家、停产整治9家。",
        "巡防队员35人,协管员29人,共64人。",
        "发现问题90个,已整改87个,整改率96.7%。",
        "发现问题90个,已整改87个,整改率97%。",
        "淘汰1340辆,完成年度任务1600辆的83.75%。",
        "由62平方公里增加到71平方公里,增加9平方公里。",
        "优良98天,去年同期为91天,同比增加7天。",
        "夜间48分贝,低于夜间50分贝的限值。",
        "期限为6月5日至6月20日,冬季为12月20日至1月5日。",
    ],
)
def test_what_comes_out_passes(text: str) -> None:
    assert not list(contradictions(text))
