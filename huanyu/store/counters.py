"""Numbers without gaps: the counter's row is locked until the transaction that took a number ends."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.session import insert_new
from huanyu.store.tables import counters

_NEXT = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(last=counters.c.last + 1)
    .returning(counters.c.last)
)


def hold(tx: Connection, name: str) -> None:
    """Wait until nobody else is taking a number from the counter `name`, and keep others waiting."""
    tx.execute(insert_new(tx, counters).values(name=name, last=0))
    tx.execute(select(counters.c.last).where(counters.c.name == name).with_for_update())


def next_number(tx: Connection, name: str) -> int:
    """The next number of the counter `name`, from 1; given back when the transaction fails."""
    taken = tx.execute(_NEXT, {"counter": name}).scalar()
    if taken is None:  # nobody has counted by this name before, or somebody begins to at this moment
        tx.execute(insert_new(tx, counters).values(name=name, last=0))
        taken = tx.execute(_NEXT, {"counter": name}).scalar_one()
    return int(taken)
