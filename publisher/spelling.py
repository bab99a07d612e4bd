"""Characters that hardly ever stand where they stand, while one they are taken for often does: 关住 for 关注.

Pure; judged by how many letters and replies hold the same two, three and four characters (publisher/data/spelling.npz,
made by `huanyu spelling`: hashes and rounded counts, no words). Must not know any other kind of finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from publisher.confusions import KINDS
from publisher.confusions import USUAL
from publisher.confusions import Confusions
from publisher.confusions import confusions
from publisher.grams import ORDERS
from publisher.grams import Grams
from publisher.grams import codes
from publisher.grams import load
from publisher.misspelt import vocabulary
from publisher.slips import Slip

FILE: Final = "spelling.npz"
FEATURES: Final = 2 * ORDERS + 1  #: how common what stands is, what might stand; by order; and the constant
SEEN: Final = 1  #: of the three triples around a character; one that stands in more is never asked about
WORD: Final = 1.3  #: what it adds that a pair seen nowhere becomes a common word
OFTEN: Final = 5  #: level of a pair that makes it a common word
HEARD: Final = (USUAL, "same")  #: kinds of mistake where that adds
_FIRST_HAN: Final = 0x4E00

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Speller:
    """What was counted, which characters are taken for which, and how sure one must be, by kind of mistake."""

    grams: Grams
    confusions: Confusions
    weights: Floats  #: kinds × features
    thresholds: Floats  #: by kind


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Every character that might be meant at every doubtful place of a text, row by row."""

    places: NDArray[np.int64]
    chars: NDArray[np.uint64]
    kinds: NDArray[np.int8]
    features: Floats

    def scores(self, weights: Floats) -> Floats:
        """How much more likely each is than what stands there."""
        return np.asarray((self.features * weights[self.kinds]).sum(axis=1), dtype=np.float32)


@lru_cache(maxsize=1)
def speller() -> Speller:
    """The shipped one, read when first asked for."""
    with (resources.files("publisher") / "data" / FILE).open("rb") as file:
        grams, extra = load(file)
    return Speller(grams, confusions(grams), extra["weights"], extra["thresholds"])


def unlikely(text: str, judge: Speller | None = None) -> Iterator[Slip]:
    """Every character of a folded text that must be another one gone wrong; at most one in any three."""
    judge = judge or speller()
    found = options(text, judge.grams, judge.confusions)
    if found is None:
        return
    margins = found.scores(judge.weights) - judge.thresholds[found.kinds]
    margins += np.array(
        [
            WORD if -WORD <= margin < 0 and _makes_word(text, found, row, judge.grams) else 0
            for row, margin in enumerate(margins)
        ],
        np.float32,
    )
    taken: set[int] = set()
    for row in np.argsort(-margins, kind="stable"):
        if margins[row] < 0:
            return
        at = int(found.places[row])
        if taken.isdisjoint((at - 1, at, at + 1)) and not _excused(text, at, int(found.kinds[row])):
            taken.add(at)
            yield at, at + 1, chr(int(found.chars[row]))


def options(
    text: str, grams: Grams, confused: Confusions, places: NDArray[np.int64] | None = None
) -> Options | None:
    """What might be meant at `places`, or wherever the text is unusual; None where nothing might."""
    coded = codes(text)
    asked = doubtful(coded, grams) if places is None else places
    at, chars, kinds = confused.at(coded, asked)
    if not len(at):
        return None
    around = _around(coded, asked)
    stands = _levels(around, grams)[at]
    might = around[at]
    might[:, ORDERS - 1] = chars
    both = np.stack([stands, _levels(might, grams)], axis=2).reshape(len(at), -1)
    return Options(asked[at], chars, kinds, np.column_stack([both, np.ones(len(at), np.float32)]))


def doubtful(coded: NDArray[np.uint64], grams: Grams) -> NDArray[np.int64]:
    """Chinese characters of which at most one triple has been seen before."""
    if not len(coded):
        return np.empty(0, np.int64)
    around = np.pad(coded, 2, constant_values=1)
    seen = grams.levels(around, 3) > 0
    count = seen[:-2].astype(np.int8) + seen[1:-1] + seen[2:]
    return np.flatnonzero((coded >= _FIRST_HAN) & (count <= SEEN))


def _makes_word(text: str, found: Options, row: int, grams: Grams) -> bool:
    """Whether a pair nobody has written becomes a common word: 设记 → 设计."""
    if KINDS[found.kinds[row]] not in HEARD:
        return False
    at, char, words = int(found.places[row]), chr(int(found.chars[row])), vocabulary()
    for pair, meant in (
        (text[at - 1 : at + 1], text[at - 1 : at] + char),
        (text[at : at + 2], char + text[at + 1 : at + 2]),
    ):
        known = len(pair) == 2 and meant in words.known and pair not in words.fine
        if known and not grams.levels(codes(pair), 2)[0] and grams.levels(codes(meant), 2)[0] >= OFTEN:
            return True
    return False


def _around(coded: NDArray[np.uint64], places: NDArray[np.int64]) -> NDArray[np.uint64]:
    reach = ORDERS - 1
    return np.asarray(np.pad(coded, reach, constant_values=1)[places[:, None] + np.arange(2 * reach + 1)])


def _levels(around: NDArray[np.uint64], grams: Grams) -> Floats:
    """By order, the mean level of the groups that hold the middle character."""
    middle = ORDERS - 1
    return np.stack(
        [
            grams.levels(around[:, middle - order + 1 : middle + order], order).mean(axis=1)
            for order in range(1, ORDERS + 1)
        ],
        axis=1,
    )


def _excused(text: str, at: int, kind: int) -> bool:
    """Whether it stands in a known word, or an odd pair stands there twice, as names do and usual mistakes may too."""
    pairs = [pair for pair in (text[max(0, at - 1) : at + 1], text[at : at + 2]) if len(pair) == 2]
    named = KINDS[kind] != USUAL and any(text.count(pair) > 1 for pair in pairs)
    return named or any(pair in vocabulary().known for pair in pairs)
