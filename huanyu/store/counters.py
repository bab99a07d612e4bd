"""Numbers without gaps: the counter's row is locked until the transaction that took a number ends."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.session import insert_new
from huanyu.store.tables import counters


def hold(tx: Connection, name: str) -> None:
    """Wait until nobody else is taking a number from the counter `name`, and keep others waiting."""
    tx.execute(insert_new(tx, counters).values(name=name, last=0))
    tx.execute(select(counters.c.last).where(counters.c.name == name).with_for_update())


def next_number(tx: Connection, name: str) -> int:
    """The next number of the counter `name`, from 1; given back when the transaction fails."""
    tx.execute(insert_new(tx, counters).values(name=name, last=0))
    tx.execute(update(counters).where(counters.c.name == name).values(last=counters.c.last + 1))
    return int(tx.execute(select(counters.c.last).where(counters.c.name == name)).scalar_one())
