"""Scores to decisions."""

from __future__ import annotations

import numpy as np
import pytest

from classify.decide import Doubt
from classify.decide import Point
from classify.decide import Reading
from classify.decide import Rules
from classify.decide import Scale
from classify.decide import Table
from classify.decide import at_first
from classify.decide import decide
from classify.decide import read_again
from classify.labels import EMOTIONS
from classify.labels import KINDS
from classify.labels import TYPES
from classify.labels import WIDTH
from classify.labels import Emotion
from classify.labels import columns
from huanyu.types import PostType
from huanyu.types import Sentiment

RULES = Rules(
    complaint=Scale(slope=1, offset=0),
    doubt=Doubt(begins=0.2, ends=0.8, weights=(1.0, 0.0, 2.0, 0.0, 0.0, 0.0), offset=0.0),
    any_voice=Point(complaint=0.3, unsure_from=0.2, unsure_to=0.6),
    addressed=Point(complaint=0.9, unsure_from=0.8, unsure_to=0.95),
    public=Point(complaint=0.1, unsure_from=0.05, unsure_to=0.2),
    kinds_at=0.0,
    kind=Scale(slope=5, offset=3),  # 0.5 at -0.6
    urgent=Scale(slope=1, offset=0),
    urgent_at=0.5,
    feeling=tuple(tuple(float(row == column) for column in range(15)) for row in range(3)),
    feeling_bias=(0.0, 0.0, 0.0),
)


def at_sight(scores: Table, rules: Rules, addressed: list[bool | None]) -> list[Reading]:
    """At first sight."""
    return decide(scores, at_first(scores, rules), rules, addressed)


def row(kind: PostType, force: float, named: dict[str, float] | None = None, urgent: float = -1.0) -> Table:
    scores = np.full((1, WIDTH), -1.0)
    scores[0, columns("type")] = 0
    scores[0, columns("vote")] = 0
    scores[0, columns("ratio")] = 0
    scores[0, columns("public")] = 0
    scores[0, columns("type").start + TYPES.index(kind)] = force
    for name, score in (named or {}).items():
        scores[0, columns("kinds").start + KINDS.index(name)] = score
    scores[0, columns("urgent")] = urgent
    return scores


def test_type_is_complaint_exactly_where_the_operating_point_says_so() -> None:
    for force in np.linspace(-6, 6, 49):
        reading = at_sight(row(PostType.COMPLAINT, float(force)), RULES, [None])[0]
        assert (reading.type is PostType.COMPLAINT) == reading.is_complaint == (reading.complaint >= 0.3)


def test_a_text_below_the_point_gets_its_best_other_type() -> None:
    reading = at_sight(row(PostType.PUBLICITY, 8), RULES, [None])[0]
    assert reading.type is PostType.PUBLICITY
    assert not reading.is_complaint


@pytest.mark.parametrize(("addressed", "said"), [(None, True), (True, False), (False, True)])
def test_each_voice_has_its_own_point(addressed: bool | None, said: bool) -> None:
    scores = row(PostType.COMPLAINT, 3.3)  # probability 0.52
    assert at_sight(scores, RULES, [addressed])[0].is_complaint is said


def test_the_netizens_margin_counts_as_far_as_a_text_is_told_as_they_do() -> None:
    told = {}
    for netizen in (-9.0, 0.0, 9.0):
        scores = row(PostType.OTHER, 3)
        scores[0, columns("public")] = 1
        scores[0, columns("netizen")] = netizen
        told[netizen] = at_sight(scores, RULES, [None])[0].complaint
    without = at_sight(row(PostType.OTHER, 3), RULES, [None])[0].complaint
    assert told[-9.0] == pytest.approx(without, abs=1e-3)
    assert without < 0.1 < told[0.0] < told[9.0]


def test_the_doubtful_band_is_marked_on_both_sides_of_the_point() -> None:
    read = [at_sight(row(PostType.COMPLAINT, force), RULES, [None])[0] for force in (-5.0, 2.1, 2.9, 8.0)]
    assert [reading.is_complaint for reading in read] == [False, False, True, True]
    assert [reading.unsure for reading in read] == [False, True, True, False]


def test_kinds_come_strongest_first_and_at_least_one() -> None:
    strong = at_sight(row(PostType.COMPLAINT, 8, {"air.odour": 0.5, "water.sewage": 0.9}), RULES, [None])[0]
    weak = at_sight(row(PostType.COMPLAINT, 8, {"noise.social": -0.5}), RULES, [None])[0]
    assert strong.kinds == ("water.sewage", "air.odour")
    assert weak.kinds == ("noise.social",)


def test_a_kind_more_probably_wrong_than_right_is_left_to_a_person() -> None:
    for force in (-0.7, -0.5):
        reading = at_sight(row(PostType.COMPLAINT, 8, {"noise.social": force}), RULES, [None])[0]
        assert reading.kinds == (("other",) if force < -0.6 else ("noise.social",))


@pytest.mark.parametrize(
    ("strongest", "second", "named"),
    [
        (0.0, -0.3, True),
        (0.5, -0.3, False),
        (0.5, -0.1, True),
        (1.0, 0.1, True),
        (9.0, 0.1, True),
        (9.0, -0.1, False),
    ],
)
def test_the_surer_the_strongest_kind_the_more_a_further_one_takes(
    strongest: float, second: float, named: bool
) -> None:
    rules = RULES.model_copy(update={"kinds_at": -0.4, "kinds_rise": 0.4})
    told = row(PostType.COMPLAINT, 8, {"water.sewage": strongest, "air.odour": second})
    further = ("air.odour",) if named else ()
    assert at_sight(told, rules, [None])[0].kinds == ("water.sewage", *further)


@pytest.mark.parametrize("kind", [PostType.OTHER, PostType.OTHER_REQUEST])
def test_what_is_not_environmental_has_no_kinds(kind: PostType) -> None:
    assert at_sight(row(kind, 8, {"noise.social": 2}), RULES, [None])[0].kinds == ()


def test_publicity_is_never_urgent() -> None:
    assert at_sight(row(PostType.COMPLAINT, 8, urgent=3), RULES, [None])[0].urgent
    assert not at_sight(row(PostType.PUBLICITY, 8, urgent=3), RULES, [None])[0].urgent


def test_the_mood_counts_where_the_text_is_not_about_the_environment() -> None:
    scores = row(PostType.OTHER, 12)
    scores[0, columns("desk")] = (9, 0, 0)
    scores[0, columns("mood")] = [9 * (one is Emotion.HAPPY) for one in EMOTIONS]
    assert at_sight(scores, RULES, [None])[0].sentiment is Sentiment.POSITIVE
    scores = row(PostType.COMPLAINT, 12)
    scores[0, columns("desk")] = (9, 0, 0)
    scores[0, columns("mood")] = [9 * (one is Emotion.HAPPY) for one in EMOTIONS]
    assert at_sight(scores, RULES, [None])[0].sentiment is Sentiment.NEGATIVE


def test_no_texts_no_readings() -> None:
    assert at_sight(np.zeros((0, WIDTH)), RULES, []) == []


def test_the_emotion_shown_goes_with_the_sentiment() -> None:
    scores = row(PostType.COMPLAINT, 12)
    scores[0, columns("desk")] = (9, 0, 0)
    scores[0, columns("mood")] = [{Emotion.HAPPY: 9, Emotion.FEAR: 3}.get(one, 0) for one in EMOTIONS]
    assert at_sight(scores, RULES, [None])[0].emotion is Emotion.FEAR


@pytest.mark.parametrize("bend", [-0.01, 0.0, 0.01])
def test_a_higher_score_is_never_less_probable(bend: float) -> None:
    found = Scale(slope=0.3, offset=0.6, bend=bend)(np.linspace(-60, 60, 241))
    assert (np.diff(found) >= 0).all()
    assert found[0] < 0.2
    assert found[-1] > 0.9


def test_only_doubtful_texts_are_read_again_and_none_leaves_the_band() -> None:
    first = np.array([0.1, 0.2, 0.5, 0.5, 0.79, 0.8])
    heard = np.array([[9.0, 0], [0, 0], [0, 0.5], [9.0, 9.0], [-9.0, 0], [-9.0, 0]])
    heard = np.insert(heard, [1, 2, 2, 2], 0, axis=1)
    found = read_again(first, heard, RULES.doubt)
    assert found.tolist() == pytest.approx([0.1, 0.5, 1 / (1 + np.exp(-1)), 0.8, 0.2, 0.8])
