"""A new table of routing rules: read as the desk would read it, judged, tried on the last cases, then saved.

What a rule means is the business of `cases.routing`; what is wrong with a table, of `cases.route_check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import cases.route_check
import cases.routing
from flow import permits
from flow import rights
from flow import table_diff
from flow import tables
from flow.desk import Desk
from flow.routing import facts_of
from huanyu.bureau import Bureau
from huanyu.bureau import RouteRow
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.types import Case
from huanyu.types import Route
from huanyu.types import User

TABLE: Final = "routes"
FILE: Final = f"{TABLE}.toml"
TRIED: Final = 200  #: cases that a new table is tried on
LONGEST: Final = tables.LONGEST
mark = tables.mark
may_save = tables.may_save


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A case that the new rules give to somebody else, or for another reason."""

    case: Case
    before: Route
    after: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is to be said of a table before it is saved."""

    mistakes: tuple[str, ...] = ()  #: it cannot be read: nothing else is known
    problems: tuple[str, ...] = ()  #: conflicts, dead rules, departments nobody has
    edits: tuple[str, ...] = ()  #: rules that are new, gone or other than before
    moved: tuple[Moved, ...] = ()
    tried: int = 0  #: cases

    @property
    def savable(self) -> bool:
        return not self.mistakes and bool(self.edits)


def current(desk: Desk) -> str:
    """The table as it stands."""
    return tables.current(desk, TABLE)


def problems(bureau: Bureau) -> list[str]:
    """What is wrong with the rules of these tables."""
    known = cases.route_check.known_of(
        bureau.places,
        (row.name for row in bureau.campaigns),
        (row.key for row in bureau.item_types),
    )
    return cases.route_check.problems(bureau.routes, bureau.units, known)


def judge(desk: Desk, user: User, text: str, now: datetime) -> Judged:
    """What the desk would make of this text in the place of its table."""
    permits.demand(user, "edit_rules")
    try:
        bureau = tables.read(desk, TABLE, text)
    except ConfigError as problem:
        return Judged(mistakes=tuple(str(problem).splitlines()))
    before, recent = desk.rules.rows, desk.store.cases.listing(limit=TRIED, seer=rights.seer(user))
    return Judged(
        problems=tuple(problems(bureau)),
        edits=tuple(edits(before, bureau.routes)),
        moved=tuple(_moved(desk, recent, before, bureau, now)),
        tried=len(recent),
    )


def save(desk: Desk, user: User, text: str, seen: str, now: datetime) -> tuple[str, ...]:
    """Put the text in the place of the table the person saw (`seen` is its mark); returns what was edited."""
    permits.demand(user, "edit_rules")
    tables.folder_of(desk)
    judged = judge(desk, user, text, now)
    if judged.mistakes:
        raise BadInput("；".join(judged.mistakes))
    old = current(desk)
    if not judged.edits and mark(old) == mark(text):
        raise BadInput("没有改动")
    cells = tuple(table_diff.cells(*(tables.rows(TABLE, one) for one in (old, text))))
    tables.put(
        desk, user, tables.Judged(table=TABLE, text=text, seen=seen, edits=judged.edits, cells=cells), now
    )
    return judged.edits


def edits(before: Sequence[RouteRow], after: Sequence[RouteRow]) -> Iterator[str]:
    """What has become of each rule, for the person who saves and for the audit trail."""
    old, new = ({row.id: row for row in rows} for rows in (before, after))
    yield from (f"增 {key}" for key in new if key not in old)
    yield from (f"删 {key}" for key in old if key not in new)
    yield from (f"改 {key}" for key, row in new.items() if key in old and old[key] != row)
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        yield "次序"


def _moved(
    desk: Desk, recent: Sequence[Case], before: Sequence[RouteRow], bureau: Bureau, now: datetime
) -> Iterator[Moved]:
    units, day = desk.units(now.date()), now.date()
    for case in recent:
        facts = facts_of(desk, case, now)
        old, new = (cases.routing.route(facts, rows, units, day) for rows in (before, bureau.routes))
        if (old.unit, old.department, old.assist) != (new.unit, new.department, new.assist):
            yield Moved(case=case, before=old, after=new)
