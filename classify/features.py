"""Texts to sparse rows: hashed character n-grams and words, lexicon and form counts.

One code path for training and serving; knows no labels and no scikit-learn. Every n-gram and word is a span
of the joined texts, hashed by differences of one running polynomial, so a batch costs a few array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

_BASE = 0x9E3779B97F4A7C15  # odd, so it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 2**64)
_CHAR, _WORD, _PAIR = 1, 101, 102  # name spaces; n-grams use 1…4
_MARKS = ("!", "?", "。", ",", "#", "@", "\x03", "0", "【", "《", "“", "...", "~", "[", ":", "\n")
_LENGTHS = (15, 30, 60, 100, 160, 230)
_ASCII = str.maketrans("！？，～：…", "!?,~:.")


@dataclass(frozen=True, slots=True)
class Spans:
    """Hashed features of a batch, one entry per occurrence."""

    row: Ints  #: text
    bucket: Ints  #: hash
    block: Ints  #: 0 characters, 1 words: each block has length 1 of its own


@dataclass(frozen=True)
class Lexicon:
    """Word groups counted as one feature each; part of the model, so it cannot drift from the weights."""

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]

    def counts(self, texts: Sequence[str]) -> Floats:
        """Scaled log(1 + hits) per text and group; a hit inside a longer hit of another group counts too."""
        owner = [group for group, words in enumerate(self.groups) for _ in words]
        hits = np.zeros((len(texts), len(self.names)), dtype=np.float32)
        for row, text in enumerate(texts):
            for pattern, _, _ in self._finder.find_matches_as_indexes(text, overlapping=True):
                hits[row, owner[pattern]] += 1
        return np.log1p(hits) * np.float32(0.2)  # as `form`: at 1.0 the groups outshout the n-grams

    @cached_property
    def _finder(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick([word for words in self.groups for word in words])


@dataclass(frozen=True)
class Featuriser:
    """Prepared texts to rows of [form | lexicon | kept buckets]."""

    lexicon: Lexicon
    kept: Ints  #: buckets with a weight, ascending
    idf: Floats  #: of each kept bucket

    @property
    def dense(self) -> int:
        return len(_MARKS) + len(_LENGTHS) + 1 + len(self.lexicon.names)

    @property
    def width(self) -> int:
        return self.dense + len(self.kept)

    def rows(self, texts: Sequence[str], words: Sequence[str]) -> sparse.csr_matrix:
        """One row per prepared text, float32, from the texts and their `tokenise.cut`."""
        found = spans(texts, words)
        column = self.columns(found.bucket)
        known = column >= 0
        row, column, block = found.row[known], column[known], found.block[known]
        value = _unit(self.idf[column], row * 2 + block, 2 * len(texts))
        hashed = sparse.csr_matrix((value, (row, column)), shape=(len(texts), len(self.kept)))
        shown = np.hstack([form(texts), self.lexicon.counts(texts)])
        return sparse.hstack([sparse.csr_matrix(shown), hashed], format="csr", dtype=np.float32)

    def columns(self, buckets: Ints) -> Ints:
        """Position among the kept buckets, -1 for one that is not kept."""
        return self._slots[buckets].astype(np.int64)

    @cached_property
    def _slots(self) -> NDArray[np.int32]:
        slots = np.full(2**HASH_BITS, -1, dtype=np.int32)
        slots[self.kept] = np.arange(len(self.kept), dtype=np.int32)
        return slots


def fit(texts: Sequence[str], lexicon: Lexicon, at_least: int, at_most: int) -> Featuriser:
    """Keep the `at_most` commonest buckets seen in `at_least` texts; no label is looked at."""
    found = spans(texts, tokenise.cut(texts))
    pairs = np.unique(found.bucket * len(texts) + found.row)
    buckets, seen = np.unique(pairs // len(texts), return_counts=True)
    often = seen >= at_least
    buckets, seen = buckets[often], seen[often]
    top = np.sort(np.argsort(-seen, kind="stable")[:at_most])
    idf = 1 + np.log((1 + len(texts)) / (1 + seen[top]))
    return Featuriser(lexicon=lexicon, kept=buckets[top], idf=idf.astype(np.float32))


def spans(texts: Sequence[str], words: Sequence[str]) -> Spans:
    """All n-grams, words and word pairs; n-grams see the end of a text, none crosses it."""
    joined = tokenise.BREAK.join([*texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    running, back = _running(codes)
    parts = [_grams(running, back, owner, size) for size in GRAMS]
    parts += _words(running, back, owner, np.fromiter(map(len, words), np.int64, len(words)))
    row, bucket, block = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Spans(row=row, bucket=bucket, block=block)


def form(texts: Sequence[str]) -> Floats:
    """What a text looks like: marks per text (log), steps of its length, share of marks."""
    table = np.zeros((len(texts), len(_MARKS) + len(_LENGTHS) + 1), dtype=np.float32)
    for row, text in enumerate(texts):
        plain = text.translate(_ASCII)
        counts = [plain.count(mark) for mark in _MARKS]
        table[row, : len(_MARKS)] = np.log1p(counts)
        table[row, len(_MARKS) : -1] = [len(text) > length for length in _LENGTHS]
        table[row, -1] = sum(counts) / max(len(text), 1)
    return table * np.float32(0.06)  # n-gram blocks have length 1: at 0.3 the form outshouts them (P −0.015)


def word_buckets(words: Sequence[str]) -> Ints:
    """Bucket of each word on its own, as `spans` gives it."""
    joined = "".join(words)
    running, back = _running(np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64))
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    ends = np.cumsum(sizes)
    return _bucket(running, back, ends - sizes, ends, _WORD)


def _running(codes: Words) -> tuple[Words, Words]:
    """Prefix sums of codes × base^i, and the powers that shift a difference back to position 0."""
    size = len(codes) + 1
    power = np.cumprod(np.full(size, _BASE, dtype=np.uint64), dtype=np.uint64)
    back = np.cumprod(np.full(size, _INVERSE, dtype=np.uint64), dtype=np.uint64)
    running = np.zeros(size, dtype=np.uint64)
    np.cumsum(_mix(codes) * power[:-1], out=running[1:])
    return running, back


def _grams(running: Words, back: Words, owner: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    start = np.arange(max(len(owner) - size + 1, 0))
    start = start[owner[start] == owner[start + size - 1]]
    return owner[start], _bucket(running, back, start, start + size, _CHAR + size), np.zeros_like(start)


def _words(running: Words, back: Words, owner: Ints, lengths: Ints) -> list[tuple[Ints, Ints, Ints]]:
    end = np.cumsum(lengths)
    start: Ints = end - lengths
    pair = np.flatnonzero(owner[start[:-1]] == owner[start[1:]])
    return [
        (owner[start], _bucket(running, back, start, end, _WORD), np.ones_like(start)),
        (owner[start[pair]], _bucket(running, back, start[pair], end[pair + 1], _PAIR), np.ones_like(pair)),
    ]


def _bucket(running: Words, back: Words, start: Ints, end: Ints, space: int) -> Ints:
    salt = np.uint64(space * 0xD1342543DE82EF95 % 2**64)
    mixed = _mix((running[end] - running[start]) * back[start] + salt)
    return (mixed >> np.uint64(64 - HASH_BITS)).astype(np.int64)


def _mix(value: Words) -> Words:
    """The finaliser of SplitMix64: spreads neighbouring codes over all bits."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _unit(value: Floats, group: Ints, groups: int) -> Floats:
    """Scale each group of values to Euclidean length 1."""
    length = np.sqrt(np.bincount(group, weights=np.square(value), minlength=groups))
    return (value / np.maximum(length, 1e-9)[group]).astype(np.float32)
