"""The grid (网格): its tree, four levels deep, and who is on duty in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One grid as the list names it."""

    code: str
    parent: str  #: code of the grid above; "" = the whole city
    level: int  #: 1 city, 2 county or zone, 3 township, 4 the grids below it
    name: str
    places: tuple[str, ...]  #: what it looks after, as people name it
    unit: str  #: key in units.toml; "" = that of the grid above
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether it is in force on `day`, both ends included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridMember:
    """Somebody on duty in a grid; nothing is counted by person."""

    grid: str  #: code
    name: str
    role: str  #: 网格员 | 绿色平安监管员 …
    phone: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether they are on duty there on `day`, both ends included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)
