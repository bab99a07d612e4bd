"""Whether two news items are one article: printed again whole, shortened, edited a little, under another headline.

Knows texts only. Two papers that write of one event in their own words are two articles; so are yesterday's and
today's air quality report, which differ in nothing but their figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classify import similar
from classify.similar import Phrases
from classify.similar import Stack
from huanyu import fold

WORTH_A_LOOK = (
    0.05  #: likeness below which nothing is shared but the language; a tenth of a text still has 0.1
)
SHARED = 0.5  #: of the shorter text, word for word: reprints begin at 0.56, reports of one event end at 0.3
ENOUGH = 40  #: runs of eight characters; of a shorter text more must be shared …
NEARLY_ALL = 0.9  #: … namely so much
FIGURES = 0.75  #: of the shorter text's numbers also stand in the longer one
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Piece:
    """One item as it is compared."""

    text: str
    signature: bytes  #: of title and text, from the verdict

    @cached_property
    def phrases(self) -> Phrases:
        return similar.phrases(self.text)

    @cached_property
    def figures(self) -> frozenset[str]:
        return frozenset(NUMBER.findall(fold.numeral(self.text).text))


def worth_a_look(one: Piece, stack: Stack) -> list[int]:
    """Which of the signatures in a stack may belong to the same article: a rough sieve, much faster than reading."""
    return [int(at) for at in np.flatnonzero(similar.likenesses(one.signature, stack) >= WORTH_A_LOOK)]


def same_article(a: Piece, b: Piece) -> bool:
    """Whether one of the two is the other printed again."""
    if similar.likeness(a.signature, b.signature) < WORTH_A_LOOK:
        return False
    shorter = min(len(a.phrases), len(b.phrases))
    needed = SHARED if shorter >= ENOUGH else NEARLY_ALL
    return similar.contained(a.phrases, b.phrases) >= needed and same_figures(a, b)


def same_figures(a: Piece, b: Piece) -> bool:
    """Whether the numbers of the shorter text are in the longer one: a reprint drops figures, it changes none."""
    shorter, longer = sorted((a, b), key=lambda piece: len(piece.phrases))
    if not shorter.figures:
        return True
    return len(shorter.figures & longer.figures) >= FIGURES * len(shorter.figures)
