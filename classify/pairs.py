"""Words and pairs of words that stand in one clause, as hashed features: n-grams hear no words that stand apart.

Words are found by a list of hashed n-grams, the longest first from the left, so that no cutter is needed. Training and
use read them in the same way. Knows no labels and no scikit-learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classify import features
from classify import tokenise
from classify.features import Floats
from classify.features import Ints
from classify.features import Spans

FAR = 16  #: words: those farther apart in a clause make no pair
SIZES = (1, 2, 3, 4)  #: characters of a word
STRETCH = 40_000  #: codes read together in use, each some 80 bytes for a moment; fewer take longer, a third at 20,000
_WORD, _PAIR, _NEIGHBOURS = 11, 12, 13  # name spaces of the hash, beside those of the n-grams
_WALLS = np.frombuffer('。!?！？;；\n…~,，、:：()（）【】“”" \x02'.encode("utf-32-le"), dtype="<u4")
_BASE = np.uint64(features.BASE)

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Bits = NDArray[np.uint8]


class Passage(NamedTuple):
    """Prepared texts as code points, each ended by `tokenise.BREAK`, and where those breaks stand."""

    codes: Codes
    ends: Ints

    def take(self, texts: Ints) -> Passage:
        """Some of the texts, in ascending order."""
        size = np.diff(self.ends, prepend=-1)
        chosen = np.zeros(len(size), dtype=np.bool_)
        chosen[texts] = True
        return Passage(self.codes[np.repeat(chosen, size)], np.cumsum(size[texts]) - 1)

    def stretches(self) -> Iterator[Passage]:
        """The same texts in turn, about `STRETCH` codes at a time and no text cut."""
        last = np.flatnonzero(np.diff(self.ends // STRETCH, append=-1))
        starts = [0, *(last + 1).tolist()]
        for first, beyond in pairwise(starts):
            begin = self.ends[first - 1] + 1 if first else 0
            yield Passage(self.codes[begin : self.ends[beyond - 1] + 1], self.ends[first:beyond] - begin)


def passage(texts: Sequence[str]) -> Passage:
    """Prepared texts put together."""
    joined = tokenise.BREAK.join([*texts, ""])
    size = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    return Passage(np.frombuffer(joined.encode("utf-32-le"), dtype="<u4"), np.cumsum(size) - 1)


@dataclass(frozen=True)
class Pairing:
    """Prepared texts to rows of the pairs that are kept."""

    words: Ints  #: buckets of the n-grams that are words, ascending
    kept: Ints  #: buckets of words and pairs with a weight, ascending

    def rows(self, told: Passage) -> sparse.csr_matrix:
        """One row of length 1 per text."""
        row, column = self.found(told)
        texts = len(told.ends)
        value = _length(row, texts)[row].astype(np.float32)
        return sparse.csr_matrix((value, (row, column)), shape=(texts, len(self.kept)))

    def found(self, told: Passage) -> tuple[Ints, Ints]:
        """Which of the kept buckets (second) occur in which text (first, ascending), once each."""
        seen = _once(spans(told, self._is_word), self._is_kept)
        return seen.row, np.searchsorted(self.kept, seen.bucket)

    @cached_property
    def _is_word(self) -> Bits:
        return _among(self.words)

    @cached_property
    def _is_kept(self) -> Bits:
        return _among(self.kept)


@dataclass(frozen=True)
class Pairs:
    """A pairing and what each pair says for each head; half precision."""

    pairing: Pairing
    weights: NDArray[np.float16]  #: kept buckets × heads
    bias: Floats

    def scores(self, told: Passage) -> Floats:
        """Raw scores, texts × heads, and beside them how little was heard: 1 by the root of how much."""
        nothing = np.empty((0, len(self.bias) + 1), dtype=np.float32)
        return np.vstack([nothing, *map(self._scores, told.stretches())])

    def _scores(self, told: Passage) -> Floats:
        row, column = self.pairing.found(told)
        texts = len(told.ends)
        summed = [np.bincount(row, weights=weights, minlength=texts) for weights in self.weights[column].T]
        little = _length(row, texts)[:, None]
        return np.asarray(np.hstack([np.column_stack(summed) * little + self.bias, little]), dtype=np.float32)


def fit(texts: Sequence[str], words_in: int, at_least: int) -> Pairing:
    """Keep the words the cutter finds in `words_in` texts, and what occurs in `at_least`; no label is looked at."""
    words, told = _words(texts, words_in), passage(texts)
    seen = _once(spans(told, _among(words)), _among(np.arange(2**features.HASH_BITS)))
    buckets, count = np.unique(seen.bucket, return_counts=True)
    return Pairing(words=words, kept=buckets[count >= at_least])


def spans(told: Passage, is_word: Bits) -> Spans:
    """Words, each two words of one clause in whatever order, and neighbours in theirs."""
    word, owner, clause = _cut(told, is_word)
    rows, buckets = [owner], [features.spread(word, _WORD)]
    for far in range(1, min(FAR, len(word) - 1) + 1):
        at = np.flatnonzero(clause[far:] == clause[:-far])
        one, other = word[at], word[at + far]
        low, high = np.minimum(one, other), np.maximum(one, other)
        rows.append(owner[at])
        buckets.append(features.spread(low * _BASE + high, _PAIR))
        if far == 1:
            rows.append(owner[at])
            buckets.append(features.spread(one * _BASE + other, _NEIGHBOURS))
    return Spans(row=np.concatenate(rows), bucket=np.concatenate(buckets))


def _cut(told: Passage, is_word: Bits) -> tuple[features.Words, Ints, Ints]:
    """The number of each word, whose it is, and its clause: from the left, each time the longest that is one."""
    codes = told.codes
    place, walls = np.arange(len(codes)), np.flatnonzero(np.isin(codes, _WALLS))
    clause = np.searchsorted(walls, place)
    room = walls[clause] - place  # characters up to the next wall: no word crosses one
    word, size = np.zeros(len(codes), dtype=np.int64), np.ones(len(codes), dtype=np.int64)
    for chars, bucket in zip(SIZES, features.gram_buckets(codes, SIZES), strict=True):
        known = room[: len(bucket)] >= chars
        at = np.flatnonzero(known if chars == 1 else known & _has(is_word, bucket))
        word[at], size[at] = bucket[at], chars
    begins = _begins(place, walls, size, room)
    return word[begins].view(np.uint64), np.searchsorted(told.ends, begins), clause[begins]


def _begins(place: Ints, walls: Ints, size: Ints, room: Ints) -> Ints:
    """Where words begin: what is reached from a wall by going on word by word, twice as far each time."""
    reached = np.zeros(len(place), dtype=np.bool_)
    reached[0:1] = reached[walls[:-1] + 1] = True
    onward = np.minimum(place + size, len(place) - 1)
    for _ in range(int(room.max(initial=0)).bit_length()):
        reached[onward[reached]] = True
        onward = onward[onward]
    return np.flatnonzero(reached & (room > 0))


def _length(row: Ints, texts: int) -> NDArray[np.float64]:
    """What each text's features are multiplied by, so that together they have length 1."""
    return 1 / np.sqrt(np.maximum(np.bincount(row, minlength=texts), 1))


def _once(seen: Spans, kept: Bits) -> Spans:
    """Those buckets, once per text, both ascending."""
    at = np.flatnonzero(_has(kept, seen.bucket))
    once = (seen.row[at] << features.HASH_BITS) | seen.bucket[at]
    once.sort()  # `np.unique` hashes them, which takes forty times as long
    once = once[np.diff(once, prepend=-1) != 0]
    return Spans(row=once >> features.HASH_BITS, bucket=once & (2**features.HASH_BITS - 1))


def _words(texts: Sequence[str], at_least: int) -> Ints:
    """Buckets of the words that the cutter finds in so many texts."""
    told: Counter[str] = Counter()
    for text in texts:
        told.update({word for word in tokenise.cut_joined(text) if 1 < len(word) <= SIZES[-1]})
    often = sorted(word for word, count in told.items() if count >= at_least)
    return np.unique([_bucket(word) for word in often]).astype(np.int64)


def _bucket(word: str) -> int:
    (bucket,) = features.gram_buckets(np.frombuffer(word.encode("utf-32-le"), dtype="<u4"), (len(word),))
    return int(bucket[0])


def _among(buckets: Ints) -> Bits:
    """For every bucket a bit, whether it is one of these: half a megabyte, which stays near the processor."""
    flags = np.zeros(2**features.HASH_BITS, dtype=np.bool_)
    flags[buckets] = True
    return np.packbits(flags, bitorder="little")


def _has(bits: Bits, buckets: Ints) -> Flags:
    shift = (buckets & 7).astype(np.uint8)
    return np.asarray((bits[buckets >> 3] >> shift) & 1, dtype=np.bool_)
