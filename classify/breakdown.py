"""Where readings go wrong: figures per type, kind or source, and the costliest mistakes. Values in, values out."""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from classify.corpus import Example
from classify.labels import KINDS
from classify.labels import TYPES
from classify.measure import Judged
from huanyu.kinds import family
from huanyu.kinds import label
from huanyu.types import PostType

Z = 1.959964  #: of a 95 % interval
#: What a mistake costs, in readers' minutes lost or worse: a missed complaint is never seen again.
MISSED, MISSED_URGENT, SEEN_BY_PERSON = 10, 20, 4
FALSE_ALARM, WRONG_FAMILY, WRONG_TYPE, NOT_URGENT = 3, 2, 1, 5
TYPE_LABEL = {
    PostType.COMPLAINT: "投诉举报",
    PostType.QUESTION: "咨询建议",
    PostType.PUBLICITY: "宣传报道",
    PostType.OPINION: "议论感受",
    PostType.OTHER_REQUEST: "其他诉求",
    PostType.OTHER: "无关",
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share with its Wilson interval; of nothing: 0 in [0, 1]."""

    hit: int
    of: int

    @property
    def value(self) -> float:
        return self.hit / self.of if self.of else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        square = Z * Z / self.of
        middle = (self.value + square / 2) / (1 + square)
        half = Z * math.sqrt(self.value * (1 - self.value) / self.of + square / self.of / 4) / (1 + square)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a breakdown."""

    key: str
    label: str  #: Chinese
    texts: int
    recall: Ratio
    precision: Ratio


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that was read wrong."""

    at: int  #: which text
    cost: int
    told: str  #: Chinese: what it is, what it was taken for


Pair = tuple[Example, Judged]


def by_type(pairs: Sequence[Pair]) -> list[Part]:
    """Every type against all others."""
    return _parts(
        [(kind.value, TYPE_LABEL[kind]) for kind in TYPES],
        pairs,
        lambda key, example: example.type == key,
        lambda key, reading: reading.type == key,
    )


def by_kind(pairs: Sequence[Pair]) -> list[Part]:
    """Every kind, among texts that are complaints."""
    real = [pair for pair in pairs if pair[0].type is PostType.COMPLAINT]
    return _parts(
        [(kind, label(kind)) for kind in KINDS],
        real,
        lambda key, example: key in example.kinds,
        lambda key, reading: key in reading.kinds,
    )


def by_source(pairs: Sequence[Pair]) -> list[Part]:
    """Complaints, source by source."""
    found = []
    for source in sorted({example.source for example, _ in pairs}):
        mine = [pair for pair in pairs if pair[0].source == source]
        truth = [example.type is PostType.COMPLAINT for example, _ in mine]
        said = [reading.is_complaint for _, reading in mine]
        found.append(_part(source, source or "未注明", truth, said))
    return found


#: name of a breakdown -> what makes it
BREAKDOWNS: dict[str, Callable[[Sequence[Pair]], list[Part]]] = {
    "type": by_type,
    "kind": by_kind,
    "source": by_source,
}


def mistakes(pairs: Sequence[Pair]) -> list[Mistake]:
    """Every wrong reading, the costliest first; of equals the one the model was surest of."""
    found = [
        Mistake(at, *_cost(example, reading))
        for at, (example, reading) in enumerate(pairs)
        if _cost(example, reading)[0]
    ]
    return sorted(found, key=lambda one: (-one.cost, -_surety(pairs[one.at][1]), one.at))


def _surety(reading: Judged) -> float:
    return abs(reading.complaint - 0.5)


def _cost(example: Example, reading: Judged) -> tuple[int, str]:
    """What the costliest thing about a reading costs, and what it is."""
    is_one = example.type is PostType.COMPLAINT
    chance = f"投诉可能 {reading.complaint:.0%}"
    if is_one and not reading.is_complaint:
        cost = MISSED_URGENT if example.urgent else MISSED
        what = f"漏判投诉, 当作{TYPE_LABEL[reading.type]}" + ("; 紧急" if example.urgent else "")
        return (
            (SEEN_BY_PERSON, f"{what}; 交人判断; {chance}") if reading.unsure else (cost, f"{what}; {chance}")
        )
    if example.urgent and not reading.urgent:
        return NOT_URGENT, "漏判紧急"
    if reading.is_complaint and not is_one:
        return FALSE_ALARM, f"{TYPE_LABEL[example.type]}误判为投诉; {chance}"
    families = {family(kind) for kind in example.kinds}
    if is_one and families and not families & {family(kind) for kind in reading.kinds}:
        named = "、".join(map(label, reading.kinds)) or "未定"
        return WRONG_FAMILY, f"类别 {'、'.join(map(label, example.kinds))} 判为 {named}"
    if example.type is not reading.type:
        return WRONG_TYPE, f"{TYPE_LABEL[example.type]}判为{TYPE_LABEL[reading.type]}"
    return 0, ""


def _parts(
    keys: Sequence[tuple[str, str]],
    pairs: Sequence[Pair],
    true: Callable[[str, Example], bool],
    told: Callable[[str, Judged], bool],
) -> list[Part]:
    parts = [
        _part(key, name, [true(key, one) for one, _ in pairs], [told(key, one) for _, one in pairs])
        for key, name in keys
    ]
    return [part for part in parts if part.recall.of or part.precision.of]


def _part(key: str, name: str, truth: Sequence[bool], said: Sequence[bool]) -> Part:
    hit = sum(a and b for a, b in zip(truth, said, strict=True))
    return Part(key, name, len(truth), Ratio(hit, sum(truth)), Ratio(hit, sum(said)))
