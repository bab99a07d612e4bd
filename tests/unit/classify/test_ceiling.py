"""What the card says of the curve that led to each goal that is missed."""

from __future__ import annotations

import pytest

from classify import ceiling
from classify.ceiling import GOALS
from classify.ceiling import Step

PAIRED = ("complaint_recall", "weibo_recall", "weibo_precision", "urgent_recall", "urgent_precision")
REACHED = {goal.key: goal.value for goal in GOALS} | dict.fromkeys(PAIRED, 0.9)
TYPE = "type_macro_f1"


def step(value: float, share: int = 0, gathered: bool = False) -> Step:
    """All goals reached but that of the type."""
    return Step("… more" if gathered else "less", REACHED | {TYPE: value}, share, gathered)


CURVE = [step(0.60, 4), step(0.70, 2), step(0.75, 1)]
GATHERED = [step(0.77, gathered=True), step(0.79, gathered=True)]
TIMES = 4.0  #: all texts beside those of the corpus: two doublings


def test_the_doublings_are_those_from_the_model_as_it_is_at_the_pace_of_the_last() -> None:
    (way,) = ceiling.ways([step(0.2), *CURVE, *GATHERED, step(0.78)], TIMES)
    assert way.goal.key == TYPE
    assert (way.curve, way.gathered) == ((0.60, 0.70, 0.75), (0.77, 0.79))
    assert way.missing / way.gain == pytest.approx(1.0)
    assert "0.600 → 0.700 → 0.750 | 0.770 → 0.790 | 0.84 | 0.93 | 1.0 | 5.0 |" in way.line()


def test_every_goal_that_is_missed_has_its_line_and_none_that_is_reached() -> None:
    low = {goal.key: goal.value - 0.01 for goal in GOALS}
    told = ceiling.ceiling(
        [*CURVE, step(0.77, gathered=True), Step("… all", REACHED | low, gathered=True)], TIMES
    )
    assert all(f"| {goal.name} |" in told for goal in GOALS)
    assert "1 text in 4, 2, 1 | more → all |" in told
    told = ceiling.ceiling([*CURVE, *GATHERED], TIMES)
    assert [goal.key for goal in GOALS if f"| {goal.name} |" in told] == [TYPE]


def test_what_misses_its_goal_by_less_than_the_table_shows_has_reached_it() -> None:
    assert not ceiling.ways([*CURVE, GATHERED[0], step(0.8396, gathered=True)], TIMES)


def test_a_curve_that_does_not_rise_is_not_drawn_out() -> None:
    (way,) = ceiling.ways([*CURVE[:2], step(0.70, 1), *GATHERED], TIMES)
    assert way.line().endswith("| no gain | 1.4 |")
    assert not ceiling.ways([*CURVE[2:], *GATHERED], TIMES)
    (way,) = ceiling.ways([*CURVE, step(0.74, gathered=True), GATHERED[1]], TIMES)
    assert way.line().endswith("| 1.0 | no gain |")
    assert "doubling" not in ceiling.ceiling([*CURVE[2:], *GATHERED], TIMES)


def test_every_step_has_its_row() -> None:
    rows = ceiling.table([*CURVE, *GATHERED]).splitlines()
    assert len({row.count("|") for row in rows}) == 1
    assert [row.split(" | ")[6] for row in rows[2:]] == ["0.600", "0.700", "0.750", "0.770", "0.790"]
