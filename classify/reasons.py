"""Which words of a text decided; asked for only where somebody will read them.

Knows the weights of n-grams, and words only as what people read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classify import tokenise
from classify.features import Ints
from classify.glyphs import Batch
from classify.scoring import Scorer

MOST = 5  #: words named per text


def reasons(scorer: Scorer, batch: Batch, heads: Sequence[int]) -> list[tuple[str, ...]]:
    """For each text the words whose n-grams spoke most for the head given, strongest first."""
    words = tokenise.cut_joined(batch.joined())
    length = np.fromiter(map(len, words), np.int64, len(words))
    end = np.cumsum(length)
    owner = np.searchsorted(batch.ends, end - 1)
    strength = _strength(scorer, batch, np.asarray(heads, dtype=np.int64), end - length, end)
    told = np.flatnonzero((length > 1) & (strength > 0))
    found: list[dict[str, float]] = [{} for _ in range(len(batch))]
    for at, row, force in zip(told.tolist(), owner[told].tolist(), strength[told].tolist(), strict=True):
        if words[at].isalpha():
            found[row][words[at]] = force
    return [_strongest(weights) for weights in found]


def _strongest(weights: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(weights, key=lambda word: (-weights[word], word))[:MOST])


def _strength(scorer: Scorer, batch: Batch, heads: Ints, start: Ints, end: Ints) -> NDArray[np.float64]:
    """Weights of the n-grams inside each span, added."""
    owner = np.repeat(np.arange(len(batch)), np.diff(batch.ends, prepend=-1))
    force = scorer.force(scorer.slots(batch), heads[owner])
    sums = np.zeros((len(force) + 1, force.shape[1]))
    np.cumsum(force, axis=0, out=sums[1:])
    total = np.zeros(len(start))
    for column, size in enumerate(scorer.featuriser.grams):
        last = np.maximum(end - size + 1, start)
        total += sums[last, column] - sums[start, column]
    return total
