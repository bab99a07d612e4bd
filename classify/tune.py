"""Cross-validated scores to rules: calibration, operating points, the doubtful band."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classify.decide import Doubt
from classify.decide import Point
from classify.decide import Rules
from classify.decide import Scale
from classify.decide import Table
from classify.decide import complaint_margin
from classify.decide import feeling_inputs
from classify.decide import further_from
from classify.decide import read_again
from classify.labels import TYPES
from classify.labels import columns
from classify.learn import Targets
from huanyu.types import PostType

RECALL = 0.971  #: of complaints: a missed one is the costliest error; held-out texts show 0.969
PRECISION = 0.65  #: where complaints are rare, recall ends here: below it every third case would be none
#: The goal 0.80 and a little: held-out texts show a point less than those it was chosen on.
URGENT_RECALL = 0.81
DOUBTFUL = (0.04, 0.9)  #: probabilities at first sight between which a text is read again
SURE = 0.57  #: calibrated probability from which nobody needs to look
SEEN = 0.988  #: recall including the doubtful band
_NO_DOUBT = Doubt(begins=1.0, ends=1.0, weights=(), offset=0.0)  #: nothing is read again
_STRAIGHT = (1, 0, 1, 1, 1, 1)  #: `heard` without the square

Flags = NDArray[np.bool_]


def tune(scores: Table, heard: Table | None, known: Targets, addressed: Flags) -> Rules:
    """Fit all rules on what models that had not seen a text say of it, and hear in it at a second look, if there is one."""
    is_complaint = known.type == TYPES.index(PostType.COMPLAINT)
    margin = complaint_margin(scores)
    scale = _bent_scale(margin, is_complaint)
    first = scale(margin)
    doubt, complaint = _NO_DOUBT, first
    if heard is not None:
        doubt = second_look(first, heard, is_complaint)
        complaint = read_again(first, heard, doubt)
    kinds, named = scores[is_complaint, columns("kinds")], known.kinds[is_complaint]
    begin, rise = kinds_from(kinds, named)
    urgent = _scale(scores[:, columns("urgent")], known.urgent)
    feeling = LogisticRegression(max_iter=1000).fit(feeling_inputs(scores), known.sentiment)
    return Rules(
        complaint=scale,
        doubt=doubt,
        any_voice=_point(complaint, is_complaint),
        addressed=_point(complaint[addressed], is_complaint[addressed]),
        public=_point(complaint[~addressed], is_complaint[~addressed]),
        kinds_at=begin,
        kinds_rise=rise,
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


def second_look(first: Table, heard: Table, truth: Flags) -> Doubt:
    """What counts how much in doubtful texts; where all of those are alike there is nothing to be read again."""
    doubt = Doubt(begins=DOUBTFUL[0], ends=DOUBTFUL[1], weights=(0.0,) * heard.shape[1], offset=0.0)
    asked = doubt.asks(first)
    if len(set(truth[asked].tolist())) < 2:
        return doubt.model_copy(update={"ends": doubt.begins})
    weights, offset = _weighed(heard[asked], truth[asked])
    margin = heard[asked, 0]
    if min(weights[0] + 2 * weights[1] * margin.min(), weights[0] + 2 * weights[1] * margin.max()) < 0:
        weights, offset = _weighed(heard[asked] * _STRAIGHT, truth[asked])  # where a curve would fall, a line
    return doubt.model_copy(update={"weights": tuple(weights.tolist()), "offset": offset})


def _weighed(heard: Table, truth: Flags) -> tuple[Table, float]:
    """A logistic regression's weights of the columns and its offset."""
    middle, spread = heard.mean(axis=0), heard.std(axis=0) + 1e-9
    fitted = LogisticRegression(max_iter=1000).fit((heard - middle) / spread, truth)
    weights: Table = fitted.coef_[0] / spread
    return weights, float(fitted.intercept_[0] - weights @ middle)


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


def kinds_from(scores: Table, truth: Flags) -> tuple[float, float]:
    """Where further kinds begin and how that rises with the strongest: the best micro-F1 over leaves, on a grid."""
    grid = product(np.linspace(-0.8, 0.2, 21).tolist(), np.linspace(0, 0.4, 9).tolist())
    return max(grid, key=lambda both: _micro_f1(_named(scores, *both), truth))


def _named(scores: Table, at: float, rise: float) -> Flags:
    """Which kinds that names, texts × kinds; the strongest always."""
    named: Flags = scores >= further_from(scores, at, rise)[:, None]
    named[np.arange(len(scores)), scores.argmax(axis=1)] = True
    return named


def _kind_scale(scores: Table, truth: Flags) -> Scale:
    """How sure the strongest kind is; where it was never wrong, or never right, its score tells nothing."""
    strongest = scores.argmax(axis=1)[:, None]
    right = np.take_along_axis(truth, strongest, axis=1)[:, 0]
    if right.all() or not right.any():
        return Scale(slope=0.0, offset=9.0 if right.all() else -9.0)
    return _scale(np.take_along_axis(scores, strongest, axis=1), right)


def _micro_f1(said: Flags, truth: Flags) -> float:
    return float(2 * (said & truth).sum() / max(said.sum() + truth.sum(), 1))
