"""The grid a case lies in: a row of its list read, the tree, and place -> grid -> owner. A suggestion, never a decision.

Pure. Work is counted by grid, never by person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from huanyu.errors import BadInput
from huanyu.types import Grid
from huanyu.types import GridMember

LEVELS: Final[Mapping[int, str]] = {1: "一级网格", 2: "二级网格", 3: "三级网格", 4: "三级子网格"}
#: What each column holds -> what it may be headed; the first name is the one told.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("网格编码", "网格代码", "编码"),
    "parent": ("上级编码", "上级网格编码", "上级网格"),
    "level": ("级别", "网格级别", "层级"),
    "name": ("网格名称", "名称"),
    "places": ("覆盖地名", "覆盖范围", "覆盖村居"),
    "unit": ("责任单位", "承办单位"),
    "member": ("网格员", "责任人", "值守人员", "姓名"),
    "role": ("职务", "人员类别"),
    "phone": ("联系电话", "电话", "手机"),
    "from": ("生效日期", "起始日期"),
    "to": ("失效日期", "截止日期"),
    "member_from": ("到岗日期", "上岗日期"),
    "member_to": ("离岗日期",),
}
NEEDED: Final = ("code", "level", "name")
_SEVERAL: Final = re.compile(r"[、，,；;\s]+")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?")
_SUFFIX: Final = re.compile("(?:环保|环境监管)?(?:子)?网格$")
_SHORTEST: Final = 2
_TOWN, _COUNTY = 3, 2


def read(cells: Mapping[str, str], units: Mapping[str, str]) -> tuple[Grid, GridMember | None]:
    """A row by what its columns hold; `units`: every name a unit goes by -> its key. Raises BadInput naming the columns."""
    told: list[str] = []
    cell = {field: cells.get(field, "").strip() for field in COLUMNS}
    told += [f"“{COLUMNS[field][0]}”列空着" for field in NEEDED if not cell[field]]
    level = next((rank for rank, name in LEVELS.items() if cell["level"] in {name, str(rank), name[:-2]}), 0)
    if cell["level"] and not level:
        told.append(f"“级别”列的“{cell['level']}”应为{'、'.join(LEVELS.values())}")
    if level > 1 and not cell["parent"]:
        told.append("“上级编码”列空着")
    if cell["unit"] and cell["unit"] not in units:
        told.append(f"“责任单位”列的“{cell['unit']}”不在单位表中")
    days = {field: _day(field, cell[field], told) for field in ("from", "to", "member_from", "member_to")}
    for first, last in (("from", "to"), ("member_from", "member_to")):
        if (since := days[first]) and (until := days[last]) and until < since:
            told.append(f"“{COLUMNS[last][0]}”早于“{COLUMNS[first][0]}”")
    if told:
        raise BadInput("；".join(told))
    grid = Grid(
        code=cell["code"],
        parent=cell["parent"],
        level=level,
        name=cell["name"],
        places=tuple(filter(None, _SEVERAL.split(cell["places"]))),
        unit=units.get(cell["unit"], ""),
        valid_from=days["from"],
        valid_to=days["to"],
    )
    if not cell["member"]:
        return grid, None
    return grid, GridMember(
        grid=grid.code,
        name=cell["member"],
        role=cell["role"] or "网格员",
        phone=cell["phone"],
        valid_from=days["member_from"],
        valid_to=days["member_to"],
    )


def _day(field: str, said: str, told: list[str]) -> date | None:
    match = _DAY.fullmatch(said)
    if said and not match:
        told.append(f"“{COLUMNS[field][0]}”列的“{said}”不是日期")
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        told.append(f"“{COLUMNS[field][0]}”列的“{said}”不是日期")
        return None


def misplaced(grid: Grid, above: Mapping[str, Grid]) -> str:
    """What is wrong with where a grid hangs; "" = nothing."""
    if grid.level == 1:
        return "一级网格不写“上级编码”" if grid.parent else ""
    parent = above.get(grid.parent)
    if parent is None:
        return f"“上级编码”列的“{grid.parent}”不在本表，也没有导入过"
    if parent.level != grid.level - 1:
        return f"“级别”列是{LEVELS[grid.level]}，上级“{parent.name}”却是{LEVELS[parent.level]}"
    return ""


@dataclass(frozen=True)
class Tree:
    """The grids in force on a day."""

    grids: Sequence[Grid]

    @cached_property
    def by_code(self) -> dict[str, Grid]:
        return {one.code: one for one in self.grids}

    @cached_property
    def named(self) -> dict[str, list[Grid]]:
        """Every name a grid is known by, with its grids."""
        found: dict[str, list[Grid]] = {}
        for one in self.grids:
            for name in {*one.places, _SUFFIX.sub("", one.name)}:
                if len(name) >= _SHORTEST:
                    found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _begun(self) -> dict[str, list[str]]:
        """Names by their first two characters."""
        found: dict[str, list[str]] = {}
        for name in self.named:
            found.setdefault(name[:2], []).append(name)
        return found

    def chain(self, grid: Grid) -> list[Grid]:
        """The grid and those above it, the widest last."""
        found = [grid]
        while (above := self.by_code.get(found[-1].parent)) and above not in found:
            found.append(above)
        return found

    def below(self, code: str) -> list[Grid]:
        return [one for one in self.grids if one.parent == code]

    def owner(self, grid: Grid) -> str:
        """Key of the unit that answers for it: its own, or that of the nearest grid above; "" = nobody's."""
        return next((one.unit for one in self.chain(grid) if one.unit), "")

    def find(self, text: str) -> Grid | None:
        """The finest grid that a place names; where several may be meant, the one they share, or none.

        A village is called the same in many townships: below a township a name counts only beside the township's
        or the county's, and a township's that two counties have only beside the county's.
        """
        starts = (name for at in range(len(text) - 1) for name in self._begun.get(text[at : at + 2], ()))
        told = {one.code for name in starts if name in text for one in self.named[name]}
        meant = [grid for code in told if self._sure(grid := self.by_code[code], told)]
        if not meant:
            return None
        finest = max(one.level for one in meant)
        chains = [self.chain(one) for one in meant if one.level == finest]
        return next(
            (one for one in chains[0] if all(one in chain for chain in chains) and one.level > 1), None
        )

    def _sure(self, grid: Grid, told: set[str]) -> bool:
        above = {one.code for one in self.chain(grid)[1:] if one.level >= _COUNTY}
        if grid.level > _TOWN:
            return bool(above & told)
        namesakes = [one for one in self.named.get(_SUFFIX.sub("", grid.name), []) if one.level == grid.level]
        return len(namesakes) <= 1 or bool(above & told)

    def rolled(self, found: Iterable[Grid]) -> Counter[str]:
        """How many of them lie in each grid, those below counted with it."""
        return Counter(one.code for grid in found for one in self.chain(grid))


def tree(grids: Iterable[Grid], day: date) -> Tree:
    """The grids in force on `day`."""
    return Tree(tuple(one for one in grids if one.valid_on(day)))


def repeated(rows: Iterable[Grid]) -> Iterator[str]:
    """Codes that a list gives to two different grids."""
    seen: dict[str, Grid] = {}
    for row in rows:
        if seen.setdefault(row.code, row) != row:
            yield row.code
