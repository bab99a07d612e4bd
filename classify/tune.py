"""Cross-validated scores to rules: calibration, operating points, the doubtful band."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classify.decide import Point
from classify.decide import Rules
from classify.decide import Scale
from classify.decide import Table
from classify.decide import complaint_margin
from classify.decide import feeling_inputs
from classify.labels import TYPES
from classify.labels import columns
from classify.learn import Targets
from huanyu.types import PostType

RECALL = 0.967  #: of complaints: a missed one is the costliest error; the goal 0.95 and three standard errors
PRECISION = 0.65  #: where complaints are rare, recall ends here: below it every third case would be none
URGENT_RECALL = 0.80
SURE = 0.57  #: calibrated probability from which nobody needs to look
SEEN = 0.988  #: recall including the doubtful band

Flags = NDArray[np.bool_]


def tune(scores: Table, known: Targets, addressed: Flags) -> Rules:
    """Fit all rules on scores of texts the scoring models had not seen."""
    is_complaint = known.type == TYPES.index(PostType.COMPLAINT)
    margin = complaint_margin(scores)
    scale = _bent_scale(margin, is_complaint)
    complaint = scale(margin)
    kinds, named = scores[is_complaint, columns("kinds")], known.kinds[is_complaint]
    urgent = _scale(scores[:, columns("urgent")], known.urgent)
    feeling = LogisticRegression(max_iter=1000).fit(feeling_inputs(scores), known.sentiment)
    return Rules(
        complaint=scale,
        any_voice=_point(complaint, is_complaint),
        addressed=_point(complaint[addressed], is_complaint[addressed]),
        public=_point(complaint[~addressed], is_complaint[~addressed]),
        kinds_at=_kinds_at(kinds, named),
        kind=_kind_scale(kinds, named),
        urgent=urgent,
        urgent_at=_at_recall(urgent(scores[:, columns("urgent")][:, 0]), known.urgent, URGENT_RECALL),
        feeling=tuple(tuple(row) for row in feeling.coef_.tolist()),
        feeling_bias=tuple(feeling.intercept_.tolist()),
    )


def _scale(score: Table, truth: Flags) -> Scale:
    fitted = LogisticRegression(C=1e4).fit(score, truth)
    return Scale(slope=float(fitted.coef_[0, 0]), offset=float(fitted.intercept_[0]))


def _bent_scale(score: Table, truth: Flags) -> Scale:
    """A margin far out says less for each further step; where a curve would fall, a line."""
    columns = np.column_stack([score, np.square(score)])
    spread = columns.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=1e4, max_iter=1000).fit(columns / spread, truth)
    slope, bend = fitted.coef_[0] / spread
    if slope <= 0:
        return _scale(score[:, None], truth)
    return Scale(slope=float(slope), offset=float(fitted.intercept_[0]), bend=float(bend))


def _point(probability: Table, truth: Flags) -> Point:
    """Recall first; where that would cost more precision than `PRECISION`, precision; never above `SURE`."""
    wanted = _at_recall(probability, truth, RECALL)
    start = min(max(wanted, _at_precision(probability, truth, PRECISION)), SURE)
    seen = _at_recall(probability, truth, SEEN)
    return Point(complaint=start, unsure_from=min(seen, start), unsure_to=SURE)


def _at_recall(probability: Table, truth: Flags, recall: float) -> float:
    """The highest threshold that still finds this share of the true ones."""
    found = np.sort(probability[truth])[::-1]
    return float(found[min(int(np.ceil(recall * len(found))), len(found)) - 1])


def _at_precision(probability: Table, truth: Flags, precision: float) -> float:
    """The lowest threshold at which this share of what is taken is true; 1 when there is none."""
    order = np.argsort(-probability, kind="stable")
    share = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= precision)
    return float(probability[order[reached[-1]]]) if len(reached) else 1.0


def _kinds_at(scores: Table, truth: Flags) -> float:
    """The threshold with the best micro-F1 over leaves, on a grid."""
    grid = np.linspace(-0.8, 0.4, 25)
    return float(max(grid, key=lambda at: _micro_f1(scores >= at, truth)))


def _kind_scale(scores: Table, truth: Flags) -> Scale:
    """How sure the strongest kind is; where it was never wrong, or never right, its score tells nothing."""
    strongest = scores.argmax(axis=1)[:, None]
    right = np.take_along_axis(truth, strongest, axis=1)[:, 0]
    if right.all() or not right.any():
        return Scale(slope=0.0, offset=9.0 if right.all() else -9.0)
    return _scale(np.take_along_axis(scores, strongest, axis=1), right)


def _micro_f1(said: Flags, truth: Flags) -> float:
    return float(2 * (said & truth).sum() / max(said.sum() + truth.sum(), 1))
