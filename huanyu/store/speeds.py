"""How long limits took that were met in a period: from their start to the moment they were met, on the clock on the wall.

Knows neither what a limit asks for nor what is quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta

from sqlalchemy import select

from huanyu.store.clockwork import VOID
from huanyu.store.session import Database
from huanyu.store.tables import clocks


class Speeds:
    """Lengths of limits that were met."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def met(self, name: str, start: datetime, end: datetime) -> Sequence[timedelta]:
        """Shortest first; what was void was never met."""
        query = select(clocks.c.started_at, clocks.c.met_at).where(
            clocks.c.name == name,
            clocks.c.met_at >= start,
            clocks.c.met_at < end,
            clocks.c.met_how != VOID,
        )
        with self._database.read() as tx:
            return sorted(row.met_at - row.started_at for row in tx.execute(query))
