"""What is known of each source: its health, where its next crawl resumes, its visits, who has paused it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.store import timing
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.broken import FAULTS
from huanyu.store.nouns import VisitSum
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import settings
from huanyu.store.tables import source_states
from huanyu.store.tables import visits
from huanyu.types import Latency
from huanyu.types import Rhythm
from huanyu.types import SourceState
from huanyu.types import Visited

SUMMED = ("new", "changed", "rejects")
PAUSED = "paused/"  #: a pause is a setting of this name and the source's key
VISITS_KEPT = timedelta(days=400)  # a year to look back on, and the same weeks of the year before


class Sources:
    """One state, one log of visits and one switch per source."""

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

    def add_visit(self, visited: Visited, now: datetime, actor: str = SYSTEM) -> None:
        """Write one visit into the log, and let go of those nobody looks back on any more."""
        with self._database.write() as tx:
            tx.execute(insert(visits).values(**asdict(visited)))
            old = (visits.c.source == visited.source) & (visits.c.at < now - VISITS_KEPT)
            tx.execute(delete(visits).where(old))
            facts = [visited.state, visited.pages, visited.new, visited.seen, visited.rejects]
            self._trail.record(tx, "source.visit", "source", [visited.source], facts, actor, now)

    def visits(
        self, source: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> list[Visited]:
        """The latest visits, newest first; of one source, or of all."""
        query = select(visits).order_by(visits.c.at.desc(), visits.c.id.desc()).limit(limit)
        if source is not None:
            query = query.where(visits.c.source == source)
        if since is not None:
            query = query.where(visits.c.at >= since)
        with self._database.read() as tx:
            return [noun(Visited, row) for row in tx.execute(query).mappings()]

    def sums(self, since: datetime) -> dict[str, VisitSum]:
        """What the visits since then brought, by source."""
        columns = [func.coalesce(func.sum(visits.c[name]), 0).label(name) for name in SUMMED]
        query = select(visits.c.source, func.count().label("visits"), *columns)
        query = query.where(visits.c.at >= since).group_by(visits.c.source)
        with self._database.read() as tx:
            rows = tx.execute(query).mappings().all()
        return {row["source"]: noun(VisitSum, row) for row in rows}

    def hurry(self, key: str, actor: str, now: datetime) -> None:
        """Let the next visit be due now; the rest of the state is the last visit's and stays as it is."""
        later = (source_states.c.source == key) & (source_states.c.next_at > now)
        with self._database.write() as tx:
            if tx.execute(update(source_states).where(later).values(next_at=now)).rowcount:
                self._record_switch(tx, "source.hurry", key, "", actor, now)

    def latency(self, since: datetime, until: datetime) -> list[Latency]:
        """p50 and p95 from post time to stored time, per source; see `huanyu.store.timing`."""
        with self._database.read() as tx:
            return timing.latency(tx, since, until)

    def rhythm(self, source: str, now: datetime) -> Rhythm:
        """How many new items the source showed in each hour of the last eight weeks."""
        with self._database.read() as tx:
            return timing.rhythm(tx, source, now)

    def paused(self) -> dict[str, str]:
        """Sources a person has paused, each with a sentence that says who, when and why."""
        query = select(settings.c.name).where(settings.c.name.startswith(PAUSED, autoescape=True))
        with self._database.read() as tx:
            names = tx.scalars(query.order_by(settings.c.name)).all()
            told = {name.removeprefix(PAUSED): _who_paused(tx, name) for name in names}
        return {key: sentence for key, sentence in told.items() if sentence}

    def pause(self, key: str, reason: str, actor: str, now: datetime) -> None:
        """Let a source rest until somebody resumes it; pausing it again changes nothing."""
        value = json.dumps({"actor": actor, "reason": reason}, ensure_ascii=False)
        with self._database.write() as tx:
            first = insert_new(tx, settings).values(name=PAUSED + key, value=value, at=now)
            if tx.execute(first.returning(settings.c.name)).scalar():
                self._record_switch(tx, "source.pause", key, reason, actor, now)

    def resume(self, key: str, actor: str, now: datetime) -> None:
        """Read a paused source again; one that is not paused stays as it is."""
        with self._database.write() as tx:
            if tx.execute(delete(settings).where(settings.c.name == PAUSED + key)).rowcount:
                self._record_switch(tx, "source.resume", key, "", actor, now)

    def _record_switch(
        self, tx: Connection, action: str, key: str, reason: str, actor: str, now: datetime
    ) -> None:
        self._trail.record(tx, action, "source", [key], reason, actor, now)


def _who_paused(tx: Connection, name: str) -> str:
    """The sentence, "" where it was resumed just now."""
    try:
        row = tx.execute(select(settings).where(settings.c.name == name)).mappings().first()
        if row is None:
            return ""
        told, at = json.loads(row["value"]), local(row["at"])
        why = f": {told['reason']}" if told["reason"] else ""
        return f"{told['actor']} 于 {at.month} 月 {at.day} 日 {at:%H:%M} 暂停{why}"
    except FAULTS:
        return "已暂停，是谁、为什么读不出；核实以后可以恢复"
