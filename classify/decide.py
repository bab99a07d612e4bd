"""Scores to decisions: calibration, operating points and the doubtful band. Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from pydantic import ConfigDict

from classify.labels import KINDS
from classify.labels import SENTIMENTS
from classify.labels import TYPES
from classify.labels import WITH_KINDS
from classify.labels import columns
from huanyu.types import PostType
from huanyu.types import Sentiment

Table = NDArray[np.float64]
VOTE = 3.0  #: a margin of the support vectors weighs as much as this in log-odds; 2 to 5 do equally well
LIKELY = 0.5  #: a strongest kind more probably wrong than right would send a case to the wrong department
_UNNAMED = ("other",)
_MOST = 4  #: kinds of one text; careful readers gave more to 1 text in 500


class Scale(BaseModel):
    """A raw score to a probability (Platt)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float
    offset: float

    def __call__(self, score: Table) -> Table:
        """Probabilities of a column of scores."""
        odds: Table = np.exp(-np.clip(self.slope * score + self.offset, -30, 30))
        return 1 / (1 + odds)


class Point(BaseModel):
    """Where a complaint begins, and the band in which a person looks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint: float  #: probability from which a text is a complaint
    unsure_from: float
    unsure_to: float


class Rules(BaseModel):
    """Everything decided after the scores; fitted on cross-validated scores only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint: Scale
    any_voice: Point  #: the source is not known
    addressed: Point  #: letters, hotlines, our own form
    public: Point  #: Weibo, forums, news
    kinds_at: float  #: raw score from which a kind is named
    kind: Scale  #: strongest raw score of a complaint to the probability that this kind is right
    urgent: Scale
    urgent_at: float
    feeling: tuple[tuple[float, ...], ...]  #: sentiments × (desk, mood, type log-probabilities)
    feeling_bias: tuple[float, ...]

    def point(self, addressed: bool | None) -> Point:
        """The operating point of a voice; None: not known."""
        if addressed is None:
            return self.any_voice
        return self.addressed if addressed else self.public


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the model says of one text."""

    type: PostType
    types: tuple[float, ...]  #: probabilities in the order of PostType
    complaint: float  #: calibrated probability
    is_complaint: bool
    unsure: bool
    kinds: tuple[str, ...]  #: most likely first
    sentiment: Sentiment
    urgent: bool
    why: tuple[str, ...] = ()  #: words, strongest first


def decide(
    scores: Table | NDArray[np.float32], rules: Rules, addressed: Sequence[bool | None]
) -> list[Reading]:
    """One reading per row of raw scores; `type` is complaint exactly where the operating point says so."""
    scores = scores.astype(np.float64)
    complaint = rules.complaint(complaint_margin(scores[:, columns("type")], scores[:, columns("vote")]))
    types = softmax(scores[:, columns("type")] + VOTE * scores[:, columns("vote")])
    feeling = feelings(scores, rules)
    urgent = rules.urgent(scores[:, columns("urgent")][:, 0]) >= rules.urgent_at
    return [
        _reading(float(complaint[at]), types[at], kinds, feeling[at], bool(urgent[at]), rules, voice)
        for at, (kinds, voice) in enumerate(zip(scores[:, columns("kinds")], addressed, strict=True))
    ]


def complaint_margin(types: Table, votes: Table) -> Table:
    """How much more a complaint than anything else: log-odds of both type models, added."""
    return _against_rest(types) + _against_rest(VOTE * votes)


def feelings(scores: Table, rules: Rules) -> Table:
    """Probabilities of the sentiments: the desk's reading of environmental texts, plain mood elsewhere."""
    mood = softmax(scores[:, columns("mood")])
    other = softmax(scores[:, columns("type")])[:, [TYPES.index(PostType.OTHER)]]
    desk = softmax(feeling_inputs(scores) @ np.array(rules.feeling).T + np.array(rules.feeling_bias))
    return other * mood + (1 - other) * desk


def feeling_inputs(scores: Table) -> Table:
    """What the desk's reading of a feeling is made from: log-probabilities of three heads side by side."""
    return np.hstack([np.log(softmax(scores[:, columns(head)]) + 1e-6) for head in ("desk", "mood", "type")])


def softmax(scores: Table) -> Table:
    """Rows of scores to rows of probabilities."""
    risen: Table = np.exp(scores - scores.max(axis=1, keepdims=True))
    total: Table = risen.sum(axis=1, keepdims=True)
    return np.divide(risen, total)


def _against_rest(scores: Table) -> Table:
    first = TYPES.index(PostType.COMPLAINT)
    rest = np.delete(scores, first, axis=1)
    top = rest.max(axis=1)
    margin: Table = scores[:, first] - top - np.log(np.exp(rest - top[:, None]).sum(axis=1))
    return margin


def _reading(
    complaint: float,
    types: Table,
    kinds: Table,
    feeling: Table,
    urgent: bool,
    rules: Rules,
    voice: bool | None,
) -> Reading:
    point = rules.point(voice)
    is_complaint = complaint >= point.complaint
    kind = PostType.COMPLAINT if is_complaint else _other_type(types)
    return Reading(
        type=kind,
        types=tuple(types.tolist()),
        complaint=complaint,
        is_complaint=is_complaint,
        unsure=point.unsure_from <= complaint < point.unsure_to,
        kinds=_kinds(kinds, rules) if kind in WITH_KINDS else (),
        sentiment=SENTIMENTS[int(feeling.argmax())],
        urgent=urgent and kind in {PostType.COMPLAINT, PostType.QUESTION, PostType.OTHER_REQUEST},
    )


def _other_type(types: Table) -> PostType:
    order = np.argsort(-types, kind="stable")
    return next(kind for kind in (TYPES[int(at)] for at in order) if kind is not PostType.COMPLAINT)


def _kinds(scores: Table, rules: Rules) -> tuple[str, ...]:
    """The kinds named, strongest first; `other`, for a person to look, when even the strongest is unlikely."""
    order = np.argsort(-scores, kind="stable")[:_MOST]
    if rules.kind(scores[order[:1]])[0] < LIKELY:
        return _UNNAMED
    return tuple(KINDS[at] for rank, at in enumerate(order) if rank == 0 or scores[at] >= rules.kinds_at)
