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
from classify.decide import Table
from classify.decide import complaint_margin
from classify.labels import TYPES
from classify.labels import WIDTH
from classify.labels import columns
from classify.learn import READ
from classify.learn import RETOLD
from classify.learn import WRITTEN
from classify.learn import head_scores
from classify.learn import learn_complaints
from classify.lessons import Desk
from huanyu.types import PostType


def steps(desk: Desk, dense: int, scores: Table) -> Iterator[card.Step]:
    """What each group of features, and each sort of text, adds, by the same folds; `scores` are those of all of it."""
    yield _step("form and word groups only", desk, _scores(desk, desk.rows[:, :dense]))
    yield _step("n-grams only", desk, _scores(desk, desk.rows[:, dense:]))
    for share in (8, 4, 2):
        few = _thinned(desk, share)
        if _tells_all_types(few):
            name = f"all features, 1 corpus text in {share} and nothing else"
            yield _step(name, few, _scores(few, desk.rows), share)
    alone = _thinned(desk, 1)
    yield _step("all features, the corpus only", alone, _scores(alone, desk.rows), 1)
    for name, less in (
        ("… and what we wrote", _without(desk, READ, RETOLD)),
        ("… and what we read", _without(desk, RETOLD)),
    ):
        yield _step(name, less, _scores(less, desk.rows))
    yield _step("… and what we retold: all", desk, scores)
    yield _step(
        "all, without the margin of complaints as netizens tell them", desk, _silenced(scores, "public")
    )
    yield _step("all, by the two models of the type alone", desk, _silenced(scores, "public", "ratio"))


def _silenced(scores: Table, *heads: str) -> Table:
    left = scores.copy()
    for head in heads:
        left[:, columns(head)] = 0
    return left


def _without(desk: Desk, *origins: int) -> Desk:
    """The same folds with less to learn from."""
    kept = [(known[~np.isin(desk.origin[known], origins)], unseen) for known, unseen in desk.folds]
    return replace(desk, folds=kept)


def _thinned(desk: Desk, share: int) -> Desk:
    """The corpus alone, and only one text in `share` of it: the points of a learning curve."""
    folded = _without(desk, WRITTEN, READ, RETOLD).folds
    return replace(desk, folds=[(known[::share], unseen) for known, unseen in folded])


def _tells_all_types(desk: Desk) -> bool:
    return all(len(set(desk.known.type[known].tolist())) == len(TYPES) for known, _ in desk.folds)


def _scores(desk: Desk, rows: sparse.csr_matrix) -> Table:
    scores = np.zeros((desk.measured, WIDTH))
    for known, unseen in desk.folds:
        learned = learn_complaints(rows[known], desk.known.take(known), desk.origin[known])
        for head, (model,) in learned.items():
            scores[unseen, columns(head)] = head_scores(model, rows[unseen])
    return scores


def _step(name: str, desk: Desk, scores: Table, share: int = 0) -> card.Step:
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
        share=share,
    )
