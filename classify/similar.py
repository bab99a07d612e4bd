"""The same text told twice: MinHash signatures of character shingles and their likeness.

Knows texts only; whether two cases are one matter is decided by `cases.intake`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from classify import glyphs
from classify import tokenise
from classify.glyphs import Batch
from classify.glyphs import Ints

SIZE = 128  #: values per signature: standard error of the likeness ≤ 0.045 from some 25 characters on
PHRASE = 8  #: characters: who writes for himself seldom hits on eight of another's in a row
_WIDTH = np.dtype(
    "<u2"
)  # signatures of the former kind had four bytes a value: another length is like nothing
_EMPTY = np.uint16(0xFFFF)
_TURNS = 16  #: other boxes looked into at once
_SHELF = 256 * SIZE  #: boxes filled together: to look into others takes some hundred bytes for each empty one
_STRETCH = 1 << 14  #: shingles thrown together: what is made of them stays near the processor
_ROUNDS = 4  #: every shingle is thrown into as many boxes: fewer leave short texts with too few
_PRIME = np.uint64(1_000_003)

Phrases: TypeAlias = npt.NDArray[np.uint64]
Stack: TypeAlias = npt.NDArray[np.uint16]
Hashes: TypeAlias = npt.NDArray[np.uint64]


def signature(text: str) -> bytes:
    """MinHash of a text, 256 bytes; empty for a text without a letter or digit."""
    return signatures((text,))[0]


def current(kept: bytes, text: str) -> bytes:
    """A stored signature of this text, made anew where it is of a former kind."""
    return kept if len(kept) in (0, SIZE * _WIDTH.itemsize) else signature(text)


def signatures(texts: Sequence[str]) -> list[bytes]:
    """MinHash of each text; texts that differ in punctuation, script or case only have the same one."""
    return [made for part in glyphs.parts(texts) for made in of_batch(glyphs.read(texts[part], limit=0))]


def of_batch(batch: Batch) -> list[bytes]:
    """The signatures of texts that are read already.

    Each shingle is thrown into a few of 128 boxes, where the smallest stays; an empty box takes over what another
    holds (one-permutation hashing with densification): as good as 128 hashes of each shingle, and far cheaper.
    """
    lowest = np.full(len(batch) * SIZE, _EMPTY, dtype=_WIDTH)
    pairs = _shingles(batch)
    for first in range(0, len(pairs), _STRETCH):
        some = slice(first, first + _STRETCH)
        for box, value in _throws(pairs[some], batch.owner[some]):
            np.minimum.at(lowest, box, value)
    packed = b"".join(_filled(lowest[at : at + _SHELF]).tobytes() for at in range(0, len(lowest), _SHELF))
    told = np.zeros(len(batch), dtype=bool)
    told[batch.owner] = True
    size = SIZE * _WIDTH.itemsize
    return [packed[at * size : (at + 1) * size] if some else b"" for at, some in enumerate(told.tolist())]


def _shingles(batch: Batch) -> Hashes:
    """For each letter itself and the next as one number; for the last of a text the pair before, or it alone.

    Pairs: one changed word in forty leaves 0.8; two strangers complaining of one thing stay below 0.3.
    """
    pairs = batch.letters.astype(np.uint64) << np.uint64(32)
    if len(pairs):
        last = np.flatnonzero(np.append(batch.owner[1:] != batch.owner[:-1], True))
        alone = np.diff(last, prepend=-1) == 1
        lone = pairs[last]
        pairs[:-1] |= batch.letters[1:]
        pairs[last] = np.where(alone, lone, pairs[last - 1])
    return pairs


def _throws(pairs: Hashes, owner: Ints) -> Iterator[tuple[Ints, Stack]]:
    """For each round the box each shingle falls into, and with which value: round and value have 4 + 12 bits."""
    first = owner * SIZE
    hashes = _mixed(pairs)
    for throw in range(_ROUNDS):
        if throw == 2:
            hashes = _mixed(hashes + np.uint64(throw))
        half = hashes >> np.uint64(32) if throw % 2 else hashes & np.uint64(0xFFFFFFFF)
        value = half.astype(_WIDTH)
        value &= np.uint16(0xFFF)
        value |= np.uint16(throw << 12)
        half >>= np.uint64(25)
        box = half.view(np.int64)
        box += first
        yield box, value


def _filled(lowest: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Every empty box takes what the first full one holds, in an order of its own."""
    filled, empty = lowest.copy(), np.flatnonzero(lowest == _EMPTY)
    order = _orders()
    for turn in range(0, SIZE - 1, _TURNS):
        if not len(empty):
            break
        box = empty % SIZE
        found = lowest[(empty - box)[:, None] + order[box, turn : turn + _TURNS]]
        first = (found != _EMPTY).argmax(axis=1)[:, None]
        taken = np.take_along_axis(found, first, axis=1)[:, 0]
        full = taken != _EMPTY
        filled[empty[full]] = taken[full]
        empty = empty[~full]
    return filled


@cache
def _orders() -> Ints:
    """For each box the others, each in an order of its own and always the same."""
    dice = _mixed(np.arange(SIZE * SIZE, dtype=np.uint64)).reshape(SIZE, SIZE)
    np.fill_diagonal(dice, np.iinfo(np.uint64).max)  # itself comes last
    return np.argsort(dice, axis=1, kind="stable")


def _mixed(value: Hashes) -> Hashes:
    """The finaliser of SplitMix64; stored signatures depend on it."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    shifted = value >> np.uint64(27)
    value ^= shifted
    value *= np.uint64(0x94D049BB133111EB)
    value ^= np.right_shift(value, np.uint64(31), out=shifted)
    return value


def likeness(a: bytes, b: bytes) -> float:
    """Estimated share of common shingles (Jaccard), 0–1; an empty or foreign signature is like nothing."""
    if not a or len(a) != len(b):
        return 0.0
    same = np.frombuffer(a, dtype=_WIDTH) == np.frombuffer(b, dtype=_WIDTH)
    return int(np.count_nonzero(same)) / len(same)


def stacked(signatures: Sequence[bytes]) -> Stack:
    """Signatures one above the other, for `likenesses`; a foreign or empty one is like nothing."""
    rows = (
        one if len(one) == SIZE * _WIDTH.itemsize else bytes(SIZE * _WIDTH.itemsize) for one in signatures
    )
    return np.frombuffer(b"".join(rows), dtype=_WIDTH).reshape(-1, SIZE)


def likenesses(signature: bytes, stack: Stack) -> npt.NDArray[np.float64]:
    """The likeness of one signature to each of a stack, as `likeness` estimates it."""
    if len(signature) != SIZE * _WIDTH.itemsize:
        return np.zeros(len(stack))
    same = np.count_nonzero(stack == np.frombuffer(signature, dtype=_WIDTH), axis=1)
    return np.asarray(same / SIZE, dtype=np.float64)


def phrases(text: str) -> Phrases:
    """What `contained` compares: every run of eight letters and digits of a text, as numbers."""
    letters = tokenise.letters(text)
    codes = np.frombuffer(letters.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    runs = max(0, len(codes) - PHRASE + 1)
    total = np.zeros(runs, dtype=np.uint64)
    for at in range(PHRASE):
        total = total * _PRIME + codes[at : at + runs]
    return np.unique(total)


def contained(a: Phrases, b: Phrases) -> float:
    """Share of the shorter text that stands word for word in the longer one, 0–1; nothing is like nothing."""
    shorter = min(len(a), len(b))
    return len(np.intersect1d(a, b, assume_unique=True)) / shorter if shorter else 0.0
