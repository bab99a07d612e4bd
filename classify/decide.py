"""Scores to decisions: calibration, operating points and the doubtful band. Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from pydantic import ConfigDict

from classify.labels import EMOTIONS
from classify.labels import KINDS
from classify.labels import SENTIMENT_OF
from classify.labels import SENTIMENTS
from classify.labels import TYPES
from classify.labels import WITH_KINDS
from classify.labels import Emotion
from classify.labels import columns
from huanyu.types import PostType
from huanyu.types import Sentiment

Table = NDArray[np.float64]
VOTE = 3.0  #: a margin of the support vectors weighs as much as this in log-odds; 2 to 5 do equally well
RATIO = 1.5  #: so much the margin of `learn_ratio` counts beside those two
LIKELY = 0.5  #: a strongest kind more probably wrong than right would send a case to the wrong department
_UNNAMED = ("other",)
_COMPLAINT = TYPES.index(PostType.COMPLAINT)
_OTHERS = np.array([at for at in range(len(TYPES)) if at != _COMPLAINT])
_FEELING_OF = np.array(
    [[SENTIMENT_OF.get(one) is feeling for feeling in SENTIMENTS] for one in EMOTIONS], dtype=float
)
#: Which emotions go with each sentiment.
_ALLOWED = _FEELING_OF.T + np.outer(
    [feeling is Sentiment.NEUTRAL for feeling in SENTIMENTS], [one is Emotion.SURPRISE for one in EMOTIONS]
)
_PRESSING = frozenset({PostType.COMPLAINT, PostType.QUESTION, PostType.OTHER_REQUEST})
_NAMED = [at for at, kind in enumerate(TYPES) if kind in WITH_KINDS]
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
    feeling: tuple[tuple[float, ...], ...]  #: sentiments × (desk, emotions, type log-probabilities)
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
    emotion: Emotion = Emotion.NEUTRAL  #: the likeliest that goes with the sentiment
    why: tuple[str, ...] = ()  #: words, strongest first


def decide(
    scores: Table | NDArray[np.float32], rules: Rules, addressed: Sequence[bool | None]
) -> list[Reading]:
    """One reading per row of raw scores; `type` is complaint exactly where the operating point says so."""
    scores = scores.astype(np.float64)
    complaint = rules.complaint(complaint_margin(scores))
    types = softmax(scores[:, columns("type")] + VOTE * scores[:, columns("vote")])
    points = [rules.point(voice) for voice in addressed]
    said = complaint >= [point.complaint for point in points]
    unsure = (complaint >= [point.unsure_from for point in points]) & (
        complaint < [point.unsure_to for point in points]
    )
    kind = np.where(said, _COMPLAINT, _OTHERS[types[:, _OTHERS].argmax(axis=1)])
    urgent = rules.urgent(scores[:, columns("urgent")][:, 0]) >= rules.urgent_at
    named = _kinds(scores[:, columns("kinds")], np.isin(kind, _NAMED), rules)
    feeling = feelings(scores, rules).argmax(axis=1)
    emotion = (softmax(scores[:, columns("mood")]) * _ALLOWED[feeling]).argmax(axis=1)
    tables = (kind, types, complaint, said, unsure, feeling, emotion, urgent)
    return [
        Reading(
            type=TYPES[at],
            types=tuple(chances),
            complaint=chance,
            is_complaint=is_complaint,
            unsure=doubtful,
            kinds=kinds,
            sentiment=SENTIMENTS[felt],
            emotion=EMOTIONS[shown],
            urgent=presses and TYPES[at] in _PRESSING,
        )
        for (at, chances, chance, is_complaint, doubtful, felt, shown, presses), kinds in zip(
            zip(*(column.tolist() for column in tables), strict=True), named, strict=True
        )
    ]


def complaint_margin(scores: Table) -> Table:
    """How much more a complaint than anything else: log-odds of both type models and of the ratio, added."""
    types, votes, ratio = (scores[:, columns(head)] for head in ("type", "vote", "ratio"))
    margin: Table = _against_rest(types) + _against_rest(VOTE * votes) + RATIO * ratio[:, 0]
    return margin


def feelings(scores: Table, rules: Rules) -> Table:
    """Probabilities of the sentiments: the desk's reading of environmental texts, plain mood elsewhere."""
    mood = softmax(scores[:, columns("mood")]) @ _FEELING_OF
    mood /= mood.sum(axis=1, keepdims=True)
    other = softmax(scores[:, columns("type")])[:, [TYPES.index(PostType.OTHER)]]
    desk = softmax(feeling_inputs(scores) @ np.array(rules.feeling).T + np.array(rules.feeling_bias))
    both: Table = other * mood + (1 - other) * desk
    return both


def feeling_inputs(scores: Table) -> Table:
    """What the desk's reading of a feeling is made from: log-probabilities of three heads side by side."""
    return np.hstack([np.log(softmax(scores[:, columns(head)]) + 1e-6) for head in ("desk", "mood", "type")])


def softmax(scores: Table) -> Table:
    """Rows of scores to rows of probabilities."""
    risen: Table = np.exp(scores - scores.max(axis=1, keepdims=True))
    total: Table = risen.sum(axis=1, keepdims=True)
    return np.divide(risen, total)


def _against_rest(scores: Table) -> Table:
    rest = scores[:, _OTHERS]
    top = rest.max(axis=1)
    margin: Table = scores[:, _COMPLAINT] - top - np.log(np.exp(rest - top[:, None]).sum(axis=1))
    return margin


def _kinds(scores: Table, asked: NDArray[np.bool_], rules: Rules) -> list[tuple[str, ...]]:
    """The kinds named, strongest first; `other`, for a person to look, when even the strongest is unlikely."""
    first = scores.argmax(axis=1)
    likely = rules.kind(scores.max(axis=1)) >= LIKELY
    several = np.count_nonzero(scores >= rules.kinds_at, axis=1) > 1
    found = [(KINDS[at],) for at in first.tolist()]
    for row in np.flatnonzero(several & likely & asked).tolist():
        order = np.argsort(-scores[row], kind="stable")[:_MOST].tolist()
        found[row] = tuple(KINDS[at] for at in order if scores[row, at] >= rules.kinds_at)
    return [
        () if not wanted else kinds if sure else _UNNAMED
        for kinds, wanted, sure in zip(found, asked.tolist(), likely.tolist(), strict=True)
    ]
