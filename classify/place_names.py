"""How the places of the table are written, and a finder of those writings in a text.

Knows nothing of which mention counts; that is decided in `places`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick
from ahocorasick_rs import MatchKind

from huanyu.bureau import PlaceRow

_SUFFIX = re.compile("(?:街道|镇|乡)$")
_OFFICES = ("镇", "乡", "街道", "办事处", "街道办", "街道办事处", "街办")


MOST = 300  # every name is weighed against every other: more would let one hostile post hold up the desk


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a place; a strict one counts only with context."""

    row: PlaceRow
    strict: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A writing found in a text, and every place it may stand for."""

    start: int
    end: int
    words: str
    forms: tuple[Form, ...]


class Finder:
    """Longest match from the left over a fixed set of words."""

    def __init__(self, forms: dict[str, tuple[Form, ...]]) -> None:
        self._words = tuple(forms)
        self._forms = tuple(forms.values())
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def hits(self, text: str) -> list[Hit]:
        """What stands in the text, in order, without overlaps; of a mere list of names only the first MOST."""
        return [
            Hit(start, end, self._words[index], self._forms[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text)[:MOST]
        ]


def of_places(rows: Iterable[PlaceRow]) -> dict[str, tuple[Form, ...]]:
    """Every writing of every row."""
    forms: dict[str, tuple[Form, ...]] = {}
    for row in rows:
        for words, strict in writings(row).items():
            forms[words] = (*forms.get(words, ()), Form(row, strict))
    return forms


def of_villages(rows: Iterable[PlaceRow]) -> dict[str, tuple[Form, ...]]:
    """The village names, each with the townships that have such a village."""
    forms: dict[str, tuple[Form, ...]] = {}
    for row in rows:
        for village in row.villages:
            forms[village] = (*forms.get(village, ()), Form(row, strict=True))
    return forms


def writings(row: PlaceRow) -> dict[str, bool]:
    """Every way to write a place, and whether that way needs context.

    A township is also found by its office and by the suffix it had before (许营乡, 许营镇, 许营办事处).
    """
    written = {row.name: row.needs_context}
    stem = _SUFFIX.sub("", row.name)
    if row.level == "township" and len(stem) >= 2:
        written |= {stem + office: row.needs_context for office in _OFFICES}
    return written | {alias.rstrip("?"): alias.endswith("?") for alias in row.aliases}
