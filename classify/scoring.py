"""The scores of every head for a batch of texts, straight from their code points.

The same features and weights as `Featuriser.rows` times the weights, in far fewer passes; knows no labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classify import features
from classify.features import Featuriser
from classify.features import Floats
from classify.features import Ints
from classify.glyphs import Batch
from classify.layout import Layout
from classify.layout import Slots
from classify.layout import layout

_LANE = 4  #: a row of weights is filled up to a multiple of this, so that whole registers are added, and few of them
_STRETCH = 1 << 14  #: codes looked up together: what is made of them stays near the processor
_DOTS = features.MARKS.index("...")
_BMP = 0x10000


@dataclass(frozen=True)
class Scorer:
    """A featuriser and its weights, laid out for speed."""

    featuriser: Featuriser
    weights: NDArray[np.float16]  #: features × heads
    bias: Floats

    def scores(self, batch: Batch) -> Floats:
        """Raw scores, texts × heads."""
        slots = self.slots(batch).ravel()
        at = np.flatnonzero(slots >= 0)
        slots = slots[at]
        shown = np.hstack([form(batch), self._groups(batch, at, slots)])
        total = shown @ self._shown + self.bias
        ends = np.searchsorted(at, (batch.ends + 1) * len(self.featuriser.grams))
        total += self._block(slots, np.concatenate([[0], ends]))
        return np.asarray(total, dtype=np.float32)

    def slots(self, batch: Batch) -> Slots:
        """Which slot the n-gram of each size (column) that begins at each code (row) has, or -1."""
        sizes, table = self.featuriser.grams, self._layout.slots
        slots = np.full((len(batch.codes), len(sizes)), -1, dtype=np.int32)
        for first in range(0, len(batch.codes), _STRETCH):
            codes = batch.codes[first : first + _STRETCH + max(sizes) - 1]
            for column, bucket in enumerate(features.gram_buckets(codes, sizes)):
                found = table.take(bucket[:_STRETCH], mode="clip")
                slots[first : first + len(found), column] = found
        for column, size in enumerate(sizes):
            for back in range(size - 1):
                crossing = batch.ends - back
                slots[crossing[crossing >= 0], column] = -1
        return slots

    def force(self, slots: Slots, heads: Ints) -> Floats:
        """What each of the slots speaks for the head of its row; nothing where there is none."""
        return np.where(slots >= 0, self._table[slots, heads[:, None]], np.float32(0))

    def _block(self, slots: Slots, bounds: Ints) -> Floats:
        """Weights of the slots, added between the bounds of each text and scaled as a row of length 1."""
        rows = sparse.csr_matrix(
            (np.ones(len(slots), dtype=np.float32), slots, bounds), shape=(len(bounds) - 1, len(self._table))
        )
        heads = len(self.bias)
        summed = rows @ self._table
        length = np.sqrt(summed[:, heads : heads + 1])
        return np.asarray(summed[:, :heads] / np.maximum(length, 1e-9), dtype=np.float32)

    @cached_property
    def _shown(self) -> Floats:
        return self.weights[: self.featuriser.dense].astype(np.float32)

    @cached_property
    def _table(self) -> Floats:
        """Weights of the slots times their idf; beside them the square of the idf, for the length."""
        heads, rows, dense = len(self.bias), self._layout.kept, self.featuriser.dense
        idf = np.append(self.featuriser.idf, np.float32(0))  # the last is that of -1
        table = np.zeros((len(rows), -(-(heads + 1) // _LANE) * _LANE), dtype=np.float32)
        for first in range(0, len(rows), _STRETCH):
            row, out = rows[first : first + _STRETCH], table[first : first + _STRETCH, :heads]
            np.multiply(self.weights[dense + row], idf[row, None], out=out)
        table[:, heads] = np.square(idf[rows])
        return table

    def _groups(self, batch: Batch, at: Ints, slots: Slots) -> Floats:
        words = self._layout.words
        if words is None:
            return self.featuriser.lexicon.counts(batch.texts())
        return features.group_values(words.counts(batch, at, slots, len(self.featuriser.grams)))

    @cached_property
    def _layout(self) -> Layout:
        return layout(self.featuriser)


def form(batch: Batch) -> Floats:
    """As `features.form`, of a whole batch."""
    mark = _mark_table().take(batch.codes, mode="clip")
    at = np.flatnonzero(mark != 0)
    row = np.repeat(np.arange(len(batch)), np.diff(np.searchsorted(at, batch.ends), prepend=0))
    kind = mark[at] - 1
    single = kind != _DOTS
    width = len(features.MARKS)
    counts = np.bincount(row[single] * width + kind[single], minlength=len(batch) * width).reshape(-1, width)
    dots = at[~single]
    if len(dots) > 2:
        first = np.flatnonzero(np.diff(dots, prepend=-2) != 1)
        runs = np.diff(first, append=len(dots)) // 3
        counts[:, _DOTS] = np.bincount(row[~single][first], weights=runs, minlength=len(batch))
    return features.form_values(counts, np.diff(batch.ends, prepend=-1) - 1)


@cache
def _mark_table() -> NDArray[np.int8]:
    """For each code point one more than the place of its mark, or 0."""
    table = np.zeros(_BMP + 1, dtype=np.int8)
    for at, mark in enumerate(features.MARKS):
        table[ord(mark[0])] = at + 1
    for code, plain in features.PLAIN.items():
        table[code] = table[plain]
    return table
