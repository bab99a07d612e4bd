"""How well characters read as words: the likeliest way to cut them into words of a dictionary.

Pure; the dictionary is publisher/data/reading.npz, made by `huanyu spelling`: hashes and rounded frequencies, no
words. Must not know any kind of finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from publisher.grams import ORDERS
from publisher.grams import Codes
from publisher.grams import Grams
from publisher.grams import codes
from publisher.grams import load

FILE: Final = "reading.npz"
REACH: Final = 6  #: characters on either side that a change is judged with
_NEVER: Final = -np.inf

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Words of up to four characters with 1 + ln(frequency), and the same of all words together."""

    words: Grams
    total: float


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped one, read when first asked for."""
    with (resources.files("publisher") / "data" / FILE).open("rb") as file:
        words, extra = load(file)
    return Lexicon(words, float(extra["total"][0]))


def likelihood(coded: Codes, known: Lexicon) -> Floats:
    """ln of how likely each row is as words; a character that is no word counts as one of frequency 1/e."""
    width = coded.shape[-1]
    levels = [known.words.levels(coded, order) for order in range(1, min(ORDERS, width) + 1)]
    best = [np.zeros(coded.shape[0], np.float32)]
    for end in range(1, width + 1):
        ways = [best[end - 1] + levels[0][:, end - 1] - known.total]
        for order in range(2, min(ORDERS, end) + 1):
            level = levels[order - 1][:, end - order]
            ways.append(np.where(level > 0, best[end - order] + level - known.total, _NEVER))
        best.append(np.max(ways, axis=0).astype(np.float32))
    return best[-1]


def words_around(coded: Codes, known: Lexicon) -> Floats:
    """For each row the level of the commonest word that holds its middle character and another; 0 for none."""
    middle = coded.shape[-1] // 2
    groups = [
        known.words.levels(coded[:, middle - order + 1 : middle + order], order)
        for order in range(2, ORDERS + 1)
    ]
    return np.asarray(np.concatenate(groups, axis=1).max(axis=1), dtype=np.float32)


def gain(text: str, start: int, end: int, meant: str, known: Lexicon | None = None) -> float:
    """How much better a text reads with `meant` for what stands from `start` to `end`."""
    known = known or lexicon()
    before, after = text[max(0, start - REACH) : start], text[end : end + REACH]
    stands, might = (
        likelihood(codes(before + middle + after)[None, :], known) for middle in (text[start:end], meant)
    )
    return float(might[0] - stands[0])
