"""Ways of putting things: each pattern compiles, quotations of the complaint are not our tone."""

from __future__ import annotations

import pytest

from publisher.phrases import phrases
from publisher.phrases import shipped

KINDS = {"secrecy", "typo", "tone", "robotic", "law_error"}


def test_every_pattern_has_a_known_kind_a_reason_and_matches_something() -> None:
    for phrase in shipped():
        assert phrase.kind in KINDS
        assert phrase.reason
        assert phrase.suggestion
        assert not phrase.pattern.search("")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您自己不关窗,怪谁?", "tone"),
        ("八成是隔壁厂排的。", "tone"),
        ("以下是为您生成的一份回复:", "robotic"),
        ("按照既定口径答复如下", "secrecy"),
        ("我局于XX年XX月到场", "robotic"),
    ],
)
def test_a_phrase_is_found(text: str, kind: str) -> None:
    assert kind in {found for found, *_ in phrases(text)}


def test_the_tone_of_a_quoted_complaint_is_not_ours() -> None:
    assert list(phrases("您反映的“无良商家排污”问题,3月2日已查。")) == []
    assert [kind for kind, *_ in phrases("这是“无良商家”。")] == ["tone"]
