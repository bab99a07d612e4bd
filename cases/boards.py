"""A ranking as it is shown, printed and kept: lines with ranks, notes that say how it was counted, and the words of it.

Values in, values out. What a line counts is kept by case, so that every figure can be looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Final

from cases.ranks import NONE
from cases.ranks import Share
from cases.ranks import ends

LEVELS: Final = {"county": "县（市、区）", "zone": "市属开发区", "township": "乡镇（街道）"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is ranked, or at least listed."""

    key: str
    name: str
    level: str
    area: str  #: the county or zone it is, or lies in


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One place of a ranking."""

    spot: Spot
    rank: int | None
    value: str  #: by which it is ranked, as printed
    cells: tuple[str, ...]  #: the figures beside it
    moved: str  #: since the period before
    moved_year: str  #: since a year ago
    shares: Mapping[str, Share]  #: figure -> the cases behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A whole ranking."""

    key: str
    name: str
    period: str
    value_name: str  #: 综合得分, 综合指数
    value_unit: str
    heads: tuple[str, ...]  #: of the cells
    figures: tuple[str, ...]  #: key of the figure in each cell; "" where no cases stand behind it
    before: str  #: what the period before is called
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    words: tuple[str, ...]  #: paragraphs of the 通报

    def of(self, areas: Iterable[str]) -> tuple[Line, ...]:
        """The lines of these counties or zones."""
        mine = set(areas)
        return tuple(line for line in self.lines if line.spot.area in mine)

    def ranks(self) -> dict[str, int]:
        return {line.spot.key: line.rank for line in self.lines if line.rank is not None}

    @property
    def head(self) -> tuple[str, ...]:
        """Of the whole table."""
        unit = f"（{self.value_unit}）" if self.value_unit else ""
        return ("位次", "单位", f"{self.value_name}{unit}", *self.heads, f"比{self.before}", "比上年同期")

    def rows(self) -> list[tuple[str, ...]]:
        """The table as text, those without a rank last."""
        return [
            (
                NONE if line.rank is None else str(line.rank),
                line.spot.name,
                line.value,
                *line.cells,
                line.moved,
                line.moved_year,
            )
            for line in self.lines
        ]


def ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """By rank, those without one last; equals as they came, which is the official order."""
    return tuple(sorted(lines, key=lambda line: (line.rank is None, line.rank or 0)))


def best_and_worst(lines: Sequence[Line], what: str, unit: str, best: int, worst: int) -> str:
    """The sentence that names both ends; "" where nobody is ranked."""
    by_key = {line.spot.key: line for line in lines}
    ranked = {key: line.rank for key, line in by_key.items() if line.rank is not None}
    top, bottom = ends(ranked, best, worst)

    def named(keys: Sequence[str]) -> str:
        return "、".join(f"{by_key[key].spot.name}（{by_key[key].value}{unit}）" for key in keys)

    if not top and not bottom:
        return ""
    if not bottom:
        return f"按{what}排名，由好到差依次为：{named(top)}。"
    parts = [
        f"居前{len(top)}位的依次为：{named(top)}" if top else "",
        f"居后{len(bottom)}位的依次为：{named(bottom)}",
    ]
    return f"按{what}排名，{'；'.join(filter(None, parts))}。"


def plain(board: Board) -> dict[str, Any]:
    """As it is kept."""
    simple = ("key", "name", "period", "value_name", "value_unit", "before")
    lists = ("heads", "figures", "notes", "words")
    return {
        **{name: getattr(board, name) for name in simple},
        **{name: list(getattr(board, name)) for name in lists},
        "lines": [_line(one) for one in board.lines],
    }


def read(kept: Mapping[str, Any]) -> Board:
    """The board that `plain` wrote."""
    lists = ("heads", "figures", "notes", "words")
    told: dict[str, Any] = {
        name: tuple(value) if name in lists else value for name, value in kept.items() if name != "lines"
    }
    return Board(**told, lines=tuple(_read_line(one) for one in kept["lines"]))


def _line(one: Line) -> dict[str, Any]:
    spot = one.spot
    return {
        "spot": [spot.key, spot.name, spot.level, spot.area],
        "rank": one.rank,
        "value": one.value,
        "cells": list(one.cells),
        "moved": one.moved,
        "moved_year": one.moved_year,
        "shares": {key: [list(share.part), list(share.whole)] for key, share in one.shares.items()},
    }


def _read_line(kept: Mapping[str, Any]) -> Line:
    return Line(
        spot=Spot(*kept["spot"]),
        rank=kept["rank"],
        value=kept["value"],
        cells=tuple(kept["cells"]),
        moved=kept["moved"],
        moved_year=kept["moved_year"],
        shares={key: Share(tuple(part), tuple(whole)) for key, (part, whole) in kept["shares"].items()},
    )
