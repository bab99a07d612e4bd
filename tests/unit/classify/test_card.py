"""What the card says of the curve that led to the ceiling."""

from __future__ import annotations

from classify import card
from classify.card import Step


def step(at_95: float, weibo: float, share: int = 0) -> Step:
    return Step(name="", type_f1=0.7, at_95=at_95, at_98=0.7, weibo_at_90=weibo, share=share)


CURVE = [step(0.80, 0.40, 4), step(0.84, 0.47, 2), step(0.86, 0.57, 1)]


def test_the_pace_is_that_of_the_last_doubling() -> None:
    told = " ".join(card.ceiling([step(0.4, 0.1), *CURVE, step(0.89, 0.62)]).split())
    assert "0.800 → 0.840 → 0.860" in told
    assert "0.400 → 0.470 → 0.570" in told
    assert "would take 3.0 and 2.5 more" in told
    assert "1.5 of such a doubling at recall 0.95 and 0.5 on Weibo" in told


def test_a_curve_that_does_not_rise_is_not_drawn_out() -> None:
    assert "doubling" not in card.ceiling([*CURVE, step(0.85, 0.5, 1)][1:])
    assert "doubling" not in card.ceiling(CURVE[2:])
