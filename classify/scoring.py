"""The scores of every head for a batch of texts, straight from their code points.

The same features and weights as `Featuriser.rows` times the weights, in far fewer passes; knows no labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from functools import cached_property
from itertools import chain

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classify import features
from classify.features import Featuriser
from classify.features import Floats
from classify.features import Ints
from classify.glyphs import Batch

Slots = NDArray[np.int32]

_LANE = 4  #: a row of weights is filled up to a multiple of this, so that whole registers are added, and few of them
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
        joined = batch.joined() if self.featuriser.lexicon.names else ""
        shown = np.hstack([form(batch), self._groups(batch, joined)])
        total = shown @ self._shown + self.bias
        total += self._block(self.slots(batch).ravel(), _bounds(batch.ends + 1) * len(self.featuriser.grams))
        return np.asarray(total, dtype=np.float32)

    def slots(self, batch: Batch) -> Slots:
        """Which kept bucket the n-gram of each size (column) that begins at each code (row) has, or -1."""
        sizes = self.featuriser.grams
        slots = np.full((len(batch.codes), len(sizes)), -1, dtype=np.int32)
        for column, bucket in enumerate(features.gram_buckets(batch.codes, sizes)):
            found = self.featuriser.slots.take(bucket, mode="clip")
            for back in range(min(sizes[column] - 1, len(found))):
                crossing = batch.ends - back
                found[crossing[(crossing >= 0) & (crossing < len(found))]] = -1
            slots[: len(found), column] = found
        return slots

    def force(self, slots: Slots, heads: Ints) -> Floats:
        """What each of the slots speaks for the head of its row; nothing where there is none."""
        return np.where(slots >= 0, self._table[slots, heads[:, None]], np.float32(0))

    def _block(self, slots: Slots, bounds: Ints) -> Floats:
        """Weights of the kept ones among the slots, added per text and scaled as a row of length 1."""
        at = np.flatnonzero(slots >= 0)
        rows = sparse.csr_matrix(
            (np.ones(len(at), dtype=np.float32), slots[at], np.searchsorted(at, bounds)),
            shape=(len(bounds) - 1, len(self._table)),
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
        """Weights of the kept buckets times their idf; beside them the square of the idf, for the length."""
        heads, idf = len(self.bias), self.featuriser.idf
        table = np.zeros((len(idf), -(-(heads + 1) // _LANE) * _LANE), dtype=np.float32)
        np.multiply(
            self.weights[self.featuriser.dense :], idf[:, None], out=table[:, :heads], dtype=np.float32
        )
        table[:, heads] = np.square(idf)
        return table

    def _groups(self, batch: Batch, joined: str) -> Floats:
        groups = len(self.featuriser.lexicon.names)
        if not groups:
            return np.zeros((len(batch), 0), dtype=np.float32)
        hits = self._finder.find_matches_as_indexes(joined, overlapping=True)
        found = np.fromiter(chain.from_iterable(hits), np.int64, 3 * len(hits)).reshape(-1, 3)
        row = np.searchsorted(batch.ends, found[:, 1])
        count = np.bincount(row * groups + self._owner[found[:, 0]], minlength=len(batch) * groups)
        return features.group_values(count.reshape(len(batch), groups))

    @cached_property
    def _owner(self) -> Ints:
        groups = self.featuriser.lexicon.groups
        return np.repeat(np.arange(len(groups)), [len(words) for words in groups])

    @cached_property
    def _finder(self) -> ahocorasick_rs.AhoCorasick:
        words = [word for group in self.featuriser.lexicon.groups for word in group]
        return ahocorasick_rs.AhoCorasick(words, implementation=ahocorasick_rs.Implementation.DFA)


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


def _bounds(ends: Ints) -> Ints:
    return np.concatenate([[0], ends])
