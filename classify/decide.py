"""Scores to decisions: calibration, operating points and the doubtful band. Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

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
RATIO = 3.4  #: so much the margin of complaints in every voice counts beside those two
PUBLIC = 5.4  #: and that of complaints as netizens tell them, where a text is told so
HEARD = 6  #: columns a second look adds up: the first margin, its square, two of pairs, and those by how little was heard
SUREST = 1.0  #: a strongest kind beyond the margin of its support vectors is no surer than there
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
_PRESSING = np.isin(TYPES, [PostType.COMPLAINT, PostType.QUESTION, PostType.OTHER_REQUEST])
_NAMED = np.isin(TYPES, [*WITH_KINDS])
_KINDS = np.array(KINDS, dtype=object)
DIGITS = 6  #: of a probability that is told: the tenth differs by how many texts are read together
_MOST = 4  #: kinds of one text; careful readers gave more to 1 text in 500


class Scale(BaseModel):
    """A raw score to a probability (Platt), along a line or a curve that never falls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float
    offset: float
    bend: float = 0.0  #: log-odds per squared score; beyond its turning point the curve goes on level

    def __call__(self, score: Table) -> Table:
        """Probabilities of a column of scores."""
        if self.bend:
            turn = -self.slope / (2 * self.bend)
            score = np.minimum(score, turn) if self.bend < 0 else np.maximum(score, turn)
        odds: Table = np.exp(-np.clip((self.bend * score + self.slope) * score + self.offset, -30, 30))
        return 1 / (1 + odds)


class Point(BaseModel):
    """Where a complaint begins, and the band in which a person looks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint: float  #: probability from which a text is a complaint
    unsure_from: float
    unsure_to: float


class Doubt(BaseModel):
    """Which texts are read again, and what counts how much then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: float  #: probability at first sight from which a text is read again
    ends: float  #: and below which; a second look says nothing beyond these two
    weights: tuple[float, ...]  #: of what is `heard` then
    offset: float

    def asks(self, complaint: Table) -> NDArray[np.bool_]:
        """Whether to read each text again, by its probability at first sight."""
        return (complaint >= self.begins) & (complaint < self.ends)

    def __call__(self, heard: Table) -> Table:
        """Probabilities of texts read again."""
        odds = np.exp(-np.clip(heard @ np.array(self.weights) + self.offset, -30, 30))
        found: Table = np.clip(1 / (1 + odds), self.begins, self.ends)
        return found


class Rules(BaseModel):
    """Everything decided after the scores; fitted on cross-validated scores only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint: Scale
    doubt: Doubt
    any_voice: Point  #: the source is not known
    addressed: Point  #: letters, hotlines, our own form
    public: Point  #: Weibo, forums, news
    kinds_at: float  #: raw score from which a further kind is named …
    kinds_rise: float = 0.0  #: … and how much more it takes per score of the strongest
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

    def points(self, addressed: Sequence[bool | None]) -> Table:
        """The operating point of each voice: where a complaint begins, and both ends of the doubtful band."""
        told = {voice: self.point(voice) for voice in (None, True, False)}
        bounds = {voice: (one.complaint, one.unsure_from, one.unsure_to) for voice, one in told.items()}
        return np.array([bounds[voice] for voice in addressed]).reshape(-1, 3).T


class Reading(NamedTuple):
    """What the model says of one text; a tuple, because a frozen dataclass takes four times as long to make."""

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


def at_first(scores: Table | NDArray[np.float32], rules: Rules) -> Table:
    """The probability of a complaint by raw scores alone."""
    return rules.complaint(complaint_margin(scores.astype(np.float64)))


def heard(scores: Table | NDArray[np.float32], words: Table | NDArray[np.float32]) -> Table:
    """What a second look goes by, texts × `HEARD`: the margin of complaints at first sight, its square, and those of pairs.

    `words` are texts × 3: in every voice, as netizens tell it, which counts as far as a text is told so; and how little
    was heard: few words say less.
    """
    scores, words = scores.astype(np.float64), words.astype(np.float64)
    margin = complaint_margin(scores)
    pairs = np.column_stack([words[:, 0], told_so(scores) * words[:, 1]])
    return np.column_stack([margin, np.square(margin), pairs, pairs * words[:, 2:]])


def read_again(first: Table, heard: Table, doubt: Doubt) -> Table:
    """The probabilities at first sight, and where they doubt those of a second look (both texts × …)."""
    return np.where(doubt.asks(first), doubt(heard), first)


def decide(
    scores: Table | NDArray[np.float32], complaint: Table, rules: Rules, addressed: Sequence[bool | None]
) -> list[Reading]:
    """One reading per row of raw scores and probability of a complaint.

    `type` is complaint exactly where the operating point says so.
    """
    scores = scores.astype(np.float64)
    types = softmax(scores[:, columns("type")] + VOTE * scores[:, columns("vote")])
    begins, unsure_from, unsure_to = rules.points(addressed)
    said = complaint >= begins
    unsure = (complaint >= unsure_from) & (complaint < unsure_to)
    kind = np.where(said, _COMPLAINT, _OTHERS[types[:, _OTHERS].argmax(axis=1)])
    urgent = rules.urgent(scores[:, columns("urgent")][:, 0]) >= rules.urgent_at
    moods = _moods(scores)
    feeling = _felt(moods, rules).argmax(axis=1)
    emotion = (moods[1] * _ALLOWED[feeling]).argmax(axis=1)
    made = zip(
        map(TYPES.__getitem__, kind.tolist()),
        map(tuple, types.tolist()),
        complaint.round(DIGITS).tolist(),
        said.tolist(),
        unsure.tolist(),
        _kinds(scores[:, columns("kinds")], _NAMED[kind], rules),
        map(SENTIMENTS.__getitem__, feeling.tolist()),
        (urgent & _PRESSING[kind]).tolist(),
        map(EMOTIONS.__getitem__, emotion.tolist()),
        repeat(()),
    )
    return list(map(Reading._make, made))


def complaint_margin(scores: Table) -> Table:
    """How much more a complaint than anything else: log-odds of both type models and two margins, added."""
    types, votes = (scores[:, columns(head)] for head in ("type", "vote"))
    ratio, public = (scores[:, columns(head)][:, 0] for head in ("ratio", "public"))
    both: Table = _against_rest(types) + _against_rest(VOTE * votes)
    return both + RATIO * ratio + PUBLIC * told_so(scores) * public


def told_so(scores: Table) -> Table:
    """How far each text is told as netizens tell, from 0 to 1."""
    netizen = scores[:, columns("netizen")][:, 0]
    return np.asarray(1 / (1 + np.exp(-np.clip(netizen, -30, 30))))


def feelings(scores: Table, rules: Rules) -> Table:
    """Probabilities of the sentiments: the desk's reading of environmental texts, plain mood elsewhere."""
    return _felt(_moods(scores), rules)


def feeling_inputs(scores: Table) -> Table:
    """What the desk's reading of a feeling is made from: log-probabilities of three heads side by side."""
    return _logs(_moods(scores))


def further_from(scores: Table, at: float, rise: float) -> Table:
    """The score of kinds from which each text has further ones: the surer its strongest, the more that takes."""
    return np.asarray(at + rise * np.minimum(scores.max(axis=1), SUREST))


def softmax(scores: Table) -> Table:
    """Rows of scores to rows of probabilities."""
    across = np.ascontiguousarray(scores.T)  # few columns: one after the other is three times as fast
    risen: Table = np.exp(across - across.max(axis=0))
    total: Table = risen.sum(axis=0)
    return np.divide(risen, total).T


def _moods(scores: Table) -> tuple[Table, Table, Table]:
    """Probabilities of the three heads that tell of a feeling: the desk's, the emotions, the types."""
    desk, mood, types = (softmax(scores[:, columns(head)]) for head in ("desk", "mood", "type"))
    return desk, mood, types


def _logs(moods: tuple[Table, Table, Table]) -> Table:
    return np.hstack([np.log(one + 1e-6) for one in moods])


def _felt(moods: tuple[Table, Table, Table], rules: Rules) -> Table:
    mood = moods[1] @ _FEELING_OF
    mood /= mood.sum(axis=1, keepdims=True)
    other = moods[2][:, [TYPES.index(PostType.OTHER)]]
    desk = softmax(_logs(moods) @ np.array(rules.feeling).T + np.array(rules.feeling_bias))
    both: Table = other * mood + (1 - other) * desk
    return both


def _against_rest(scores: Table) -> Table:
    rest = scores[:, _OTHERS]
    top = rest.max(axis=1)
    margin: Table = scores[:, _COMPLAINT] - top - np.log(np.exp(rest - top[:, None]).sum(axis=1))
    return margin


def _kinds(scores: Table, asked: NDArray[np.bool_], rules: Rules) -> list[tuple[str, ...]]:
    """The kinds named, strongest first; `other`, for a person to look, when even the strongest is unlikely."""
    likely = rules.kind(scores.max(axis=1)) >= LIKELY
    wanted_from = further_from(scores, rules.kinds_at, rules.kinds_rise)[:, None]
    several = np.count_nonzero(scores >= wanted_from, axis=1) > 1
    found = [(kind,) for kind in _KINDS[scores.argmax(axis=1)].tolist()]
    rows = np.flatnonzero(several & likely & asked)
    order = np.argsort(-scores[rows], axis=1, kind="stable")[:, :_MOST]
    strong = np.count_nonzero(scores[rows[:, None], order] >= wanted_from[rows], axis=1)
    for row, kinds, count in zip(rows.tolist(), _KINDS[order].tolist(), strong.tolist(), strict=True):
        found[row] = tuple(kinds[:count])
    return [
        () if not wanted else kinds if sure else _UNNAMED
        for kinds, wanted, sure in zip(found, asked.tolist(), likely.tolist(), strict=True)
    ]
