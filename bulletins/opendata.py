"""A month's anonymous counts as CSV and JSON, with units and definitions; small numbers are held back.

Pure. A count of one or two could lead to a person; where a single cell of a group with a printed total is held back,
the next smallest goes with it, or the total would tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from typing import Final

from huanyu.cells import sheet
from huanyu.types import MonthCount

SMALL: Final = 3  # below this and above zero a count is held back
HEAD: Final = ("月份", "分组", "代码", "名称", "数值", "单位", "说明")
HELD: Final = "少于3，不公开"
HELD_TOO: Final = "不公开，以免推算出相邻的小数"
#: group -> its name, what it counts, and whether its cells add up to a total that is printed elsewhere
GROUPS: Final[Mapping[str, tuple[str, str, bool]]] = MappingProxyType(
    {
        "source": (
            "投诉信息来源",
            "当月发布、经研判属环境投诉的信息条数，按来源类型分。各来源可能说到同一件事，不宜相加。",
            True,
        ),
        "kind": ("投诉类别", "同上，按类别分。一条可涉多类，各类之和可大于总条数。", False),
        "area": ("投诉区域", "同上，按辖区分；地点未能认定的另列。", True),
        "total": ("办理情况", "当月新立、公开答复、办结的件数，按发生日期计，三者不是同一批。", False),
        "cases_area": ("新立件区域", "当月新立件数，按辖区分。", True),
    }
)
WORDS: Final = {"cases_opened": "新立", "cases_answered": "公开答复", "cases_closed": "办结"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One published count; `value` None is held back."""

    group: str
    key: str
    name: str
    value: int | None
    unit: str
    note: str = ""


def cells(counts: Iterable[MonthCount], label: Callable[[str], str]) -> tuple[Cell, ...]:
    """The counts as they may be published, group by group."""
    listed = list(counts)
    found: list[Cell] = []
    for group, (_, _, adds_up) in GROUPS.items():
        rows = [row for row in listed if row.group == group]
        hidden = {row.key for row in rows if 0 < row.value < SMALL}
        extra = _companion(rows, hidden) if adds_up else None
        found += [_cell(row, label, row.key in hidden, row.key == extra) for row in rows]
    return tuple(found)


def _companion(rows: Sequence[MonthCount], hidden: set[str]) -> str | None:
    """The key of the cell that must be held back with a lone small one; an unknown area's key is empty."""
    others = sorted((row.value, row.key) for row in rows if row.value and row.key not in hidden)
    return others[0][1] if len(hidden) == 1 and others else None


def _cell(row: MonthCount, label: Callable[[str], str], small: bool, beside: bool) -> Cell:
    return Cell(
        group=row.group,
        key=row.key or "unknown",
        name=WORDS.get(row.key) or (label(row.key) if row.key else "地点未定"),
        value=None if small or beside else row.value,
        unit=row.unit,
        note=HELD if small else HELD_TOO if beside else "",
    )


def as_csv(month: date, found: Iterable[Cell]) -> bytes:
    """For a spreadsheet: UTF-8 with a byte order mark, so that Excel reads Chinese."""
    lines = (
        (f"{month:%Y-%m}", GROUPS[cell.group][0], cell.key, cell.name, cell.value, cell.unit, cell.note)
        for cell in found
    )
    return sheet([HEAD, *lines])


def as_json(month: date, found: Sequence[Cell], bureau: str) -> bytes:
    """For programs: the same cells with the definition of each group."""
    groups = [
        {"group": key, "name": name, "definition": meaning, "counts": _counts(key, found)}
        for key, (name, meaning, _) in GROUPS.items()
    ]
    told = {
        "month": f"{month:%Y-%m}",
        "bureau": bureau,
        "suppressed_below": SMALL,
        "note": "value 为 null 的是不公开的小数；单位见 unit：条为信息，件为案件。",
        "groups": groups,
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def _counts(group: str, found: Iterable[Cell]) -> list[dict[str, Any]]:
    return [
        {"key": cell.key, "name": cell.name, "value": cell.value, "unit": cell.unit, "note": cell.note}
        for cell in found
        if cell.group == group
    ]
