"""Figures and floors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from classify import floors
from classify.corpus import Example
from classify.decide import Reading
from classify.measure import Score
from classify.measure import best_precision
from classify.measure import macro_f1
from classify.measure import measure
from classify.measure import micro_f1
from huanyu.errors import ModelError
from huanyu.types import PostType
from huanyu.types import Sentiment


def example(kind: PostType, source: str = "weibo", urgent: bool = False) -> Example:
    kinds = ("noise.social",) if kind is PostType.COMPLAINT else ()
    return Example(text="某小区", type=kind, kinds=kinds, urgent=urgent, source=source)


def reading(probability: float) -> Reading:
    said = probability >= 0.5
    return Reading(
        type=PostType.COMPLAINT if said else PostType.OTHER,
        types=(),
        complaint=probability,
        is_complaint=said,
        unsure=0.4 <= probability < 0.6,
        kinds=("noise.traffic",) if said else (),
        sentiment=Sentiment.NEUTRAL,
        urgent=False,
    )


def scores(truth: Sequence[PostType], told: Sequence[float], source: str = "weibo") -> dict[str, Score]:
    rows = [example(kind, source) for kind in truth]
    return {score.key: score for score in measure(rows, [reading(value) for value in told])}


def test_figures_follow_from_the_counts() -> None:
    yes, no = PostType.COMPLAINT, PostType.OTHER
    found = scores([yes, yes, yes, yes, no, no], [0.9, 0.8, 0.45, 0.1, 0.7, 0.0])
    assert found["complaint_recall"].value == pytest.approx(2 / 4)
    assert found["complaint_precision"].value == pytest.approx(2 / 3)
    assert found["seen_recall"].value == pytest.approx(3 / 4)
    assert found["unsure_share"].value == pytest.approx(1 / 6)
    assert found["leaf_micro_f1"].value == 0  # social was traffic
    assert found["family_micro_f1"].value == pytest.approx(2 * 2 / (2 + 4))  # both are noise


def test_an_interval_holds_its_figure() -> None:
    found = scores([PostType.COMPLAINT, PostType.OTHER] * 20, [0.9, 0.1, 0.2, 0.8] * 10)
    assert all(score.low <= score.value <= score.high for score in found.values())


def test_a_group_that_is_absent_has_no_line() -> None:
    assert "weibo_recall" not in scores([PostType.COMPLAINT, PostType.OTHER], [0.9, 0.1], source="letter")


def test_precision_at_a_recall_looks_over_all_thresholds() -> None:
    truth = np.array([True, True, False, True])
    assert best_precision(np.array([0.9, 0.8, 0.7, 0.6]), truth, 0.6) == 1.0
    assert best_precision(np.array([0.9, 0.8, 0.7, 0.6]), truth, 1.0) == 0.75


def test_f1_by_hand() -> None:
    assert macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 3) == pytest.approx(2 / 3)
    assert micro_f1(np.array([[True, False]]), np.array([[True, True]])) == pytest.approx(2 / 3)


def made(value: float, key: str = "complaint_recall", more_is_better: bool = True) -> Score:
    return Score(
        key=key,
        label="指标",
        value=value,
        low=0,
        high=1,
        error=0.01,
        texts=100,
        more_is_better=more_is_better,
    )


def test_a_floor_lies_one_standard_error_below(tmp_path: Path) -> None:
    new = floors.update(tmp_path / "floors.json", "quality", [made(0.9)], "abc")
    assert new.floors == {"complaint_recall": 0.89}
    assert floors.read(tmp_path / "floors.json").topics["quality"] == new


def test_a_figure_below_its_floor_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    floors.update(path, "quality", [made(0.9)], "abc")
    before = path.read_bytes()
    with pytest.raises(ModelError, match=r"0\.850"):
        floors.update(path, "quality", [made(0.85)], "abc")
    assert path.read_bytes() == before
    assert floors.update(path, "quality", [made(0.85)], "abc", allow_regression=True).floors == {
        "complaint_recall": 0.84
    }


def test_a_floor_within_the_noise_is_kept_and_a_better_one_raised(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    floors.update(path, "quality", [made(0.9)], "abc")
    assert floors.update(path, "quality", [made(0.895)], "abc").floors == {"complaint_recall": 0.89}
    assert floors.update(path, "quality", [made(0.95)], "abc").floors == {"complaint_recall": 0.94}


def test_errors_have_ceilings(tmp_path: Path) -> None:
    ceiling = made(0.02, "calibration_error", more_is_better=False)
    known = floors.update(tmp_path / "floors.json", "quality", [ceiling], "abc")
    assert known.floors == {"calibration_error": 0.03}
    assert floors.misses([made(0.04, "calibration_error", more_is_better=False)], known)
    assert not floors.misses([made(0.01, "calibration_error", more_is_better=False)], known)


def test_topics_do_not_touch_each_other(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    floors.update(path, "cv", [made(0.8)], "one")
    floors.update(path, "quality", [made(0.9)], "two")
    assert set(floors.read(path).topics) == {"cv", "quality"}
