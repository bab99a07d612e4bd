"""The scikit-learn estimators of every head, and their compilation to arrays.

Knows rows and labels; reads no file and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from classify.corpus import Example
from classify.features import Floats
from classify.labels import HEADS
from classify.labels import KINDS
from classify.labels import SENTIMENTS
from classify.labels import TYPES
from classify.labels import WIDTH
from classify.labels import WITH_KINDS
from huanyu.types import PostType

SEED = 20260101
NEVER = -9.0  #: score of a kind without two examples
CORPUS, WRITTEN, READ, RETOLD = 0, 1, 2, 3  #: where a text to learn from comes from
#: What a text of each origin weighs: those read were chosen by doubt and are no sample of what comes in.
TYPE_WEIGHTS = (1.0, 2.0, 0.5, 0.4)
FEELING_WEIGHTS = (1.0, 1.0, 0.5, 0.5)
URGENT_WEIGHTS = (1.0, 1.0, 0.0, 0.5)
KIND_ASIDE = 0.5  #: what a text that is no complaint weighs when kinds are learnt, beside one that is
#: Sources of texts in the voice of netizens: fewer than letters, and the harder ones.
NETIZENS = frozenset({"weibo", "forum", "written"})
LOUD, HEARD = 4.0, 2.0  #: what such a text weighs in the ratio and in the vote, beside one of a letter
SMOOTH = 1.0  #: texts added to each side of a ratio, so that none is 0
FELT, PRESSING = 3.0, 4.3  #: a margin of support vectors counts as so much log-odds of feeling, of urgency
RATIOS = (0.1, 3.0)  #: nothing is wholly silenced, nothing rare shouts
Ints = NDArray[np.int64]


class Linear(Protocol):
    """What we use of a fitted linear estimator."""

    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]

    def decision_function(self, rows: sparse.csr_matrix) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels as arrays."""

    type: Ints
    kinds: NDArray[np.bool_]  #: texts × kinds
    sentiment: Ints
    urgent: NDArray[np.bool_]
    netizen: NDArray[np.bool_]  #: told as netizens tell it

    def take(self, at: Ints) -> Targets:
        return Targets(self.type[at], self.kinds[at], self.sentiment[at], self.urgent[at], self.netizen[at])


@dataclass(frozen=True, slots=True)
class Learned:
    """One fitted estimator per head, or per kind; None where there was nothing to learn from."""

    heads: dict[str, tuple[Linear | None, ...]]
    #: Of complaints by pairs of words: in every voice, as netizens tell them.
    pairs: tuple[Linear | None, ...]

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """Raw scores, texts × heads, by scikit-learn itself."""
        return np.hstack(
            [head_scores(model, rows) for head in HEADS for model in self.heads[head]], dtype=np.float64
        )

    def heard(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """What pairs of words say, and how little was heard, texts × 3."""
        little = 1 / np.sqrt(np.maximum(np.diff(rows.indptr), 1))
        return np.column_stack([*(head_scores(model, rows) for model in self.pairs), little])

    def arrays(self, width: int) -> tuple[NDArray[np.float16], Floats]:
        """Weights (features × heads, half precision) and biases."""
        weights, bias = _arrays([model for head in HEADS for model in self.heads[head]], width)
        assert weights.shape == (width, WIDTH)
        return weights, bias

    def pair_arrays(self, width: int) -> tuple[NDArray[np.float16], Floats]:
        """The same of what hears pairs of words."""
        return _arrays(self.pairs, width)

    def rounded(self) -> Learned:
        """Round the estimators to what the compiled form can hold: from here on both are one model."""
        every = [model for models in (*self.heads.values(), self.pairs) for model in models]
        for model in (model for model in every if model is not None):
            model.coef_ = model.coef_.astype(np.float16).astype(np.float64)
            model.intercept_ = model.intercept_.astype(np.float32).astype(np.float64)
        return self


def targets(examples: Sequence[Example]) -> Targets:
    """Labels of the examples in the order of the model's columns."""
    return Targets(
        type=np.array([TYPES.index(example.type) for example in examples]),
        kinds=np.array([[kind in example.kinds for kind in KINDS] for example in examples], dtype=bool),
        sentiment=np.array([SENTIMENTS.index(example.sentiment) for example in examples]),
        urgent=np.array([example.urgent for example in examples], dtype=bool),
        netizen=np.array([example.source in NETIZENS for example in examples], dtype=bool),
    )


def learn(
    rows: sparse.csr_matrix, words: sparse.csr_matrix, known: Targets, mood: Linear, origin: Ints
) -> Learned:
    """Fit every head on labelled rows, those of pairs on `words`; `mood` was fitted elsewhere on emotion data."""
    return Learned(
        {**learn_at_first(rows, known, origin), "mood": (mood,)}, learn_pairs(words, known, origin)
    )


def learn_at_first(
    rows: sparse.csr_matrix, known: Targets, origin: Ints
) -> dict[str, tuple[Linear | None, ...]]:
    """All heads of a first sight but that of the plain mood.

    Texts we read teach nothing about urgency, which lost precision by them, and kinds of complaints only.
    """
    ours = np.flatnonzero(origin != READ)
    return {
        **learn_complaints(rows, known, origin),
        "kinds": _kinds(rows, known, origin),
        "desk": (_feeling(rows, known.sentiment, origin),),
        "urgent": (_urgent(rows[ours], known.urgent[ours], origin[ours]),),
    }


def learn_complaints(
    rows: sparse.csr_matrix, known: Targets, origin: Ints
) -> dict[str, tuple[Linear | None, ...]]:
    """The heads that tell of the type, and of complaints above all.

    Two models of the type that err differently (all types against each other, and each against the rest); one of
    complaints in every voice, one of complaints as netizens tell them, and how far a text is told as they do.
    """
    weights = np.array(TYPE_WEIGHTS)[origin]
    logistic = _logistic(10).fit(rows, known.type, sample_weight=weights)
    vectors = LinearSVC(C=0.3, class_weight="balanced", random_state=SEED)
    heard = weights * np.where(known.netizen, HEARD, 1.0)
    public = _complaints(rows, known, weights * known.netizen)
    return {
        "type": (logistic,),
        "vote": (vectors.fit(rows, known.type, sample_weight=heard),),
        "ratio": (_complaints(rows, known, weights * np.where(known.netizen, LOUD, 1.0)),),
        "netizen": (None if public is None else _netizen(rows, known, origin),),
        "public": (public,),
    }


def learn_pairs(
    words: sparse.csr_matrix, known: Targets, origin: Ints
) -> tuple[Linear | None, Linear | None]:
    """Complaints by pairs of words: in every voice, and as netizens tell them."""
    weights = np.array(TYPE_WEIGHTS)[origin]
    every, public = weights * np.where(known.netizen, LOUD, 1.0), weights * known.netizen
    return _complaints(words, known, every), _complaints(words, known, public)


def learn_mood(rows: sparse.csr_matrix, emotion: Ints) -> Linear:
    """Fit which of the six emotions a text shows."""
    fitted: Linear = _logistic(2, balanced=False).fit(rows, emotion)
    return fitted


def _logistic(strength: float, balanced: bool = True) -> LogisticRegression:
    return LogisticRegression(
        C=strength, class_weight="balanced" if balanced else None, max_iter=300, tol=1e-3
    )


def _complaints(rows: sparse.csr_matrix, known: Targets, weights: NDArray[np.float64]) -> Linear | None:
    """Complaint or not, by the texts that weigh anything."""
    heard = np.flatnonzero(weights)
    is_complaint = known.type[heard] == TYPES.index(PostType.COMPLAINT)
    return _by_ratio(rows[heard], is_complaint, weights[heard], balanced=True)


def _netizen(rows: sparse.csr_matrix, known: Targets, origin: Ints) -> Linear | None:
    """Told as netizens do, or as those who write to an authority; only texts as they came in teach that."""
    real = np.flatnonzero(origin == CORPUS)
    if len(set(known.netizen[real].tolist())) < 2:
        return None
    fitted: Linear = _logistic(1, balanced=False).fit(rows[real], known.netizen[real])
    return fitted


def _feeling(rows: sparse.csr_matrix, feeling: Ints, origin: Ints) -> Linear:
    """All feelings against each other, and each against the rest."""
    weights = np.array(FEELING_WEIGHTS)[origin]
    fitted: Linear = _logistic(10).fit(rows, feeling, sample_weight=weights)
    each = [_by_ratio(rows, feeling == one, weights, 0.3, balanced=True) for one in np.unique(feeling)]
    return _added(fitted, each, FELT)


def _urgent(rows: sparse.csr_matrix, urgent: NDArray[np.bool_], origin: Ints) -> Linear:
    weights = np.array(URGENT_WEIGHTS)[origin]
    fitted: Linear = _logistic(3, balanced=False).fit(rows, urgent, sample_weight=weights)
    return _added(fitted, [_by_ratio(rows, urgent, weights, balanced=False)], PRESSING)


def _added(fitted: Linear, others: Sequence[Linear | None], share: float) -> Linear:
    """One estimator that scores as `fitted` and, for each of its columns, the other one together: both are linear."""
    for column, other in enumerate(others):
        if other is not None:
            fitted.coef_[column] += share * other.coef_[0]
            fitted.intercept_[column] += share * other.intercept_[0]
    return fitted


def _kinds(rows: sparse.csr_matrix, known: Targets, origin: Ints) -> tuple[Linear | None, ...]:
    is_complaint = known.type == TYPES.index(PostType.COMPLAINT)
    with_kinds = np.isin(known.type, [at for at, kind in enumerate(TYPES) if kind in WITH_KINDS])
    at = np.flatnonzero(is_complaint | with_kinds & (origin != READ))
    weights = np.where(is_complaint[at], 1.0, KIND_ASIDE)
    return tuple(_by_ratio(rows[at], named, weights, balanced=False) for named in known.kinds[at].T)


def _by_ratio(
    rows: sparse.csr_matrix,
    true: NDArray[np.bool_],
    weights: NDArray[np.float64],
    strength: float = 0.5,
    *,
    balanced: bool,
) -> Linear | None:
    """Support vectors; each feature weighed by how unevenly the two sides share it (Wang & Manning 2012, NBSVM)."""
    if min(true.sum(), (~true).sum()) < 2:
        return None
    shown = rows.sign()
    inside, outside = (SMOOTH + np.asarray(shown[side].sum(axis=0)).ravel() for side in (true, ~true))
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    scale = np.clip(np.abs(ratio), *RATIOS)
    vectors = LinearSVC(C=strength, class_weight="balanced" if balanced else None, random_state=SEED)
    fitted: Linear = vectors.fit(rows @ sparse.diags(scale), true, sample_weight=weights)
    fitted.coef_ = fitted.coef_ * scale
    return fitted


def _arrays(models: Sequence[Linear | None], width: int) -> tuple[NDArray[np.float16], Floats]:
    weights = np.hstack([np.zeros((width, 1)) if model is None else model.coef_.T for model in models])
    bias = np.hstack([np.array([NEVER]) if model is None else model.intercept_ for model in models])
    return weights.astype(np.float16), bias.astype(np.float32)


def head_scores(model: Linear | None, rows: sparse.csr_matrix) -> NDArray[np.float64]:
    """Raw scores of one estimator, texts × its columns."""
    if model is None:
        return np.full((rows.shape[0], 1), NEVER)
    scores = model.decision_function(rows)
    return scores if scores.ndim == 2 else scores[:, None]
