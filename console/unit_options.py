"""Units as options of a select: squads and townships under headings of their own, for there are many.

Made once for a bureau's table: hundreds of them stand on every list of cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from huanyu.bureau import UnitRow

KEPT = 64  #: selects remembered: tables as their files stand now, and the units chosen of late
Option = tuple[str, str]  #: key and name
HEADINGS = ("", "执法大队、中队", "乡镇、街道")


def unit_options(rows: Iterable[UnitRow], chosen: str = "", name: str = "short") -> Markup:
    """The options, `chosen` selected; `name` is the field of a row that is shown."""
    groups: tuple[list[Option], ...] = ([], [], [])
    known = ""
    for row in rows:
        known = chosen if row.key == chosen else known
        for heading in _headings(row):
            groups[heading].append((row.key, getattr(row, name)))
    return _options(tuple(map(tuple, groups)), known)


def _headings(row: UnitRow) -> list[int]:
    """Where it stands: a squad of a township under both."""
    found = [1] if row.kind == "squad" else []
    return [*found, 2] if row.place else found or [0]


@lru_cache(maxsize=KEPT)
def _options(groups: tuple[tuple[Option, ...], ...], chosen: str) -> Markup:
    return Markup("").join(_group(*one, chosen) for one in zip(HEADINGS, groups, strict=True) if one[1])


def _group(heading: str, options: Iterable[Option], chosen: str) -> Markup:
    made = Markup("").join(_option(key, name, chosen) for key, name in options)
    return Markup('<optgroup label="{}">{}</optgroup>').format(heading, made) if heading else made


def _option(key: str, name: str, chosen: str) -> Markup:
    selected = Markup(" selected") if key == chosen else ""
    return Markup('<option value="{}"{}>{}</option>').format(key, selected, name)
