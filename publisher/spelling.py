"""Characters that hardly ever stand where they stand, while one they are taken for often does: 关住 for 关注.

Pure; judged by how many letters and replies hold the same two, three and four characters (publisher/data/spelling.npz,
made by `huanyu spelling`: hashes and rounded counts, no words). Must not know any other kind of finding.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from publisher.grams import Codes
from publisher.grams import Grams
from publisher.grams import codes
from publisher.grams import load
from publisher.misspelt import vocabulary
from publisher.reading import REACH
from publisher.reading import Lexicon
from publisher.reading import gain
from publisher.reading import lexicon
from publisher.reading import likelihood
from publisher.reading import words_around
from publisher.slips import TABLE
from publisher.slips import Slip

FILE: Final = "spelling.npz"
FEATURES: Final = (
    2 * (2 * ORDERS - 1) + 4
)  #: how common what stands is, what might stand; by order, as words; see `_features`
SEEN: Final = 1  #: of the three triples around a character; one that stands in more is never asked about
#: By the length of a word of the lists that seems to have gone wrong, the score below which it is left alone,
DENIED: Final = {2: 0.0, 3: -4.0}
#: unless it reads so much better as words when put right.
GAINED: Final = {2: 12.0, 3: 5.0}
_FORMAL: Final = frozenset("壹贰叁肆伍陆柒捌玖拾")  #: figures, not slips
_FIRST_HAN: Final = 0x4E00

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Speller:
    """What was counted, which characters are taken for which, and how sure one must be, by kind of mistake."""

    grams: Grams
    words: Lexicon
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

    def only(self, rows: NDArray[np.bool_]) -> Options:
        """Some of them."""
        return Options(self.places[rows], self.chars[rows], self.kinds[rows], self.features[rows])

    def scores(self, weights: Floats) -> Floats:
        """How much more likely each is than what stands there."""
        return np.asarray((self.features * weights[self.kinds]).sum(axis=1), dtype=np.float32)


@lru_cache(maxsize=1)
def speller() -> Speller:
    """The shipped one, read when first asked for."""
    with (resources.files("publisher") / "data" / FILE).open("rb") as file:
        grams, extra = load(file)
    return Speller(grams, lexicon(), confusions(grams), extra["weights"], extra["thresholds"])


def unlikely(text: str, judge: Speller | None = None) -> Iterator[Slip]:
    """Every character of a folded text that must be another one gone wrong; at most one in any three."""
    judge = judge or speller()
    found = options(text, judge)
    if found is None:
        return
    margins = found.scores(judge.weights) - judge.thresholds[found.kinds]
    taken: set[int] = set()
    for row in np.argsort(-margins, kind="stable"):
        if margins[row] < 0:
            return
        at = int(found.places[row])
        if taken.isdisjoint((at - 1, at, at + 1)) and not excused(text, at, int(found.kinds[row])):
            taken.add(at)
            yield at, at + 1, chr(int(found.chars[row]))


def believed(text: str, found: Iterable[Slip], judge: Speller | None = None) -> Iterator[Slip]:
    """Those of the words gone wrong that read worse where they stand than the words they are held for."""
    judge = judge or speller()
    for start, end, meant in found:
        wrong = text[start:end]
        changed = [at for at, pair in enumerate(zip(wrong, meant, strict=False)) if pair[0] != pair[1]]
        if wrong in TABLE["never"] or len(wrong) != len(meant) or len(changed) != 1:
            yield start, end, meant
            continue
        place, char = start + changed[0], meant[changed[0]]
        size = min(len(wrong), max(GAINED))
        fits = _score(text, place, char, judge) >= DENIED[size]
        if fits or gain(text, start, end, meant, judge.words) >= GAINED[size]:
            yield start, end, meant


def _score(text: str, place: int, char: str, judge: Speller) -> float:
    """How much more likely a character is than the one that stands there, whatever the kind of mistake."""
    found = options(text, judge, np.array([place]))
    rows = found.chars == ord(char) if found else np.zeros(0, bool)
    return float(found.scores(judge.weights)[rows].max()) if found and rows.any() else -np.inf


def options(text: str, judge: Speller, places: NDArray[np.int64] | None = None) -> Options | None:
    """What might be meant at `places`, or wherever the text is unusual; None where nothing might."""
    coded = codes(text)
    asked = doubtful(coded, judge.grams) if places is None else places
    at, chars, kinds = judge.confusions.at(coded, asked)
    if not len(at):
        return None
    around = _around(coded, asked)
    might = around[at]
    might[:, REACH] = chars
    heard = judge.grams.levels(might[:, REACH - 1 : REACH + 2], 2).any(axis=1)  # or nobody has written it
    at, chars, kinds, might = at[heard], chars[heard], kinds[heard], might[heard]
    if not len(at):
        return None
    return Options(asked[at], chars, kinds, _features(around, at, might, judge))


def _features(around: Codes, at: NDArray[np.int64], might: Codes, judge: Speller) -> Floats:
    """By order how common what stands and what might stand there is; as words too; and a constant."""
    stands = _levels(around, judge.grams)[at]
    both = np.stack([stands, _levels(might, judge.grams)], axis=2).reshape(len(at), -1)
    worded = words_around(around, judge.words)[at], words_around(might, judge.words)
    gained = likelihood(might, judge.words) - likelihood(around, judge.words)[at]
    return np.column_stack([both, *worded, gained, np.ones(len(at), np.float32)]).astype(np.float32)


def doubtful(coded: NDArray[np.uint64], grams: Grams) -> NDArray[np.int64]:
    """Chinese characters of which at most one triple has been seen before."""
    if not len(coded):
        return np.empty(0, np.int64)
    around = np.pad(coded, 2, constant_values=1)
    seen = grams.levels(around, 3) > 0
    count = seen[:-2].astype(np.int8) + seen[1:-1] + seen[2:]
    return np.flatnonzero((coded >= _FIRST_HAN) & (count <= SEEN))


def _around(coded: Codes, places: NDArray[np.int64]) -> Codes:
    return np.asarray(np.pad(coded, REACH, constant_values=1)[places[:, None] + np.arange(2 * REACH + 1)])


def _levels(around: Codes, grams: Grams) -> Floats:
    """By order, the mean level of the groups that hold the middle character; of pairs the lower, of others the highest."""
    groups = [
        grams.levels(around[:, REACH - order + 1 : REACH + order], order) for order in range(1, ORDERS + 1)
    ]
    means = [levels.mean(axis=1) for levels in groups]
    return np.stack([*means, groups[1].min(axis=1), *(levels.max(axis=1) for levels in groups[2:])], axis=1)


def excused(text: str, at: int, kind: int) -> bool:
    """Whether it stands in a known word, or an odd pair stands there twice, as names do and usual mistakes may too."""
    named = KINDS[kind] != USUAL and any(text.count(pair) > 1 for pair in _pairs(text, at))
    return named or text[at] in _FORMAL or in_a_word(text, at)


def in_a_word(text: str, at: int) -> bool:
    """Whether a character stands in a known word of two."""
    return any(pair in vocabulary().known for pair in _pairs(text, at))


def _pairs(text: str, at: int) -> list[str]:
    return [pair for pair in (text[max(0, at - 1) : at + 1], text[at : at + 2]) if len(pair) == 2]
