"""Texts to sparse rows: hashed character n-grams, lexicon and form counts; what training reads.

Knows no labels and no scikit-learn. Every n-gram is a span of the joined texts, hashed by differences of one running
polynomial, so a batch costs a few array operations. `scoring` gives the same scores in fewer passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from functools import cached_property

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classify import tokenise

HASH_BITS = 22  #: 4 million buckets, of which the commonest are kept: few of those share one
GRAMS = (1, 2, 3, 4)  #: characters

Words = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

BASE = 0x9E3779B97F4A7C15  # odd, so it has an inverse modulo 2**64
_INVERSE = pow(BASE, -1, 2**64)
CHAR = 1  # name space; n-grams add their size
MARKS = ("!", "?", "。", ",", "#", "@", "\x03", "0", "【", "《", "“", "...", "~", "[", ":", "\n")
LENGTHS = (15, 30, 60, 100, 160, 230)
PLAIN = str.maketrans("！？，～：…", "!?,~:.")


@dataclass(frozen=True, slots=True)
class Spans:
    """Hashed features of a batch, one entry per occurrence."""

    row: Ints  #: text
    bucket: Ints  #: hash


@dataclass(frozen=True)
class Lexicon:
    """Word groups counted as one feature each; part of the model, so it cannot drift from the weights."""

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]

    def counts(self, texts: Sequence[str]) -> Floats:
        """Scaled log(1 + hits) per text and group; a hit inside a longer hit of another group counts too."""
        owner = [group for group, words in enumerate(self.groups) for _ in words]
        hits = np.zeros((len(texts), len(self.names)), dtype=np.int64)
        for row, text in enumerate(texts):
            for pattern, _, _ in self._finder.find_matches_as_indexes(text, overlapping=True):
                hits[row, owner[pattern]] += 1
        return group_values(hits)

    @cached_property
    def _finder(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick([word for words in self.groups for word in words])


@dataclass(frozen=True)
class Featuriser:
    """Prepared texts to rows of [form | lexicon | kept buckets]."""

    lexicon: Lexicon
    kept: Ints  #: buckets with a weight, ascending
    idf: Floats  #: of each kept bucket
    grams: tuple[int, ...] = GRAMS

    @property
    def dense(self) -> int:
        return len(MARKS) + len(LENGTHS) + 1 + len(self.lexicon.names)

    @property
    def width(self) -> int:
        return self.dense + len(self.kept)

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row per prepared text, float32; its n-grams together have length 1."""
        found = spans(texts, self.grams)
        column = self.columns(found.bucket)
        known = column >= 0
        row, column = found.row[known], column[known]
        value = _unit(self.idf[column], row, len(texts))
        hashed = sparse.csr_matrix((value, (row, column)), shape=(len(texts), len(self.kept)))
        shown = np.hstack([form(texts), self.lexicon.counts(texts)])
        return sparse.hstack([sparse.csr_matrix(shown), hashed], format="csr", dtype=np.float32)

    def columns(self, buckets: Ints) -> Ints:
        """Position among the kept buckets, -1 for one that is not kept."""
        return self.slots[buckets].astype(np.int64)

    @cached_property
    def slots(self) -> NDArray[np.int32]:
        return slots(self.kept)


def slots(kept: Ints) -> NDArray[np.int32]:
    """For every bucket its position among the kept ones, or -1."""
    slots = np.full(2**HASH_BITS, -1, dtype=np.int32)
    slots[kept] = np.arange(len(kept), dtype=np.int32)
    return slots


def fit(
    texts: Sequence[str],
    lexicon: Lexicon,
    at_least: int,
    at_most: int,
    grams: tuple[int, ...] = GRAMS,
) -> Featuriser:
    """Keep the `at_most` commonest buckets seen in `at_least` texts; no label is looked at."""
    found = spans(texts, grams)
    pairs = np.unique(found.bucket * len(texts) + found.row)
    buckets, seen = np.unique(pairs // len(texts), return_counts=True)
    often = seen >= at_least
    buckets, seen = buckets[often], seen[often]
    top = np.sort(np.argsort(-seen, kind="stable")[:at_most])
    idf = 1 + np.log((1 + len(texts)) / (1 + seen[top]))
    return Featuriser(lexicon=lexicon, kept=buckets[top], idf=idf.astype(np.float32), grams=grams)


def spans(texts: Sequence[str], grams: Sequence[int] = GRAMS) -> Spans:
    """All n-grams; they see the end of a text, none crosses it."""
    joined = tokenise.BREAK.join([*texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    running, back = _running(codes)
    parts = [_grams(running, back, owner, size) for size in grams]
    row, bucket = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Spans(row=row, bucket=bucket)


def gram_buckets(codes: NDArray[np.uint32], sizes: Sequence[int]) -> Iterator[Ints]:
    """For each size the bucket of the n-gram that begins at each code, as `spans` gives it; breaks are not heeded."""
    known = _known()
    if codes.max(initial=0) >= len(known.spread):
        known, codes = _chars(codes), np.arange(len(codes), dtype=np.uint32)
    code = known.spread.take(codes)
    gram = code.copy()
    for size in range(1, max(sizes) + 1):
        if size > 1:
            gram = gram[1:]
            gram *= np.uint64(BASE)
            gram += code[: len(gram)]
        if size in sizes:
            yield known.bucket.take(codes) if size == 1 else spread(gram, CHAR + size)


@dataclass(frozen=True, slots=True)
class _Chars:
    """What the n-grams of some characters are computed from."""

    spread: Words
    bucket: Ints  #: of each alone


@cache
def _known() -> _Chars:
    """Of nearly all characters there are, so that it need not be computed for each text."""
    return _chars(np.arange(2**17, dtype=np.uint32))


def _chars(codes: NDArray[np.uint32]) -> _Chars:
    alone = _mix(codes.astype(np.uint64))
    return _Chars(spread=alone, bucket=spread(alone, CHAR + 1))


def form(texts: Sequence[str]) -> Floats:
    """What a text looks like: marks per text (log), steps of its length, share of marks."""
    plain = [text.translate(PLAIN) for text in texts]
    counts = np.array([[text.count(mark) for mark in MARKS] for text in plain], dtype=np.int64)
    return form_values(
        counts.reshape(len(texts), len(MARKS)), np.array([len(text) for text in texts], np.int64)
    )


def form_values(counts: Ints, lengths: Ints) -> Floats:
    """The form features of texts by their marks (texts × MARKS) and lengths."""
    steps = lengths[:, None] > np.array(LENGTHS)
    share = counts.sum(axis=1) / np.maximum(lengths, 1)
    table = np.column_stack([np.log1p(counts), steps, share]).astype(np.float32)
    return table * np.float32(0.06)  # n-gram blocks have length 1: at 0.3 the form outshouts them (P −0.015)


def group_values(hits: Ints) -> Floats:
    """The features of word groups by their hits."""
    return np.log1p(hits).astype(np.float32) * np.float32(0.6)  # at 0.2 urgency hardly hears them


def _running(codes: Words) -> tuple[Words, Words]:
    """Prefix sums of codes × base^i, and the powers that shift a difference back to position 0."""
    size = len(codes) + 1
    power = np.cumprod(np.full(size, BASE, dtype=np.uint64), dtype=np.uint64)
    back = np.cumprod(np.full(size, _INVERSE, dtype=np.uint64), dtype=np.uint64)
    running = np.zeros(size, dtype=np.uint64)
    np.cumsum(_mix(codes) * power[:-1], out=running[1:])
    return running, back


def _grams(running: Words, back: Words, owner: Ints, size: int) -> tuple[Ints, Ints]:
    start = np.arange(max(len(owner) - size + 1, 0))
    start = start[owner[start] == owner[start + size - 1]]
    return owner[start], _bucket(running, back, start, start + size, CHAR + size)


def _bucket(running: Words, back: Words, start: Ints, end: Ints, space: int) -> Ints:
    return spread((running[end] - running[start]) * back[start], space)


def spread(value: Words, space: int) -> Ints:
    """Hashes to buckets of a name space: the highest bits of `_mix`, which its last step leaves as they are."""
    value = _half_mixed(value + np.uint64(space * 0xD1342543DE82EF95 % 2**64))
    value >>= np.uint64(64 - HASH_BITS)
    return value.view(np.int64)


def _mix(value: Words) -> Words:
    """The finaliser of SplitMix64: spreads neighbouring codes over all bits; `value` is used up."""
    value = _half_mixed(value)
    value ^= value >> np.uint64(31)
    return value


def _half_mixed(value: Words) -> Words:
    """All of `_mix` but its last step; `value` is used up."""
    shifted = value >> np.uint64(30)
    value ^= shifted
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= np.right_shift(value, np.uint64(27), out=shifted)
    value *= np.uint64(0x94D049BB133111EB)
    return value


def _unit(value: Floats, group: Ints, groups: int) -> Floats:
    """Scale each group of values to Euclidean length 1."""
    length = np.sqrt(np.bincount(group, weights=np.square(value), minlength=groups))
    return (value / np.maximum(length, 1e-9)[group]).astype(np.float32)
