"""A batch of texts as arrays of code points: what `tokenise.prepare` and `similar` make of each, by table.

Texts with anything beyond one character for one character go through those two, letter by letter, so the
outcome is theirs for every text. Knows no model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classify import tokenise
from huanyu import text as ground

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST = 1000  #: texts read together: fewer pay more for each of the many steps
WEIGHT = 140_000  #: their characters: what is made of them takes some hundred bytes each for a moment
SIZE = 0x20000  #: code points in the tables; what lies above is rare enough to be read letter by letter
_SLOW = np.uint32(0xFFFFFFFF)
_WALL = "\ue000"  # a private sign: stays itself in every form, and nothing becomes it
_SEP = "\x1e"  # a blank to the expression that finds addresses, and no part of any stored text
_BLANK, _LINE, _RETURN, _ZERO, _APART = map(np.uint32, b" \n\r0\x1e")
_BREAK = np.uint32(ord(tokenise.BREAK))
# Whatever these blocks hold is read one by one; all else but plain Chinese and Hangul is slow.
_BLOCKS = (
    (0x0, 0x530),
    (0x2000, 0x3400),
    (0x4DC0, 0x4E00),
    (0xF900, 0xFB00),
    (0xFE10, 0x10000),
    (0x1F000, 0x1FB00),
)
_AS_THEY_ARE = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0xE000, 0xF900))
_COMPATIBLE = (0xF900, 0xFB00)  # second writings of common signs: to simplify is to write the first
_JAMO = range(0x1100, 0x1200)  # they join into syllables
# What becomes of these depends on their neighbours: the last six are rewritten within some words only.
_DEPENDENT = frozenset("\x02\u200d\u2028\u2029\u1680\u0130\u03a3帐沈藉哩衹瞭甦")
# So are these two, too common to be slow wherever they stand: beside which characters, before and after.
BESIDE = {"坏": ("捏毛土打陶拉一", "土子布"), "覆": ("回答批拜重反函示明申覆", "墓按文校信呈命覆")}


@dataclass(frozen=True, slots=True)
class Batch:
    """Some texts, prepared for the classifier and folded for comparison."""

    codes: Codes  #: the prepared texts, each ended by `tokenise.BREAK`
    ends: Ints  #: where those breaks stand
    letters: Codes  #: letters and digits of the folded texts, one text after the other …
    owner: Ints  #: … and whose they are, ascending but for texts read letter by letter, which come last
    slow: tuple[int, ...]  #: texts read letter by letter; of the others `simplify` changes nothing

    def __len__(self) -> int:
        return len(self.ends)

    def texts(self) -> list[str]:
        """The prepared texts, as `tokenise.prepare` gives them."""
        return self.joined().split(tokenise.BREAK)[:-1]

    def joined(self) -> str:
        """The prepared texts in one string."""
        return _string(self.codes)


@dataclass(frozen=True, slots=True)
class _Tables:
    plain: Codes  #: simplified, lower case; 0 for what is left out
    letter: Codes  #: the same folded; 0 for what is no letter and no digit


def parts(texts: Sequence[str]) -> Iterator[slice]:
    """The texts in parts to be read together."""
    first = weight = 0
    for at, text in enumerate(texts):
        if at > first and (at - first == MOST or weight + len(text) > WEIGHT):
            yield slice(first, at)
            first, weight = at, 0
        weight += len(text)
    if texts:
        yield slice(first, len(texts))


def read(texts: Sequence[str], limit: int) -> Batch:
    """Prepare and fold texts together; of each prepared text the first `limit` characters stay."""
    tables = _tables()
    codes = _codes(_SEP.join(["", *texts, ""]))
    ends = np.cumsum([0, *(len(text) + 1 for text in texts)])
    places = codes.astype(np.intp)
    plain, letter = tables.plain.take(places, mode="clip"), tables.letter.take(places, mode="clip")
    for char, (before, after) in BESIDE.items():
        at = np.flatnonzero(plain == ord(char))
        plain[at[_among(plain[at - 1], before) | _among(plain[at + 1], after)]] = _SLOW
    slow = np.unique(np.searchsorted(ends, np.flatnonzero(plain == _SLOW)) - 1).tolist()
    for row in slow:
        plain[ends[row] + 1 : ends[row + 1]] = 0
        letter[ends[row] + 1 : ends[row + 1]] = 0
    plain[ends] = _APART
    slowly = [tokenise.prepare_and_letters(texts[row]) for row in slow]
    prepared = _marked(_tidy(plain), dict(zip(slow, (one for one, _ in slowly), strict=True)))
    codes, stops = _limited(prepared, limit)
    at = np.flatnonzero(letter != 0)  # three times as fast as of numbers
    letters, owner = letter[at], np.repeat(np.arange(-1, len(texts)), np.diff(ends, prepend=-1))[at]
    if slow:
        folded = [_codes(one) for _, one in slowly]
        letters = np.concatenate([letters, *folded])
        owner = np.concatenate([owner, np.repeat(slow, [len(one) for one in folded])])
    return Batch(codes=codes, ends=stops, letters=letters, owner=owner, slow=tuple(slow))


def _among(codes: Codes, chars: str) -> Flags:
    """Which codes are one of the characters, or left out, so that the next but one may be."""
    return np.asarray((codes[:, None] == _codes("\0" + chars)).any(axis=1))


def _tidy(plain: Codes) -> Codes:
    """Blanks as `normalise` leaves them: one at a time, none beside a line break, at most one empty line."""
    plain = plain[plain != 0]
    if (plain == _RETURN).any():
        plain = plain[:-1][(plain[:-1] != _RETURN) | (plain[1:] != _LINE)]
        plain = np.append(np.where(plain == _RETURN, _LINE, plain), _APART)
    blank = plain == _BLANK
    plain = _without(plain, blank[1:] & blank[:-1])
    blank, line = plain == _BLANK, plain == _LINE
    edge = line | (plain == _APART)
    beside = np.zeros_like(blank)
    beside[1:] = edge[:-1]
    beside[:-1] |= edge[1:]
    plain = plain[~(blank & beside)]
    return _lines(plain) if line.any() else plain


def _lines(plain: Codes) -> Codes:
    line = plain == _LINE
    third = line[2:] & line[1:-1] & line[:-2]
    plain = _without(plain, np.concatenate([[False], third]))
    for _ in range(2):  # at most two are left at either end of a text
        line, edge = plain == _LINE, plain == _APART
        ending = np.zeros_like(line)
        ending[1:] = edge[:-1]
        ending[:-1] |= edge[1:]
        plain = plain[~(line & ending)]
    return plain


def _without(plain: Codes, gone: Flags) -> Codes:
    """Drop what is marked; `gone` begins with the second code."""
    return plain[np.concatenate([[True], ~gone])] if gone.any() else plain


def _marked(plain: Codes, slow: dict[int, str]) -> Codes:
    """Addresses, accounts and numbers as one mark each, and the slow texts put in their places."""
    text = _string(plain)
    marked = tokenise.mark(text)
    if slow:
        parts = marked.split(_SEP)
        for row, prepared in slow.items():
            parts[row + 1] = prepared
        marked = _SEP.join(parts)
    plain = plain if marked == text else _codes(marked)
    digit = (plain - _ZERO) < 10
    plain = np.where(digit, _ZERO, plain)
    return _without(plain, digit[1:] & digit[:-1])


def _limited(plain: Codes, limit: int) -> tuple[Codes, Ints]:
    ends = np.flatnonzero(plain == _APART)
    if len(ends) > 1 and np.diff(ends).max() > limit + 1:
        place = np.arange(len(plain)) - np.repeat(ends, np.diff(ends, append=len(plain)))
        plain = plain[(place <= limit)]
        ends = np.flatnonzero(plain == _APART)
    plain = plain[1:].copy()
    ends = ends[1:] - 1
    plain[ends] = _BREAK
    return plain, ends


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _string(codes: Codes) -> str:
    return codes.tobytes().decode("utf-32-le")


@cache
def _tables() -> _Tables:
    """Both tables, from what `normalise`, `simplify` and `fold` make of each character on its own."""
    plain, letter = np.full(SIZE, _SLOW, dtype=np.uint32), np.zeros(SIZE, dtype=np.uint32)
    for first, end in _AS_THEY_ARE:
        plain[first:end] = letter[first:end] = np.arange(first, end, dtype=np.uint32)
    letter[0xE000:0xF900] = 0  # private signs
    chars = [chr(code) for block in _BLOCKS for code in range(*block)]
    alone = ground.normalise(_WALL.join(f"x{char}x" for char in chars)).split(_WALL)
    settled = [found[1:-1] for found in alone]
    simple = ground.simplify(_WALL.join(settled)).split(_WALL)
    folded = ground.fold(_WALL.join(settled)).split(_WALL)
    letters = ["".join(filter(str.isalnum, fold)) for fold in folded]
    for char, became, same, fold, kept in zip(chars, settled, simple, folded, letters, strict=True):
        if (
            became == same
            and became not in _DEPENDENT
            and _alone(became + fold)
            and max(len(became.lower()), len(kept)) <= 1
        ):
            plain[ord(char)] = ord(became.lower() or "\0")
            letter[ord(char)] = ord(kept or "\0")
    plain[_RETURN] = _RETURN
    plain[[ord(char) for char in (*_traditional(), *_DEPENDENT)]] = _SLOW
    return _Tables(plain=plain, letter=letter)


def _alone(chars: str) -> bool:
    """Whether none of the characters joins with a neighbour."""
    return not any(unicodedata.combining(char) or ord(char) in _JAMO for char in chars)


def _traditional() -> str:
    han = [chr(code) for first, end in (*_AS_THEY_ARE[:2], _COMPATIBLE) for code in range(first, end)]
    simple = ground.simplify(_WALL.join(han)).split(_WALL)
    return "".join(char for char, became in zip(han, simple, strict=True) if char != became)
