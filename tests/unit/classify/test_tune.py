"""What is fitted on doubtful texts for a second look."""

from __future__ import annotations

import numpy as np
import pytest

from classify.crossed import Said
from classify.crossed import decided
from classify.decide import HEARD
from classify.decide import Table
from classify.decide import at_first
from classify.labels import KINDS
from classify.labels import TYPES
from classify.labels import WIDTH
from classify.learn import Targets
from classify.tune import DOUBTFUL
from classify.tune import Flags
from classify.tune import kinds_from
from classify.tune import second_look
from classify.tune import tune

MARGIN = np.linspace(-4, 3, 800)
FIRST = 1 / (1 + np.exp(-MARGIN))


def heard(truth: Flags) -> Table:
    """Pairs that tell complaints apart where the margin does not."""
    random = np.random.default_rng(3)
    columns = np.column_stack([MARGIN, np.square(MARGIN), *(truth + random.normal(size=(4, len(truth))))])
    assert columns.shape[1] == HEARD
    return columns


@pytest.mark.parametrize("turning", [False, True])
def test_a_higher_margin_is_never_less_probable_and_pairs_are_heard(turning: bool) -> None:
    chance = np.where(FIRST > 0.7, 0.3, FIRST) if turning else FIRST
    truth = np.random.default_rng(2).random(len(FIRST)) < chance
    doubt = second_look(FIRST, heard(truth), truth)
    silent = np.column_stack([MARGIN, np.square(MARGIN), np.zeros((len(MARGIN), 4))])[doubt.asks(FIRST)]
    assert (np.diff(doubt(silent)) >= 0).all()
    assert sum(doubt.weights[2:]) > 0
    assert (doubt.weights[1] == 0) is turning
    assert (doubt.begins, doubt.ends) == DOUBTFUL


@pytest.mark.parametrize("all_are", [False, True])
def test_where_all_doubtful_texts_are_alike_none_is_read_again(all_are: bool) -> None:
    truth = np.full(len(FIRST), all_are)
    assert not second_look(FIRST, heard(truth), truth).asks(FIRST).any()


def test_further_kinds_begin_where_readers_name_them() -> None:
    """Readers who ask the more of a second kind the surer the first is."""
    random = np.random.default_rng(5)
    strongest, second = random.uniform(-0.2, 2, 4000), random.uniform(-1, -0.2, 4000)
    scores = np.column_stack([strongest, second, np.full(4000, -1.5)])
    for rise in (0.0, 0.3):
        named = second >= -0.75 + rise * np.minimum(strongest, 1)
        truth = np.column_stack([np.ones(4000, dtype=bool), named, np.zeros(4000, dtype=bool)])
        assert kinds_from(scores, truth) == pytest.approx((-0.75, rise))


def test_without_a_second_look_nothing_is_read_again() -> None:
    """As every step of the model card's curve is read: the probability is that of the first sight."""
    random = np.random.default_rng(11)
    types = np.arange(600) % len(TYPES)
    known = Targets(
        type=types,
        kinds=random.random((600, len(KINDS))) < 0.3,
        sentiment=np.arange(600) % 3,
        urgent=np.arange(600) % 7 == 0,
        netizen=np.arange(600) % 5 == 0,
    )
    scores = random.normal(size=(600, WIDTH)) + np.eye(len(TYPES), WIDTH)[types]
    rules = tune(scores, None, known, known.netizen)
    assert not rules.doubt.asks(np.linspace(0, 1, 101)[:-1]).any()
    said = np.array([reading.complaint for reading in decided(Said(scores, None), rules)])
    assert said == pytest.approx(at_first(scores, rules), abs=1e-6)
