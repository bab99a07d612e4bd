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
KIND_WEIGHTS = (1.0, 1.0, 0.0, 1.0)
SMOOTH = 1.0  #: texts added to each side of a ratio, so that none is 0
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

    def take(self, at: Ints) -> Targets:
        return Targets(self.type[at], self.kinds[at], self.sentiment[at], self.urgent[at])


@dataclass(frozen=True, slots=True)
class Learned:
    """One fitted estimator per head, or per kind; None where there was nothing to learn from."""

    heads: dict[str, tuple[Linear | None, ...]]

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """Raw scores, texts × heads, by scikit-learn itself."""
        return np.hstack(
            [_scores(model, rows) for head in HEADS for model in self.heads[head]], dtype=np.float64
        )

    def arrays(self, width: int) -> tuple[NDArray[np.float16], Floats]:
        """Weights (features × heads, half precision) and biases."""
        models = [model for head in HEADS for model in self.heads[head]]
        weights = np.hstack([np.zeros((width, 1)) if model is None else model.coef_.T for model in models])
        bias = np.hstack([np.array([NEVER]) if model is None else model.intercept_ for model in models])
        assert weights.shape == (width, WIDTH)
        return weights.astype(np.float16), bias.astype(np.float32)

    def rounded(self) -> Learned:
        """Round the estimators to what the compiled form can hold: from here on both are one model."""
        for model in (model for models in self.heads.values() for model in models if model is not None):
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
    )


def learn(rows: sparse.csr_matrix, known: Targets, mood: Linear, origin: Ints) -> Learned:
    """Fit every head on labelled rows; `mood` was fitted elsewhere on emotion data.

    Texts we read teach type and feeling only: kinds gained nothing by them, urgency lost precision.
    """
    ours = np.flatnonzero(origin != READ)
    with_kinds = ours[np.isin(known.type[ours], [at for at, kind in enumerate(TYPES) if kind in WITH_KINDS])]
    kind_rows, kind_weights = rows[with_kinds], np.array(KIND_WEIGHTS)[origin[with_kinds]]
    type_model, vote_model = learn_types(rows, known.type, origin)
    feeling_weights = np.array(FEELING_WEIGHTS)[origin]
    return Learned(
        {
            "type": (type_model,),
            "vote": (vote_model,),
            "kinds": tuple(_kind(kind_rows, column, kind_weights) for column in known.kinds[with_kinds].T),
            "desk": (_logistic(10).fit(rows, known.sentiment, sample_weight=feeling_weights),),
            "mood": (mood,),
            "urgent": (_urgent(rows[ours], known.urgent[ours], origin[ours]),),
            "ratio": (learn_ratio(rows, known.type, origin),),
        }
    )


def learn_types(rows: sparse.csr_matrix, known: Ints, origin: Ints) -> tuple[Linear, Linear]:
    """Two models of the type that err differently: all types against each other, and each against the rest."""
    weights = np.array(TYPE_WEIGHTS)[origin]
    logistic: Linear = _logistic(10).fit(rows, known, sample_weight=weights)
    vectors = LinearSVC(C=0.3, class_weight="balanced", random_state=SEED)
    return logistic, vectors.fit(rows, known, sample_weight=weights)


def learn_ratio(rows: sparse.csr_matrix, known: Ints, origin: Ints) -> Linear:
    """Complaint or not, each feature weighed by how unevenly the two share it (Wang & Manning 2012, NBSVM)."""
    weights, is_complaint = np.array(TYPE_WEIGHTS)[origin], known == TYPES.index(PostType.COMPLAINT)
    shown = rows.sign()
    inside, outside = (
        SMOOTH + np.asarray(shown[side].sum(axis=0)).ravel() for side in (is_complaint, ~is_complaint)
    )
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    scale = np.clip(np.abs(ratio), *RATIOS)
    fitted: Linear = _logistic(1).fit(rows @ sparse.diags(scale), is_complaint, sample_weight=weights)
    fitted.coef_ = fitted.coef_ * scale
    return fitted


def learn_mood(rows: sparse.csr_matrix, emotion: Ints) -> Linear:
    """Fit which of the six emotions a text shows."""
    fitted: Linear = _logistic(2, balanced=False).fit(rows, emotion)
    return fitted


def _logistic(strength: float, balanced: bool = True) -> LogisticRegression:
    return LogisticRegression(
        C=strength, class_weight="balanced" if balanced else None, max_iter=300, tol=1e-3
    )


def _urgent(rows: sparse.csr_matrix, urgent: NDArray[np.bool_], origin: Ints) -> Linear:
    fitted: Linear = _logistic(3, balanced=False).fit(
        rows, urgent, sample_weight=np.array(URGENT_WEIGHTS)[origin]
    )
    return fitted


def _kind(rows: sparse.csr_matrix, named: NDArray[np.bool_], weights: NDArray[np.float64]) -> Linear | None:
    if min(named.sum(), (~named).sum()) < 2:
        return None
    fitted: Linear = LinearSVC(C=1, random_state=SEED).fit(rows, named, sample_weight=weights)
    return fitted


def _scores(model: Linear | None, rows: sparse.csr_matrix) -> NDArray[np.float64]:
    if model is None:
        return np.full((rows.shape[0], 1), NEVER)
    scores = model.decision_function(rows)
    return scores if scores.ndim == 2 else scores[:, None]
