"""How grave a matter is: 一般, 较大, 重大 or 特别重大, by a table of triggers (config/levels.toml).

The highest rule that fits decides and every one that fits is told; a person confirms and may lower it.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from cases.words import first
from huanyu.bureau import LevelRow
from huanyu.kinds import covers
from huanyu.text import fold

LEVELS: Final = ("一般", "较大", "重大", "特别重大")
MAJOR: Final = frozenset({"重大", "特别重大"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a matter when it is graded."""

    text: str
    kinds: tuple[str, ...] = ()
    urgent: bool = False
    posts: int = 1
    reach: int = 0
    said: tuple[datetime, ...] = ()  #: when each of them said it
    round: int = 1  #: one more each time it was settled and told again
    places: tuple[str, ...] = ()  #: names read by the gazetteer
    press: tuple[tuple[str, str], ...] = ()  #: who of media.toml speaks, and the tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A level and every reason for it, gravest first."""

    level: str
    reasons: tuple[str, ...]
    rules: tuple[str, ...] = ()  #: ids of the rows that fit, in the order of the reasons


def grade(signs: Signs, rows: Iterable[LevelRow], known: Collection[str] = ()) -> Grade:
    """The highest level any row in force gives; 一般 when none fits. `known` rows a person has weighed already."""
    text = fold(signs.text)
    new = (row for row in rows if row.id not in known)
    found = [(row, word) for row in new if (word := _fits(row, signs, text)) is not None]
    found.sort(key=lambda pair: LEVELS.index(pair[0].level), reverse=True)
    reasons = tuple(f"{row.level}：{row.why}{f'（“{word}”）' if word else ''}" for row, word in found)
    level = found[0][0].level if found else LEVELS[0]
    rules = tuple(row.id for row, _ in found)
    return Grade(level=level, reasons=reasons or ("一般：没有升级因素",), rules=rules)


def higher(one: str, other: str) -> str:
    """The graver of two levels: a machine may raise a level, only a person lowers it."""
    return max(one, other, key=LEVELS.index)


def _fits(row: LevelRow, signs: Signs, text: str) -> str | None:
    """The word that decided ("" where none was asked for), or None when the row does not fit."""
    if row.urgent is not None and row.urgent != signs.urgent:
        return None
    if signs.posts < row.posts or signs.reach < row.reach or signs.round < row.rounds:
        return None
    if row.growth and not _grows(signs.said, row.growth, timedelta(hours=row.hours)):
        return None
    seen = [_near(row, signs) if row.near else "", _press(row, signs) if row.media else ""]
    if None in seen:
        return None
    if row.kinds and not any(covers(pattern, kind) for pattern in row.kinds for kind in signs.kinds):
        return None
    if first(row.not_words, text):
        return None
    told = [*(first(words, text) for words in (row.words, row.and_words) if words), *seen]
    return None if None in told else "”“".join(word for word in told if word)


def _near(row: LevelRow, signs: Signs) -> str | None:
    return next((name for name in signs.places if any(word in name for word in row.near)), None)


def _press(row: LevelRow, signs: Signs) -> str | None:
    return next((name for name, tier in signs.press if tier in row.media), None)


def _grows(said: Sequence[datetime], least: int, within: timedelta) -> bool:
    """Whether so many said it within some stretch of that length."""
    moments = sorted(said)
    return any(last - one <= within for one, last in zip(moments, moments[least - 1 :], strict=False))
