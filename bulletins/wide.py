"""A table too wide for an upright page, laid out once for Word and PDF: title, columns, rows, notes.

Values only. Must not know what the table is about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    name: str
    width: int  #: millimetres
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WideTable:
    """What stands on the pages, in its final words."""

    title: str
    subtitle: str
    issuer: str
    columns: tuple[Column, ...]  #: together as wide as the page: `ACROSS`
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    row_height: int = 0  #: millimetres at least, where people write into the rows; 0 = as the text needs

    def breaks(self) -> tuple[bool, ...]:
        """Of each row, whether it may be cut at the foot of a page: it is too high to go over as a whole."""
        return tuple(
            max(_lines(text, one.width) for text, one in zip(row, self.columns, strict=True)) > _HIGHEST
            for row in self.rows
        )


ACROSS = 257  # millimetres of A4 on its side, 20 mm off each edge
_HIGHEST = 24  # lines; a page holds some thirty
_CHARACTER, _PADDING = 3.2, 2.5  # millimetres


def _lines(text: str, width: int) -> int:
    parts = text.split("\n")
    return sum(max(1, math.ceil(len(part) * _CHARACTER / (width - _PADDING))) for part in parts)
