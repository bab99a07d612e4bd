"""重复投诉热点: the same enterprise, or the same place, complained about again and again for the same family of kinds.

Values in, values out. Enterprises are rows of a table; nothing here knows a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huanyu.kinds import family
from huanyu.text import fold
from huanyu.text import without_position


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What of a case says where and about what it is."""

    case_id: int
    area: str
    place: str
    kinds: tuple[str, ...]
    enterprises: tuple[str, ...]
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """One enterprise or place with one family of kinds, and its cases."""

    sort: str  #: enterprise | place
    name: str
    area: str
    family: str
    cases: tuple[int, ...]
    posts: int


def hotspots(told: Iterable[Told], known: Iterable[str], least: int) -> list[Hotspot]:
    """Where at least `least` cases meet, most cases first; `known`: enterprises of the table, others are left out.

    A case that names an enterprise counts for it and not once more for the place.
    """
    table, found = frozenset(known), dict[tuple[str, str, str, str], list[Told]]()
    for one in told:
        for where in _where(one, table):
            for kind in sorted({family(kind) for kind in one.kinds}):
                found.setdefault((*where, kind), []).append(one)
    spots = [
        Hotspot(
            sort=sort,
            name=name,
            area=area,
            family=kind,
            cases=tuple(one.case_id for one in met),
            posts=sum(one.posts for one in met),
        )
        for (sort, area, name, kind), met in found.items()
        if len(met) >= least
    ]
    return sorted(spots, key=lambda spot: (-len(spot.cases), -spot.posts, spot.name, spot.family))


def _where(one: Told, table: frozenset[str]) -> list[tuple[str, str, str]]:
    firms = sorted(set(one.enterprises) & table)
    if firms:
        return [("enterprise", "", name) for name in firms]
    place = fold(without_position(one.place)).strip()
    return [("place", one.area, place)] if place else []
