"""How the places of the table are written, and a finder of those writings in a text.

Knows nothing of which mention counts; that is decided in `places`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huanyu.bureau import PlaceRow
from huanyu.text import simplify

_SUFFIX = re.compile("(?:街道|镇|乡)$")
_VILLAGE = re.compile("(?<=[\u4e00-\u9fff]{2}[庄屯寨营楼集堤店铺坟井湾桥岗])(?:村|社区)$")
_HALF = re.compile("[\ud800-\udfff]")
_OFFICES = ("镇", "乡", "街道", "办事处", "街道办", "街道办事处", "街办")

BREAK = "\x02"  #: stands between texts read in one go
MOST = 300  # every name is weighed against every other: more would let one hostile post hold up the desk
_BITS = 17  # more would find fewer false beginnings, but the table must stay in the processor's own memory
_SPREAD = np.uint32(0x9E3779B1)  # odd: Knuth's multiplicative hash

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a place; a strict one counts only with context."""

    row: PlaceRow
    strict: bool
    village: str = ""  #: the village of that township meant, as the table names it


class Hit(NamedTuple):
    """A writing found in a text, and every place it may stand for."""

    start: int
    end: int
    words: str
    forms: tuple[Form, ...]


class Finder:
    """Longest match from the left over a fixed set of words.

    Only where two characters stand together that begin a word is looked any closer; that is found for all texts at
    once, and three times as fast as by an automaton that walks through every character.
    """

    def __init__(self, forms: dict[str, tuple[Form, ...]]) -> None:
        self._forms = forms
        self._lone = sorted({ord(words) for words in forms if len(words) == 1})
        self._sizes = _sizes(forms)
        self._pairs = _table("".join(words[:2] for words in forms if len(words) > 1), 2)
        self._short = _table("".join(words for words in forms if len(words) == 2), 2)
        self._triples = _table("".join(words[:3] for words in forms if len(words) > 2), 3)

    def hits(self, text: str) -> list[Hit]:
        """What stands in the text, in order, without overlaps; of a mere list of names only the first MOST."""
        return self.hits_of_each([text])[0]

    def hits_of_each(self, texts: Sequence[str]) -> list[list[Hit]]:
        """`hits` of each text, from one pass over all of them."""
        found: list[list[Hit]] = [[] for _ in texts]
        ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
        at = self._promising(_codes(BREAK.join([*texts, ""])))
        owner = np.searchsorted(ends, at, side="right")
        at += (np.diff(ends, prepend=0) - ends)[owner]
        number, done, forms_of, sizes_of = -1, 0, self._forms.get, self._sizes.get
        for row, start in zip(owner.tolist(), at.tolist(), strict=True):
            if row != number:
                number, done, text, hits = row, 0, texts[row], found[row]
            if start < done:
                continue
            begin = text[start : start + 3]
            for size in sizes_of(begin) or sizes_of(begin[:2]) or (1,):
                words = text[start : start + size]
                forms = forms_of(words)
                if forms is not None and len(hits) < MOST:
                    done = start + size
                    hits.append(Hit(start, done, words, forms))
                    break
        return found

    def _promising(self, codes: Codes) -> NDArray[np.int64]:
        """Where a word may begin."""
        pairs = _hashed((codes[:-1], codes[1:]))
        at = np.flatnonzero(self._pairs.take(pairs))
        three = codes.take(at[:, None] + np.arange(3), mode="clip")
        at = at[self._short[pairs[at]] | self._triples[_hashed(three.T)]]
        return np.union1d(at, np.flatnonzero(np.isin(codes[:-1], self._lone))) if self._lone else at


def _sizes(words: Collection[str]) -> dict[str, tuple[int, ...]]:
    """How long the words are, longest first, that begin with the same three characters, or two, or one."""
    sizes: dict[str, set[int]] = {}
    for word in words:
        sizes.setdefault(word[:3], set()).add(len(word))
    for begin in [*sizes]:
        sizes[begin].update(len(short) for short in (begin[:1], begin[:2]) if short in words)
    return {begin: tuple(sorted(found, reverse=True)) for begin, found in sizes.items()}


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _table(words: str, size: int) -> NDArray[np.bool_]:
    """Which numbers the words have, all of one size."""
    table = np.zeros(2**_BITS, dtype=np.bool_)
    table[_hashed(_codes(words).reshape(-1, size).T)] = True
    return table


def _hashed(columns: Sequence[Codes] | Codes) -> Codes:
    """A number of few bits for each row of codes."""
    total = columns[0]
    for codes in columns[1:]:
        total = total * _SPREAD
        total += codes
    total = total * _SPREAD
    total >>= np.uint32(32 - _BITS)
    return total


def simplified(texts: Sequence[str]) -> list[str]:
    """The texts in simplified characters, converted in one go; half a character, which no text may hold, becomes a blank."""
    joined = BREAK.join(text.replace(BREAK, " ") for text in texts)
    return simplify(_HALF.sub(" ", joined)).split(BREAK) if texts else []


def of_places(rows: Iterable[PlaceRow]) -> dict[str, tuple[Form, ...]]:
    """Every writing of every row."""
    forms: dict[str, tuple[Form, ...]] = {}
    for row in rows:
        for words, strict in writings(row).items():
            forms[words] = (*forms.get(words, ()), Form(row, strict))
    return forms


def of_villages(rows: Iterable[PlaceRow], taken: Collection[str] = ()) -> dict[str, tuple[Form, ...]]:
    """The village names, each with the townships that have such a village; 文明寨村 is also written 文明寨.

    A short name that is `taken` by a place of the table is no village.
    """
    forms: dict[str, tuple[Form, ...]] = {}
    for row in rows:
        for village in row.villages:
            plain = simplify(village)
            short = _VILLAGE.sub("", plain)
            for words in {plain, plain if short in taken else short}:
                forms[words] = (*forms.get(words, ()), Form(row, strict=True, village=village))
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
