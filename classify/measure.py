"""How good readings are: every figure with a 95 % interval. Values in, values out; knows no model."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classify.corpus import Example
from classify.labels import KINDS
from classify.labels import SENTIMENTS
from classify.labels import TYPES
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import family
from huanyu.types import PostType
from huanyu.types import Sentiment

DRAWS = 400  #: bootstrap samples: the ends of an interval move by about a twentieth of its width
SEED = 7
BINS = 10
_LESS = frozenset({"calibration_error", "unsure_share"})  #: of these less is better

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Judged(Protocol):
    """What is measured: a Verdict or a Reading."""

    @property
    def type(self) -> PostType: ...
    @property
    def complaint(self) -> float: ...
    @property
    def is_complaint(self) -> bool: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def sentiment(self) -> Sentiment: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def unsure(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Score:
    """One figure; `error` is its standard error."""

    key: str
    label: str  #: Chinese
    value: float
    low: float
    high: float
    error: float
    texts: int
    more_is_better: bool = True

    def line(self) -> str:
        """One line of a table: value, interval, texts, name."""
        return f"{self.value:7.3f}   [{self.low:.3f}, {self.high:.3f}]   {self.texts:6d}   {self.label}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Truth and reading side by side, one row per text."""

    type: Ints
    said_type: Ints
    complaint: Flags
    said_complaint: Flags
    probability: NDArray[np.float64]
    unsure: Flags
    kinds: Flags
    said_kinds: Flags
    sentiment: Ints
    said_sentiment: Ints
    urgent: Flags
    said_urgent: Flags

    def take(self, at: Ints | Flags) -> Outcome:
        return Outcome(*(getattr(self, column.name)[at] for column in fields(self)))

    def __len__(self) -> int:
        return len(self.type)


Figure = Callable[[Outcome], float]


def outcome(examples: Sequence[Example], readings: Sequence[Judged]) -> Outcome:
    """Both sides as arrays."""
    return Outcome(
        type=np.array([TYPES.index(example.type) for example in examples]),
        said_type=np.array([TYPES.index(reading.type) for reading in readings]),
        complaint=np.array([example.type is PostType.COMPLAINT for example in examples], dtype=bool),
        said_complaint=np.array([reading.is_complaint for reading in readings], dtype=bool),
        probability=np.array([reading.complaint for reading in readings]),
        unsure=np.array([reading.unsure for reading in readings], dtype=bool),
        kinds=_kinds([example.kinds for example in examples]),
        said_kinds=_kinds([reading.kinds for reading in readings]),
        sentiment=np.array([SENTIMENTS.index(example.sentiment) for example in examples]),
        said_sentiment=np.array([SENTIMENTS.index(reading.sentiment) for reading in readings]),
        urgent=np.array([example.urgent for example in examples], dtype=bool),
        said_urgent=np.array([reading.urgent for reading in readings], dtype=bool),
    )


def measure(examples: Sequence[Example], readings: Sequence[Judged]) -> tuple[Score, ...]:
    """The table of figures; a group of texts that is absent has no line."""
    return tuple(
        score(key, label, rows, figure, key not in _LESS)
        for key, label, rows, figure in _plan(examples, outcome(examples, readings))
    )


def values(examples: Sequence[Example], said: Outcome) -> dict[str, float]:
    """The same figures by their keys, without intervals, which take four hundred times as long."""
    return {key: figure(rows) for key, _, rows, figure in _plan(examples, said)}


def _plan(examples: Sequence[Example], every: Outcome) -> list[tuple[str, str, Outcome, Figure]]:
    """Key, Chinese label, texts and figure; a group of texts that is absent is left out."""
    weibo = every.take(from_weibo(examples))
    real = every.take(every.complaint)
    plan: list[tuple[str, str, Outcome, Figure]] = [
        ("complaint_recall", "投诉 召回率", every, _recall),
        ("complaint_precision", "投诉 精确率", every, _precision),
        ("complaint_precision_at_95", "投诉 召回 0.95 时的精确率", every, lambda o: _at(o, 0.95)),
        ("complaint_precision_at_98", "投诉 召回 0.98 时的精确率", every, lambda o: _at(o, 0.98)),
        ("weibo_recall", "微博投诉 召回率", weibo, _recall),
        ("weibo_precision", "微博投诉 精确率", weibo, _precision),
        ("seen_recall", "投诉 判为投诉或交人判断", every, _seen),
        ("type_macro_f1", "类型 宏平均 F1", every, lambda o: macro_f1(o.type, o.said_type, len(TYPES))),
        ("family_micro_f1", "投诉类别 大类 微平均 F1", real, lambda o: micro_f1(_family(o.kinds), _family(o.said_kinds))),
        ("leaf_micro_f1", "投诉类别 小类 微平均 F1", real, lambda o: micro_f1(o.kinds, o.said_kinds)),
        ("urgent_recall", "紧急 召回率", every, lambda o: _share(o.said_urgent, o.urgent)),
        ("urgent_precision", "紧急 精确率", every, lambda o: _share(o.urgent, o.said_urgent)),
        ("sentiment_macro_f1", "情感 宏平均 F1", every, lambda o: macro_f1(o.sentiment, o.said_sentiment, 3)),
        ("calibration_error", "投诉概率 校准误差", every, calibration_error),
        ("unsure_share", "交人判断的比例", every, lambda o: float(o.unsure.mean())),
    ]  # fmt: skip
    return [line for line in plan if len(line[2])]


def from_weibo(examples: Sequence[Example]) -> Flags:
    """Which of them were posted there."""
    return np.array([example.source == "weibo" for example in examples], dtype=bool)


def score(key: str, label: str, rows: Outcome, figure: Figure, more_is_better: bool = True) -> Score:
    """A figure and its percentile bootstrap over the texts."""
    random = np.random.default_rng(SEED)
    drawn = [figure(rows.take(random.integers(0, len(rows), len(rows)))) for _ in range(DRAWS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Score(
        key=key,
        label=label,
        value=figure(rows),
        low=float(low),
        high=float(high),
        error=float(np.std(drawn)),
        texts=len(rows),
        more_is_better=more_is_better,
    )


def best_precision(score: NDArray[np.float64], truth: Flags, recall: float) -> float:
    """The best precision at this recall or more, over all thresholds."""
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(truth[order])
    enough = found >= recall * found[-1]
    return float((found / np.arange(1, len(order) + 1))[enough].max())


def macro_f1(truth: Ints, said: Ints, labels: int) -> float:
    """Mean F1 over the labels that occur in either."""
    table = np.bincount(truth * labels + said, minlength=labels * labels).reshape(labels, labels)
    size = table.sum(axis=0) + table.sum(axis=1)
    return float((2 * np.diag(table)[size > 0] / size[size > 0]).mean())


def micro_f1(truth: Flags, said: Flags) -> float:
    """F1 over all decisions of all labels."""
    return float(2 * (truth & said).sum() / max(truth.sum() + said.sum(), 1))


def calibration_error(rows: Outcome) -> float:
    """Mean gap between probability and truth in ten equal bins, weighted by their texts."""
    bins = np.minimum((rows.probability * BINS).astype(int), BINS - 1)
    told = np.bincount(bins, weights=rows.probability, minlength=BINS)
    true = np.bincount(bins, weights=rows.complaint, minlength=BINS)
    return float(np.abs(told - true).sum() / len(rows))


def _at(rows: Outcome, recall: float) -> float:
    return best_precision(rows.probability, rows.complaint, recall)


def _recall(rows: Outcome) -> float:
    return _share(rows.said_complaint, rows.complaint)


def _precision(rows: Outcome) -> float:
    return _share(rows.complaint, rows.said_complaint)


def _seen(rows: Outcome) -> float:
    return _share(rows.said_complaint | rows.unsure, rows.complaint)


def _share(hit: Flags, of: Flags) -> float:
    return float(hit[of].mean()) if of.any() else 0.0


def _kinds(named: Sequence[tuple[str, ...]]) -> Flags:
    return np.array([[kind in kinds for kind in KINDS] for kinds in named], dtype=bool)


def _family(kinds: Flags) -> Flags:
    families = np.array([[family(kind) == name for name in FAMILY_LABEL] for kind in KINDS])
    return np.asarray(kinds.astype(int) @ families.astype(int) > 0)
