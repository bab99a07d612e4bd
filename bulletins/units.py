"""Unit by unit: what it was given, sent back, kept in time, how long it took, what reporters said of it.

Every rate stands beside its whole; of few no rate is told.
"""

from __future__ import annotations

from bulletins.sections import Desk
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types import UnitCount
from huanyu.unit_words import GROUPS
from huanyu.unit_words import HEAD
from huanyu.unit_words import MEANING
from huanyu.unit_words import cells


def units(desk: Desk) -> Section:
    """Units with anything to count, those with most hand-overs first."""
    heading = "承办单位办理情况"
    late = desk.say(f"截至{desk.manner.end}，整改期满、尚未复查的{{rechecks_overdue}}。")
    counted = {key: figure for key, figure in desk.cells.items() if _group(key) in GROUPS and figure.value}
    keys = dict.fromkeys(key.partition(":")[2] for key in counted)
    if not keys:
        nothing = Sentence(text=f"{desk.manner.now}没有转给承办单位的事项。")
        return Section(heading=heading, sentences=(nothing, late))
    found = [_count(desk, unit) for unit in keys]
    found.sort(key=lambda one: (-one.given, desk.label(one.unit)))
    told = Sentence(text=f"{desk.manner.now}各单位：{MEANING}", figures=tuple(counted))
    table = tuple((desk.label(one.unit), *cells(one)) for one in found)
    return Section(heading=heading, sentences=(told, late), table_head=HEAD, table=table)


def _count(desk: Desk, unit: str) -> UnitCount:
    figures = {name: desk.cells.get(f"{group}:{unit}") for group, name in GROUPS.items()}
    return UnitCount(unit=unit, **{name: one.value if one else 0 for name, one in figures.items()})


def _group(key: str) -> str:
    return key.partition(":")[0]
