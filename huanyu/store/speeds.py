"""How long limits took that were met in a period, and cases that were closed in it, on the clock on the wall.

Knows neither what a limit asks for nor what is quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Final

from sqlalchemy import func
from sqlalchemy import select

from huanyu.store.clockwork import VOID
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import clocks

HANDLING: Final = "handling"  #: the limit that ends with the work and is met by no single act
#: When the work on a case began, in the round it was closed in.
_BEGUN = (
    select(func.min(clocks.c.started_at))
    .where(clocks.c.case_id == cases.c.id, clocks.c.round == cases.c.round, clocks.c.name == HANDLING)
    .scalar_subquery()
)


class Speeds:
    """Lengths of limits that were met, and of the work on cases."""

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

    def closed(self, start: datetime, end: datetime) -> Sequence[timedelta]:
        """From the start of 办结's limit to the moment the case was closed, shortest first."""
        query = select(_BEGUN.label("begun"), cases.c.closed_at).where(
            cases.c.state == "closed", cases.c.closed_at >= start, cases.c.closed_at < end
        )
        with self._database.read() as tx:
            return sorted(row.closed_at - row.begun for row in tx.execute(query) if row.begun is not None)
