"""How often groups of one to four characters were seen: sorted hashes with rounded logarithms.

Neither the groups nor their texts can be read from it: 28 bits of a hash, shared by all characters there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO
from typing import Final

import numpy as np
from numpy.typing import NDArray

ORDERS: Final = 4
BITS: Final = 28  #: one group in a hundred that was never seen shares its hash with one that was
_STEPS: Final = 16  #: of a level, on disk
_OTHER, _DIGIT, _LETTER = 1, 2, 3
_HAN: Final = (0x4E00, 0x9FFF)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_STIR: Final = np.uint64(0xBF58476D1CE4E5B9)

Codes = NDArray[np.uint64]
Keys = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """Hashes in order and 1 + ln(texts) of each; 0 is for what was never seen."""

    keys: Keys
    counted: NDArray[np.float32]

    def levels(self, coded: Codes, order: int) -> NDArray[np.float32]:
        """The level of every group of `order` characters along the last axis."""
        asked = hashes(coded, order)
        flat, back = np.unique(asked, return_inverse=True)
        at = np.searchsorted(self.keys, flat)
        at[at == len(self.keys)] = 0
        found = np.where(self.keys[at] == flat, self.counted[at], np.float32(0))
        return np.asarray(found[back.reshape(asked.shape)], dtype=np.float32)


def codes(text: str) -> Codes:
    """Chinese characters as they are; digits, letters and all the rest as one character each."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    digit = (points >= ord("0")) & (points <= ord("9"))
    lower = points | np.uint64(0x20)
    letter = (lower >= ord("a")) & (lower <= ord("z"))
    han = (points >= _HAN[0]) & (points <= _HAN[1])
    return np.select([han, digit, letter], [points, np.uint64(_DIGIT), np.uint64(_LETTER)], np.uint64(_OTHER))


def hashes(coded: Codes, order: int) -> Keys:
    """The hash of every group of `order` characters along the last axis."""
    length = coded.shape[-1] - order + 1
    mixed = np.full((*coded.shape[:-1], max(0, length)), np.uint64(order))
    for step in range(order):
        mixed = mixed * _MIX + coded[..., step : step + length]
        mixed ^= mixed >> np.uint64(31)
        mixed *= _STIR
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(64 - BITS)).astype(np.uint32)


def made(keys: Keys, texts: NDArray[np.int64]) -> Grams:
    """From hashes in order and the number of texts that hold each."""
    return Grams(keys, (_rounded(texts) / _STEPS).astype(np.float32))


def _rounded(texts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.clip(np.round((1 + np.log(texts)) * _STEPS), 1, 255).astype(np.uint8)


def save(file: IO[bytes], grams: Grams, extra: Mapping[str, NDArray[np.float32]]) -> None:
    """Gaps between hashes instead of hashes: two planes of bytes, most of the second zero."""
    gaps = np.diff(grams.keys, prepend=np.uint32(0))
    if len(gaps) and gaps.max() >= 1 << 16:
        raise ValueError("too few groups to be stored as gaps")
    low, high = (gaps & 0xFF).astype(np.uint8), (gaps >> 8).astype(np.uint8)
    levels = np.round(grams.counted * _STEPS).astype(np.uint8)
    np.savez_compressed(file, allow_pickle=False, low=low, high=high, levels=levels, **extra)


def load(file: IO[bytes]) -> tuple[Grams, dict[str, NDArray[np.float32]]]:
    """What `save` wrote; nothing in the file can be run."""
    with np.load(file, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    gaps = arrays.pop("low").astype(np.uint32) | arrays.pop("high").astype(np.uint32) << np.uint32(8)
    levels = arrays.pop("levels").astype(np.float32) / _STEPS
    return Grams(np.cumsum(gaps, dtype=np.uint32), levels), arrays
