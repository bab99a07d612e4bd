"""What each group of features and each sort of text adds, by the folds of the training run.

Knows lessons and figures; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from classify import crossed
from classify import measure
from classify.ceiling import URGENT_AT_80
from classify.ceiling import WEIBO_AT_90
from classify.ceiling import Step
from classify.crossed import Said
from classify.decide import Reading
from classify.decide import Table
from classify.labels import SENTIMENTS
from classify.labels import TYPES
from classify.labels import columns
from classify.learn import READ
from classify.learn import RETOLD
from classify.learn import WRITTEN
from classify.learn import Targets
from classify.learn import head_scores
from classify.learn import learn_at_first
from classify.lessons import Desk


def steps(desk: Desk, dense: int, said: Said, readings: Sequence[Reading]) -> Iterator[Step]:
    """What each group of features, and each sort of text, adds, by the same folds.

    `said` and `readings` are those of all of it. What the model of plain mood says is the same at every step.
    """
    every = said.scores
    yield _step("form and word groups only", desk, _scores(desk, desk.rows[:, :dense], every))
    yield _step("n-grams only", desk, _scores(desk, desk.rows[:, dense:], every))
    for share in (8, 4, 2):
        few = _thinned(desk, share)
        if _tells_all(few):
            name = f"all features, 1 corpus text in {share} and nothing else"
            yield _step(name, desk, _scores(few, desk.rows, every))._replace(share=share)
    alone = _thinned(desk, 1)
    yield _step("all features, the corpus only", desk, _scores(alone, desk.rows, every))._replace(share=1)
    for name, less in (
        ("… what we wrote", _without(desk, READ, RETOLD)),
        ("… what we read", _without(desk, RETOLD)),
    ):
        yield _step(name, desk, _scores(less, desk.rows, every))._replace(gathered=True)
    yield _step("… what we retold", desk, every)._replace(gathered=True)
    told = Step("… a second look: the model as it is", _figures(desk, every, readings), gathered=True)
    yield told
    yield _step("without a second look and netizens' own margin", desk, _silenced(every, "public"))
    yield _step("by the two models of the type alone", desk, _silenced(every, "public", "ratio"))


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


def _tells_all(desk: Desk) -> bool:
    """Whether each fold has of everything that no estimator can do without."""
    return all(_is_enough(desk.known.take(known)) for known, _ in desk.folds)


def _is_enough(known: Targets) -> bool:
    every = (known.type, len(TYPES)), (known.sentiment, len(SENTIMENTS)), (known.urgent, 2)
    return all(len(set(labels.tolist())) == count for labels, count in every)


def _scores(desk: Desk, rows: sparse.csr_matrix, every: Table) -> Table:
    """What models of those rows say at first sight of texts they have not seen; of plain mood as in `every`."""
    scores = every.copy()
    for known, unseen in desk.folds:
        learned = learn_at_first(rows[known], desk.known.take(known), desk.origin[known])
        for head, models in learned.items():
            scores[unseen, columns(head)] = np.hstack([head_scores(model, rows[unseen]) for model in models])
    return scores


def _step(name: str, desk: Desk, scores: Table) -> Step:
    """At first sight; the rules of each fold are fitted on all of the others, however little models learned from."""
    readings, _ = crossed.readings(desk, Said(scores, None))
    return Step(name, _figures(desk, scores, readings))


def _figures(desk: Desk, scores: Table, readings: Sequence[Reading]) -> dict[str, float]:
    examples = desk.examples[: desk.measured]
    said, weibo = measure.outcome(examples, readings), measure.from_weibo(examples)
    pressing = scores[:, columns("urgent")][:, 0]
    return {
        **measure.values(examples, said),
        WEIBO_AT_90: measure.best_precision(said.probability[weibo], said.complaint[weibo], 0.90),
        URGENT_AT_80: measure.best_precision(pressing, said.urgent, 0.80),
    }
