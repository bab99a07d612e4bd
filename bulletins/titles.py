"""Where the title of an official paper is broken: lines of like length, a word left whole where its end can be told.

Source: GB/T 9704-2012 7.3.1 (a title of several lines: 词意完整、排列对称、长短适宜).
"""

from __future__ import annotations

import math
import unicodedata
from itertools import combinations
from typing import Final

WIDTH: Final = 20  # characters of 22 pt in a line of 156 mm
#: A word ends here: territories, bodies, days, and what closes a bracket.
_ENDS: Final = frozenset("省市区县镇乡村街道局厅部委司厂站院队科室年月日季度于和及与对件案》”）〕")
#: What a bracket holds belongs to the word before it: 各县（市、区）.
_NEVER_FIRST: Final = frozenset("、，。；：？！》”（）〕的了等号")
_NEVER_LAST: Final = frozenset("《“（〔第")
_QUOTED: Final = 8.0  # and to break inside a quotation
_SPLIT: Final = 4.0  # what it costs, in characters of imbalance, to break where no word is known to end
#: Words that titles of these papers are full of: never broken inside.
_WHOLE: Final = (
    "生态环境",
    "环境空气",
    "环境质量",
    "信访",
    "投诉",
    "群众",
    "反映",
    "办理",
    "情况",
    "整改",
    "处理",
    "结果",
    "报告",
)
_MOST: Final = 3  # lines: a longer title is left to the page


def broken(title: str, width: int = WIDTH) -> tuple[str, ...]:
    """The title's lines, none wider than `width` full characters; the title alone where one line holds it or none can."""
    many = math.ceil(_wide(title) / width)
    if not 1 < many <= _MOST:
        return (title,)
    places = [at for at in range(1, len(title)) if _allowed(title, at)]
    found = [cut for at in combinations(places, many - 1) if _fit(cut := _cut(title, at), width)]
    return min(found, key=_cost) if found else (title,)


def _allowed(title: str, at: int) -> bool:
    before, after = title[at - 1], title[at]
    whole = before.isascii() and after.isascii()  # a number or a name in letters
    bracketed = title.count("（", 0, at) > title.count("）", 0, at) and "）" in title[at:]
    inside = any(
        title.startswith(word, at - part) for word in _WHOLE for part in range(1, len(word)) if part <= at
    )
    return not (whole or inside or bracketed) and after not in _NEVER_FIRST and before not in _NEVER_LAST


def _cut(title: str, at: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(title[begin:end] for begin, end in zip((0, *at), (*at, len(title)), strict=True))


def _fit(lines: tuple[str, ...], width: int) -> bool:
    return all(_wide(line) <= width for line in lines)


def _cost(lines: tuple[str, ...]) -> float:
    wide = [_wide(line) for line in lines]
    torn = sum(line[-1] not in _ENDS for line in lines[:-1])
    quotes = sum(line.count("“") != line.count("”") for line in lines[:-1])
    return max(wide) - min(wide) + _SPLIT * torn + _QUOTED * quotes


def _wide(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.55 for one in text)
