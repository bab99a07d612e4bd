"""Switches that people turn while the desk runs, such as the kill switch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import settings

_VALUE = select(settings.c.value).where(settings.c.name == bindparam("called"))


class Settings:
    """Named texts."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def get(self, name: str) -> str | None:
        """The value, None when nobody has set it."""
        with self._database.read() as tx:
            value = tx.scalar(_VALUE, {"called": name})
        return None if value is None else str(value)

    def starting(self, prefix: str) -> dict[str, str]:
        """Every value whose name begins so, by its whole name."""
        query = select(settings.c.name, settings.c.value).where(
            settings.c.name.startswith(prefix, autoescape=True)
        )
        with self._database.read() as tx:
            return {str(row.name): str(row.value) for row in tx.execute(query)}

    def put(self, name: str, value: str, now: datetime, actor: str = SYSTEM) -> None:
        """Set a value; the same value again changes nothing."""
        mine = settings.c.name == name
        with self._database.write() as tx:
            first = insert_new(tx, settings).values(name=name, value=value, at=now)
            new = tx.execute(first.returning(settings.c.name)).scalar()
            changed = update(settings).where(mine, settings.c.value != value).values(value=value, at=now)
            if new or tx.execute(changed).rowcount:
                self._trail.record(tx, "setting.put", "setting", [name], value, actor, now)
