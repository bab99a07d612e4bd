"""What could not be read, asked of the database once more: is it mended, and is there what no queue asks for?"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from typing import Final

import structlog
from sqlalchemy import Text
from sqlalchemy import cast
from sqlalchemy import select

from huanyu.store.broken import FAULTS
from huanyu.store.broken import BrokenRow
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import metadata
from huanyu.store.tables import outbox
from huanyu.types import MessageState

log = structlog.get_logger()

NO_WORD: Final = "KeyError"  # what reading such a state ends with


class Shelf:
    """Rows that are set aside."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settings: frozenset[str] = frozenset()

    def listing(self) -> tuple[BrokenRow, ...]:
        """What this process could not read."""
        return self._database.aside.listing()

    def settings(self, found: Mapping[str, str]) -> None:
        """Log which settings cannot be read, once each, and which can again; `found`: error by name of the setting."""
        for name in sorted(found.keys() - self._settings):
            log.error("broken_setting", name=name, why=found[name])
        for name in sorted(self._settings - found.keys()):
            log.warning("broken_setting_mended", name=name)
        self._settings = frozenset(found)

    def reads(self, table: str, number: int) -> bool:
        """Whether the row itself can be read, or is gone; what belongs to it is not looked at."""
        found = metadata.tables[table]
        key = found.c.id if "id" in found.c else found.c.post_id
        with self._database.read() as tx:
            try:
                tx.execute(select(found).where(key == number)).all()
            except FAULTS:
                return False
        return True

    def strangers(self, states: Collection[str]) -> list[BrokenRow]:
        """Messages and cases in a state that is no word of ours: no queue ever asks for them. `states`: of cases."""
        words = ((outbox, {one.value for one in MessageState}), (cases, set(states)))
        with self._database.read() as tx:
            return [
                BrokenRow(table.name, number, NO_WORD)
                for table, known in words
                for number in tx.scalars(
                    select(table.c.id)
                    .where(cast(table.c.state, Text).not_in(sorted(known)))
                    .order_by(table.c.id)
                )
            ]
