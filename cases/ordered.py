"""The unit that a work order names, as it is called today: orders are still written with names of before a reform.

Pure: a name and the table of units in, a Route out. What the rules find beside it is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final

from huanyu.bureau import UnitRow
from huanyu.handling_rows import OldName
from huanyu.text import fold
from huanyu.types import Route

RULE: Final = "ordered"  #: in the place of a rule's id: the order named the unit
SEVERAL: Final = re.compile(r"[、，,;；/\n]+")
ASIDE: Final = re.compile(r"[\s()（）〔〕]+")
#: How offices shorten their own names.
SHORT: Final = (("环境保护", "环保"), ("人民政府", "政府"), ("办事处", ""), ("街道办", "街道"))
#: A township's bare name is where something is, not who is to do it.
OFFICES: Final = ("政府", "办事处", "街道办")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit that an order names."""

    unit: UnitRow
    said: str  #: as the order says it
    old: OldName | None = None  #: the name it had then, where that is what the order says


def named(said: str, units: Sequence[UnitRow], city: str) -> tuple[Named, ...]:
    """The units in force that an order names, today's names before old ones, in its order, each once."""
    found = [_named(part, units, city) for part in SEVERAL.split(said) if part.strip()]
    return tuple({one.unit.key: one for one in found if one is not None}.values())


def as_ordered(found: Route, ordered: Sequence[Named], units: Iterable[UnitRow]) -> Route:
    """The first of them leads, the others assist; what the rules say stands behind it, and where they differ."""
    lead, *others = ordered
    names = {unit.key: unit.name for unit in units}
    plain = {lead.unit.key, lead.unit.name, lead.unit.short, lead.unit.department}
    helping = [*(one.unit.key for one in others), *(name for name in found.assist if name not in plain)]
    told = [_told(one, "承办" if one is lead else "协办") for one in ordered]
    if found.unit and found.unit != lead.unit.key:
        told.append(f"按派单规则应由{names.get(found.unit, found.unit)}承办，请核对")
    return replace(
        found,
        unit=lead.unit.key,
        department=lead.unit.department,
        assist=tuple(dict.fromkeys(helping)),
        rule=RULE,
        why="；".join([*told, found.why] if found.unit == lead.unit.key else told),
    )


def _named(said: str, units: Sequence[UnitRow], city: str) -> Named | None:
    wanted = _plain(said, city)
    for unit in units:
        if unit.place and not any(office in said for office in OFFICES):
            continue
        if wanted in {_plain(name, city) for name in _names(unit)}:
            return Named(unit, said.strip())
    was = ((unit, old) for unit in units for old in unit.old_names)
    return next(
        (Named(unit, said.strip(), old) for unit, old in was if _plain(old.name, city) == wanted), None
    )


def _names(unit: UnitRow) -> tuple[str, ...]:
    """What it is called today; a township without its county, too."""
    return unit.name, unit.short, *((f"{unit.place}人民政府",) if unit.place else ())


def _plain(name: str, city: str) -> str:
    """A name as it is compared: without the city, blanks and brackets, in its short form."""
    plain = ASIDE.sub("", fold(name)).removeprefix(city)
    for long, short in SHORT:
        plain = plain.replace(long, short)
    return plain


def _told(one: Named, role: str) -> str:
    until = f"，用至{one.old.until.year}年" if one.old and one.old.until else ""
    now = f"，现为{one.unit.name}（原名“{one.old.name}”{until}）" if one.old else ""
    return f"派单写明由“{one.said}”{role}{now}"
