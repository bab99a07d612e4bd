"""Which row of weights each n-gram has, and the lexicon's words by the rows of the n-grams they begin with.

Frequent rows stand together, near the processor; those a word may begin with come last, so that they are seen at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify import features
from classify.features import Featuriser
from classify.features import Ints
from classify.features import Lexicon
from classify.glyphs import Batch

Slots = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all groups, ascending by the slot of the n-gram each begins with."""

    slot: Slots
    column: Ints  #: of that n-gram's size
    codes: NDArray[np.uint32]  #: words × the longest; nothing after the end of a shorter one
    group: Ints
    groups: int

    def counts(self, batch: Batch, at: Ints, slots: Slots, columns: int) -> Ints:
        """How often each text has a word of each group: `slots` and where they are, `columns` for each code."""
        near = np.flatnonzero(slots >= self.slot[0])
        first = np.searchsorted(self.slot, slots[near])
        several = np.searchsorted(self.slot, slots[near], side="right") - first
        word = np.repeat(first - np.cumsum(several) + several, several) + np.arange(several.sum())
        start, column = np.divmod(np.repeat(at[near], several), columns)
        meant = self.codes[word]
        said = batch.codes.take(start[:, None] + np.arange(meant.shape[1]), mode="clip")
        stands = (column == self.column[word]) & ((said == meant) | (meant == 0)).all(axis=1)
        cell = np.searchsorted(batch.ends, start[stands]) * self.groups + self.group[word[stands]]
        return np.bincount(cell, minlength=len(batch) * self.groups).reshape(len(batch), self.groups)


@dataclass(frozen=True, slots=True)
class Layout:
    """The slots of all buckets."""

    slots: Slots  #: of every bucket, or -1
    kept: Ints  #: which of the kept buckets each slot has, or -1 where only words begin
    words: Words | None  #: None where there are none, or one is shorter than every n-gram


def layout(featuriser: Featuriser) -> Layout:
    """The kept buckets and those that words begin with, each with a slot of its own."""
    told = [word for group in featuriser.lexicon.groups for word in group]
    sizes = [max((size for size in featuriser.grams if size <= len(word)), default=0) for word in told]
    usable = bool(told) and all(sizes)
    begins = np.array(
        [_bucket(word, size) for word, size in zip(told, sizes, strict=True) if usable], np.int64
    )
    slots = features.slots(featuriser.kept)
    strange = np.unique(begins[slots[begins] < 0])
    buckets = np.concatenate([featuriser.kept, strange])
    kept = np.concatenate([np.arange(len(featuriser.kept)), np.full(len(strange), -1)])
    slots[strange] = np.arange(len(featuriser.kept), len(buckets))
    begun = np.zeros(len(buckets), dtype=np.bool_)
    begun[slots[begins]] = True
    order = np.lexsort((np.append(featuriser.idf, np.zeros(len(strange))), begun))
    slots[buckets[order]] = np.arange(len(buckets), dtype=np.int32)
    words = _words(featuriser, told, sizes, slots[begins]) if usable else None
    return Layout(slots=slots, kept=kept[order], words=words)


def _words(featuriser: Featuriser, told: Sequence[str], sizes: Sequence[int], slot: Slots) -> Words:
    order = np.argsort(slot, kind="stable")
    return Words(
        slot=slot[order],
        column=np.array([featuriser.grams.index(size) for size in sizes])[order],
        codes=_codes(told)[order],
        group=_owner(featuriser.lexicon)[order],
        groups=len(featuriser.lexicon.groups),
    )


def _owner(lexicon: Lexicon) -> Ints:
    return np.repeat(np.arange(len(lexicon.groups)), [len(words) for words in lexicon.groups])


def _bucket(word: str, size: int) -> int:
    (bucket,) = features.gram_buckets(_codes([word[:size]])[0], (size,))
    return int(bucket[0])


def _codes(words: Sequence[str]) -> NDArray[np.uint32]:
    longest = max(map(len, words))
    padded = "".join(word.ljust(longest, "\0") for word in words)
    return np.frombuffer(padded.encode("utf-32-le"), dtype="<u4").reshape(len(words), longest)
