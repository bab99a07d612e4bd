"""The last sign of life of each process that works, and how long its steps took: no record, so no audit line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import beats

Steps = Mapping[str, tuple[int, float, int]]  #: step -> runs, seconds, failures since the process began


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One process at work."""

    worker: str
    at: datetime
    steps: Steps


class Beats:
    """Who is at work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, worker: str, steps: Steps, now: datetime, over: datetime) -> None:
        """This process lives; whoever has not been heard of since `over` is forgotten."""
        values = {"at": now, "steps": {name: list(told) for name, told in steps.items()}}
        mine = beats.c.worker == worker
        with self._database.write() as tx:
            tx.execute(delete(beats).where(beats.c.at <= over))
            if not tx.execute(update(beats).where(mine).values(**values)).rowcount:
                tx.execute(insert_new(tx, beats).values(worker=worker, **values))

    def listing(self) -> list[Beat]:
        """Everybody heard of lately, the latest first."""
        with self._database.read() as tx:
            rows = tx.execute(select(beats).order_by(beats.c.at.desc())).mappings().all()
        return [
            noun(Beat, row, steps={name: tuple(told) for name, told in row["steps"].items()}) for row in rows
        ]
