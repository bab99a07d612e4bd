"""The grid: its tree and who is on duty, written list by list; one transaction and one audit row a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import grid_members as members
from huanyu.store.tables import grids
from huanyu.types import Grid
from huanyu.types import GridMember

AT_ONCE = 500  #: codes a statement names


class Grids:
    """Every grid there is, and its people."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def take(
        self, listed: Sequence[Grid], people: Sequence[GridMember], name: str, actor: str, now: datetime
    ) -> None:
        """The grids of a list and their people as it has them; a grid that it does not name stays as it is."""
        codes = [one.code for one in listed]
        with self._database.write() as tx:
            for start in range(0, len(codes), AT_ONCE):
                some = codes[start : start + AT_ONCE]
                tx.execute(delete(members).where(members.c.grid.in_(some)))
                tx.execute(delete(grids).where(grids.c.code.in_(some)))
            _add(tx, listed, people, now)
            told = [name, len(listed), len(people)]
            self._trail.record(tx, "grid.take", "grid", codes[:1], told, actor, now)

    def all(self) -> list[Grid]:
        """Every grid, by level and code."""
        query = select(grids).order_by(grids.c.level, grids.c.code)
        with self._database.read() as tx:
            return [noun(Grid, row) for row in tx.execute(query).mappings()]

    def members(self, codes: Sequence[str] | None = None) -> list[GridMember]:
        """The people of these grids, of all by default, by grid."""
        query = select(members).order_by(members.c.grid, members.c.id)
        if codes is not None:
            query = query.where(members.c.grid.in_(codes))
        with self._database.read() as tx:
            return [noun(GridMember, row) for row in tx.execute(query).mappings()]


def _add(tx: Connection, listed: Sequence[Grid], people: Sequence[GridMember], now: datetime) -> None:
    if listed:
        tx.execute(insert(grids), [{**asdict(one), "taken_at": now} for one in listed])
    if people:
        tx.execute(insert(members), [asdict(one) for one in people])
