"""The grid: its list taken in, where a case lies in it and who answers there, and how much work each grid has.

What is suggested is only shown: nobody is given a case by it. No figure is of a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Final

import cases.grid
from cases.grid import COLUMNS
from cases.grid import NEEDED
from cases.grid import Tree
from cases.lifecycle import ENDS
from cases.lifecycle import LABEL
from crawler import import_lists
from crawler.import_table import Row
from flow import permits
from flow import rejected_rows
from flow.desk import Desk
from huanyu.bureau import EnterpriseRow
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Grid
from huanyu.types import GridMember
from huanyu.types import User

SOURCE: Final = "grid"
DAYS: Final = 90  #: what counts as lately
MANY: Final = 20_000  #: open cases counted at most
OPEN: Final = tuple(sorted(LABEL.keys() - ENDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list."""

    grids: int
    people: int
    bad: tuple[tuple[str, str], ...]  #: where, and what is wrong
    unread: tuple[tuple[str, str], ...]  #: sheets that are no such table, and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Where a case lies."""

    chain: tuple[Grid, ...]  #: the finest first
    unit: str  #: key; "" = nobody answers for it
    on_duty: tuple[GridMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A grid in a list, with all that lies below it."""

    grid: Grid
    unit: str
    below: int  #: grids, at every level
    on_duty: int  #: people, each counted once
    open: int  #: cases
    lately: int  #: cases opened in the last days


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A grid and what lies below it."""

    chain: tuple[Grid, ...]  #: the widest first; empty = all
    lines: tuple[Line, ...]
    on_duty: tuple[GridMember, ...]  #: of this very grid
    levels: Mapping[int, int]  #: how many grids of each level there are
    people: int  #: on duty, each counted once
    unplaced: int  #: open cases whose grid nobody knows


def take_in(desk: Desk, user: User, path: Path, now: datetime) -> Taken:
    """The list of grids in a file; bad rows are kept. Raises BadInput where the file as a whole will not do."""
    permits.demand(user, "take_grid")
    units = _units(desk)
    read: list[tuple[Row, Grid, GridMember | None]] = []
    bad: list[tuple[Row, str]] = []
    listed = import_lists.read(path, COLUMNS, NEEDED)
    for row, cells in listed.rows:
        try:
            if row.problem:
                raise BadInput(row.problem)
            read.append((row, *cases.grid.read(cells, units)))
        except BadInput as problem:
            bad.append((row, str(problem)))
    good = _hanging(desk, read, bad)
    grids = list({grid.code: grid for _, grid, _ in good}.values())
    people = list(dict.fromkeys(member for _, _, member in good if member))
    desk.store.grids.take(grids, people, path.name, user.name, now)
    rejected_rows.keep(desk, SOURCE, path.name, bad, user, now)
    return Taken(
        grids=len(grids),
        people=len(people),
        bad=tuple((row.place, told) for row, told in bad),
        unread=listed.unread,
    )


def take_row(desk: Desk, user: User, row: Row, name: str, now: datetime) -> bool:
    """One kept row of the list `name`, put right; False where all it says is known. Raises BadInput.

    Who is on duty in the grid already stays: a row is one of several of its grid.
    """
    permits.demand(user, "take_grid")
    grid, member = cases.grid.read(import_lists.cells(row, COLUMNS), _units(desk))
    bad: list[tuple[Row, str]] = []
    _hanging(desk, [(row, grid, member)], bad)
    if bad:
        raise BadInput(bad[0][1])
    known = next((one for one in desk.store.grids.all() if one.code == grid.code), None)
    if known is not None and known != grid:
        raise BadInput(f"“网格编码”列的“{grid.code}”已是另一个网格“{known.name}”")
    there = desk.store.grids.members([grid.code])
    if known is not None and (member is None or member in there):
        return False
    desk.store.grids.take([grid], [*there, *([member] if member else [])], name, user.name, now)
    return True


def suggestion(
    desk: Desk, case: Case, now: datetime, firms: Sequence[EnterpriseRow] = ()
) -> Suggestion | None:
    """The grid of a case and who answers there: that of the `firms` it names if it is one, else of its place; or None."""
    codes = {row.grid for row in firms if row.grid}
    if not case.place and not codes:
        return None
    found = cases.grid.tree(desk.store.grids.all(), now.date())
    grid = found.by_code.get(codes.pop()) if len(codes) == 1 else None
    if grid is None and case.place and found.grids:
        grid = found.find(_where(desk, case.area, case.place))
    if grid is None:
        return None
    people = desk.store.grids.members([grid.code])
    return Suggestion(
        chain=tuple(found.chain(grid)),
        unit=found.owner(grid),
        on_duty=tuple(one for one in people if one.valid_on(now.date())),
    )


def view(desk: Desk, user: User, code: str, now: datetime) -> View:
    """A grid with those below it and their work; "" = the whole tree. Raises NotFound."""
    permits.demand(user, "see_grid")
    found = cases.grid.tree(desk.store.grids.all(), now.date())
    if code and code not in found.by_code:
        raise NotFound("没有这个网格")
    people = [one for one in desk.store.grids.members() if one.valid_on(now.date())]
    open_ = desk.store.cases.listing(states=OPEN, limit=MANY, lean=True)
    known = [case for case in open_ if not case.restricted]
    placed = [grid for case in known if (grid := found.find(_where(desk, case.area, case.place)))]
    new = desk.store.naming.opened_since(now - timedelta(days=DAYS))
    counts = found.rolled(placed)
    lately = found.rolled(grid for one in new if (grid := found.find(_where(desk, one.area, one.place))))
    within = found.rolled(found.grids)
    heads = _heads(found, people)
    below = (
        Line(
            grid=one,
            unit=found.owner(one),
            below=within[one.code] - 1,
            on_duty=len(heads[one.code]),
            open=counts[one.code],
            lately=lately[one.code],
        )
        for one in found.below(code)
    )
    return View(
        chain=tuple(reversed(found.chain(found.by_code[code]))) if code else (),
        lines=tuple(below),
        on_duty=tuple(one for one in people if one.grid == code),
        levels={level: sum(one.level == level for one in found.grids) for level in cases.grid.LEVELS},
        people=len({(one.name, one.phone) for one in people}),
        unplaced=len(known) - len(placed),
    )


def _heads(found: Tree, people: Sequence[GridMember]) -> Mapping[str, set[tuple[str, str]]]:
    """Who is on duty in each grid and below it, by its code."""
    heads: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in people:
        for above in found.chain(found.by_code[one.grid]) if one.grid in found.by_code else ():
            heads[above.code].add((one.name, one.phone))
    return heads


def _where(desk: Desk, area: str, place: str) -> str:
    return f"{desk.bureau.area_name(area)} {place}"


def _units(desk: Desk) -> dict[str, str]:
    return {name: row.key for row in desk.bureau.units for name in (row.name, row.short, row.key)}


def _hanging(
    desk: Desk, read: Sequence[tuple[Row, Grid, GridMember | None]], bad: list[tuple[Row, str]]
) -> list[tuple[Row, Grid, GridMember | None]]:
    """The rows whose grid hangs where it may, the widest first; the others join the bad ones."""
    above = {one.code: one for one in desk.store.grids.all()}
    twice = {code: _first(read, code) for code in cases.grid.repeated(grid for _, grid, _ in read)}
    good = []
    for row, grid, member in sorted(read, key=lambda one: one[1].level):
        told = cases.grid.misplaced(grid, above)
        if not told and grid.code in twice and grid != twice[grid.code]:
            told = f"“网格编码”列的“{grid.code}”前面已是另一个网格“{twice[grid.code].name}”"
        if told:
            bad.append((row, told))
            continue
        above[grid.code] = grid
        good.append((row, grid, member))
    return good


def _first(read: Sequence[tuple[Row, Grid, GridMember | None]], code: str) -> Grid:
    return next(grid for _, grid, _ in read if grid.code == code)
