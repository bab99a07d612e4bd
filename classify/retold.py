"""Texts we made up after a text of the corpus: the same sort of matter told anew, and near misses.

Each knows by a hash which text it goes back to, so that none is learnt from where that text is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from classify import corpus
from classify import own_labels
from classify.corpus import Example

RETOLD = Path(__file__).parent / "retold.jsonl"


class Retold(Example):
    """An invented text."""

    like: str = Field(pattern=r"^[0-9a-f]{64}$")  #: hash of the text it was made up after


@dataclass(frozen=True, slots=True)
class Told:
    """The invented texts of a corpus."""

    examples: tuple[Example, ...]
    after: tuple[int, ...]  #: place in the corpus of the text that each goes back to


def load(measured: Sequence[Example], path: Path = RETOLD) -> Told:
    """Those whose model is in the corpus; the others belong to another one. Raises BadInput naming the line."""
    place = {own_labels.key(example.text): at for at, example in enumerate(measured)}
    rows = [corpus.checked(Retold, line, path, number) for number, line in corpus.lines(path)]
    known = [row for row in rows if row.like in place]
    return Told(examples=tuple(known), after=tuple(place[row.like] for row in known))
