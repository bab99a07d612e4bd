"""What is known of each source's health, and where its next crawl resumes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import source_states
from huanyu.types import SourceState


class Sources:
    """One state per source."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def state(self, source: str) -> SourceState | None:
        """The source's state; None when it was never read."""
        with self._database.read() as tx:
            query = select(source_states).where(source_states.c.source == source)
            row = tx.execute(query).mappings().first()
        return None if row is None else noun(SourceState, row)

    def states(self) -> list[SourceState]:
        """Every source ever read, by key."""
        query = select(source_states).order_by(source_states.c.source)
        with self._database.read() as tx:
            return [noun(SourceState, row) for row in tx.execute(query).mappings()]

    def save_state(self, state: SourceState, now: datetime, actor: str = SYSTEM) -> None:
        """Keep what the last crawl found out; the same state again changes nothing."""
        values = asdict(state)
        mine = source_states.c.source == state.source
        with self._database.write() as tx:
            before = tx.execute(select(source_states).where(mine).with_for_update()).mappings().first()
            if before is not None and noun(SourceState, before) == state:
                return
            # A rival's first row makes the insert do nothing; then this later word replaces it.
            first = insert_new(tx, source_states).values(**values).returning(source_states.c.source)
            if tx.execute(first).scalar() is None:
                tx.execute(update(source_states).where(mine).values(**values))
            facts = [state.state, state.last_new]
            self._trail.record(tx, "source.state", "source", [state.source], facts, actor, now)
