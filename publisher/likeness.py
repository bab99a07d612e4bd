"""Whether a reply is the reply of another case: the same words, but for the template, numbers, dates and names.

Pure. 沈丘 2018: more than six hundred letters got one answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from huanyu import fold
from huanyu.types import Finding

KIND: Final = "copied"
SHINGLE: Final = 6  # characters
MOST: Final = 0.7  # of a reply's own shingles may stand in another case's reply
LEAST: Final = 30  # shingles of its own; a shorter rest says nothing
_FIELD: Final = re.compile(r"\{[a-z_]+\}")
_VARIES: Final = re.compile(r"https?://\S+|[A-Z]{2}20\d\d-\d+|[0-9零〇一二三四五六七八九十百千万.,:]+")


@dataclass(frozen=True, slots=True)
class Like:
    """The reply most like a text: whose, how much of the text it repeats, and the first clause that is the same."""

    key: str
    share: float
    start: int
    end: int


def nearest(
    text: str, others: Iterable[tuple[str, str]], templates: Iterable[str] = (), names: Iterable[str] = ()
) -> Like | None:
    """The reply (key, text) of `others` that `text` repeats; None where none comes near.

    Sentences of `templates` and `names` of units and places are in every reply and do not count.
    """
    common, known = _common(templates), tuple(names)
    mine = _own(text, common, known)
    if len(mine) < LEAST:
        return None
    best, key, theirs = 0.0, "", frozenset[str]()
    for other, said in others:
        shingles = _own(said, common, known)
        share = len(mine & shingles) / len(mine)
        if share > best:
            best, key, theirs = share, other, shingles
    if best < MOST:
        return None
    return Like(key, best, *next(_clauses(text, theirs), (0, len(text))))


def copied(text: str, like: Like, number: str) -> Finding:
    """What stands against a text that is the reply of case `number`."""
    return Finding(
        kind=KIND,
        start=like.start,
        end=like.end,
        text=text[like.start : like.end],
        reason=f"与 {number} 的答复有 {like.share:.0%} 相同，像是照抄",
        suggestion="写本件查到的事实",
    )


def _common(templates: Iterable[str]) -> frozenset[str]:
    pieces = (piece for template in templates for piece in _FIELD.split(template))
    return frozenset(shingle for piece in pieces for shingle in _shingles(_plain(piece)))


def _own(text: str, common: frozenset[str], names: tuple[str, ...]) -> frozenset[str]:
    for name in names:
        text = text.replace(name, "|")
    own = (shingle for piece in _plain(text).split("|") for shingle in _shingles(piece))
    return frozenset(own) - common


def _plain(text: str) -> str:
    """Words only; a "|" where something stood that differs from case to case."""
    return re.sub(r"[^\u4e00-\u9fffA-Za-z|]+", "", _VARIES.sub("|", fold.plain(text).text))


def _shingles(text: str) -> Iterator[str]:
    return (text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1))


def _clauses(text: str, theirs: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Clauses of the text that stand in the other one as well."""
    for match in re.finditer(r"[^，。；！？\n]+", text):
        shingles = frozenset(shingle for piece in _plain(match[0]).split("|") for shingle in _shingles(piece))
        if shingles and len(shingles & theirs) / len(shingles) >= MOST:
            yield match.span()
