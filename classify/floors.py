"""Floors below which no model ships, and the corpus they were measured on.

A floor is the measured figure minus one standard error of re-drawing the same texts: a smaller change is no
evidence of a worse model. Knows scores only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import ValidationError

from classify.measure import Score
from huanyu.errors import ModelError

FILE = Path(__file__).parent / "floors.json"
NOISE = 1.0  #: standard errors


class Topic(BaseModel):
    """The floors of one corpus."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str  #: hash of the labelled rows
    texts: int
    floors: dict[str, float]  #: for errors and shares of work: ceilings


class Floors(BaseModel):
    """floors.json: one entry per topic (`cv` cross-validation, `quality` the texts in tests/quality)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topics: dict[str, Topic] = {}


def read(path: Path = FILE) -> Floors:
    """The floors file; none yet means no floors."""
    if not path.exists():
        return Floors()
    try:
        return Floors.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise ModelError(f"{path}: {error.errors()[0]['msg']}") from error


def topic(scores: Sequence[Score], corpus: str) -> Topic:
    """The floors these scores would set."""
    return Topic(
        corpus=corpus,
        texts=max(score.texts for score in scores),
        floors={score.key: _floor(score) for score in scores},
    )


def misses(scores: Sequence[Score], known: Topic) -> list[str]:
    """Chinese sentences, one per figure that lies below its floor (errors: above)."""
    return [
        f"{score.label} {score.value:.3f}, 不得{'低于' if score.more_is_better else '高于'} {known.floors[score.key]:.3f}"
        for score in scores
        if score.key in known.floors and _worse(score, score.value, known.floors[score.key])
    ]


def update(
    path: Path, name: str, scores: Sequence[Score], corpus: str, allow_regression: bool = False
) -> Topic:
    """Write the floors of one topic; a floor of the same corpus is never lowered unless that is asked for."""
    floors, new = read(path), topic(scores, corpus)
    known = floors.topics.get(name)
    if known and known.corpus == corpus and not allow_regression:
        below = misses(scores, known)
        if below:
            raise ModelError("低于底线, 未更新: " + "; ".join(below))
        new = new.model_copy(update={"floors": _higher(scores, known, new)})
    kept = Floors(topics={**floors.topics, name: new})
    path.write_text(kept.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return new


def _higher(scores: Sequence[Score], known: Topic, new: Topic) -> dict[str, float]:
    better = {score.key: max if score.more_is_better else min for score in scores}
    return {key: better[key](value, known.floors.get(key, value)) for key, value in new.floors.items()}


def _floor(score: Score) -> float:
    """Four digits, rounded away from the figure: a floor must not refuse the very run that set it."""
    slack = NOISE * score.error
    if score.more_is_better:
        return max(math.floor((score.value - slack) * 10_000) / 10_000, 0.0)
    return math.ceil((score.value + slack) * 10_000) / 10_000


def _worse(score: Score, value: float, floor: float) -> bool:
    return value < floor if score.more_is_better else value > floor
