"""What each group of features and each sort of text adds, by the folds of the training run.

Knows lessons and figures; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import sparse

from classify import card
from classify import measure
from classify.decide import VOTE
from classify.decide import complaint_margin
from classify.labels import TYPES
from classify.labels import WIDTH
from classify.labels import columns
from classify.learn import READ
from classify.learn import RETOLD
from classify.learn import WRITTEN
from classify.learn import learn_ratio
from classify.learn import learn_types
from classify.lessons import Desk
from huanyu.types import PostType


def steps(desk: Desk, dense: int) -> Iterator[card.Step]:
    """What each group of features, and each sort of text, adds, by the same folds."""
    yield _step("form and word groups only", desk, desk.rows[:, :dense])
    yield _step("n-grams only", desk, desk.rows[:, dense:])
    for share in (4, 2):
        yield _step(
            f"all features, 1 corpus text in {share} and nothing else", _thinned(desk, share), desk.rows
        )
    yield _step("all features, the corpus only", _thinned(desk, 1), desk.rows)
    yield _step("… and what we wrote", _without(desk, READ, RETOLD), desk.rows)
    yield _step("… and what we read", _without(desk, RETOLD), desk.rows)
    yield _step("… and what we retold: all", desk, desk.rows)


def _without(desk: Desk, *origins: int) -> Desk:
    """The same folds with less to learn from."""
    kept = [(known[~np.isin(desk.origin[known], origins)], unseen) for known, unseen in desk.folds]
    return replace(desk, folds=kept)


def _thinned(desk: Desk, share: int) -> Desk:
    """The corpus alone, and only one text in `share` of it: the points of a learning curve."""
    folded = _without(desk, WRITTEN, READ, RETOLD).folds
    return replace(desk, folds=[(known[::share], unseen) for known, unseen in folded])


def _step(name: str, desk: Desk, rows: sparse.csr_matrix) -> card.Step:
    scores = np.zeros((desk.measured, WIDTH))
    for known, unseen in desk.folds:
        given = (rows[known], desk.known.type[known], desk.origin[known])
        type_model, vote_model = learn_types(*given)
        scores[unseen, columns("type")] = type_model.decision_function(rows[unseen])
        scores[unseen, columns("vote")] = vote_model.decision_function(rows[unseen])
        scores[unseen, columns("ratio")] = learn_ratio(*given).decision_function(rows[unseen])[:, None]
    truth, margin = desk.known.type[: desk.measured], complaint_margin(scores)
    together = scores[:, columns("type")] + VOTE * scores[:, columns("vote")]
    is_complaint = truth == TYPES.index(PostType.COMPLAINT)
    weibo = np.array([example.source == "weibo" for example in desk.examples[: desk.measured]], dtype=bool)
    return card.Step(
        name=name,
        type_f1=measure.macro_f1(truth, together.argmax(axis=1), len(TYPES)),
        at_95=measure.best_precision(margin, is_complaint, 0.95),
        at_98=measure.best_precision(margin, is_complaint, 0.98),
        weibo_at_90=measure.best_precision(margin[weibo], is_complaint[weibo], 0.90),
    )
