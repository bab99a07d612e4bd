"""Posts a person knows of, and whether the desk had them: what share of what is said it sees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import posts
from huanyu.store.tables import probe_checks
from huanyu.store.tables import probes
from huanyu.text import normalise
from huanyu.types import Probe
from huanyu.types import ProbeCheck
from huanyu.types import SourceKind

NEAR = timedelta(days=3)  # how far a person may be off with the day a post is from


class Probes:
    """Known posts, one check a day of each."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(
        self,
        source: str,
        url: str,
        link: str,
        words: str,
        posted_at: datetime | None,
        actor: str,
        now: datetime,
    ) -> int:
        """Keep an eye on a known post; the same page of the same source again is the probe that is there."""
        there = select(probes.c.id).where(
            probes.c.source == source,
            probes.c.retired_at.is_(None),
            probes.c.link == link if link else probes.c.url == url,
        )
        with self._database.write() as tx:
            known = tx.scalar(there.limit(1))
            if known is not None:
                return int(known)
            row: dict[str, Any] = {"source": source, "url": url, "link": link, "words": normalise(words)}
            row |= {"posted_at": posted_at, "added_at": now, "added_by": actor}
            probe_id = int(tx.execute(insert(probes).values(**row).returning(probes.c.id)).scalar_one())
            self._trail.record(tx, "probe.add", "probe", [probe_id], [source, url, words], actor, now)
            return probe_id

    def listing(self, active: bool = True) -> list[Probe]:
        """Known posts, oldest first; `active` leaves out those that were retired."""
        query = select(probes).order_by(probes.c.id)
        if active:
            query = query.where(probes.c.retired_at.is_(None))
        with self._database.read() as tx:
            return [noun(Probe, row) for row in tx.execute(query).mappings()]

    def retire(self, probe_id: int, actor: str, now: datetime) -> None:
        """Stop looking for a post; doing it twice changes nothing. Raises NotFound."""
        with self._database.write() as tx:
            _demand(tx, probe_id)
            mine = probes.c.id == probe_id, probes.c.retired_at.is_(None)
            if tx.execute(update(probes).where(*mine).values(retired_at=now)).rowcount:
                self._trail.record(tx, "probe.retire", "probe", [probe_id], None, actor, now)

    def find(self, probe: Probe, kind: SourceKind) -> int | None:
        """Where the desk has the post: by its page, else by its words among posts of those days.

        Of the source itself, which for a monitor's export are of many kinds, or of that `kind`.
        """
        with self._database.read() as tx:
            if probe.link:
                found = tx.scalar(_oldest().where(posts.c.link == probe.link))
                if found is not None:
                    return int(found)
            if not probe.words or probe.posted_at is None:
                return None
            said = posts.c.said_at.between(probe.posted_at - NEAR, probe.posted_at + NEAR)
            words = posts.c.text.icontains(probe.words, autoescape=True)
            words |= posts.c.title.icontains(probe.words, autoescape=True)
            mine = (posts.c.source == probe.source) | (posts.c.kind == kind)
            found = tx.scalar(_oldest().where(mine, said, words))
            return None if found is None else int(found)

    def save_found(self, probe_id: int, day: date, post_id: int | None, now: datetime) -> bool:
        """Write down where the post was found that day, None = nowhere; whether that is news."""
        return self._save(probe_id, day, {"post_id": post_id}, now)

    def save_read(self, probe_id: int, day: date, readable: bool, note: str, now: datetime) -> None:
        """Write down whether the post's page could be read that day, and what stood in the way."""
        self._save(probe_id, day, {"readable": readable, "note": note}, now)

    def _save(self, probe_id: int, day: date, values: Mapping[str, Any], now: datetime) -> bool:
        """Into the check of that day; the same finding again changes nothing and is no news. Raises NotFound."""
        mine = probe_checks.c.probe_id == probe_id, probe_checks.c.day == day
        with self._database.write() as tx:
            _demand(tx, probe_id)
            first = insert_new(tx, probe_checks).values(probe_id=probe_id, day=day, **values)
            if tx.execute(first.returning(probe_checks.c.id)).scalar() is None:
                before = tx.execute(select(probe_checks).where(*mine).with_for_update()).mappings().one()
                if all(before[name] == value for name, value in values.items()):
                    return False
                tx.execute(update(probe_checks).where(*mine).values(**values))
            facts = [day.isoformat(), *values.items()]
            self._trail.record(tx, "probe.check", "probe", [probe_id], facts, SYSTEM, now)
            return True

    def checks(self, since: date) -> list[ProbeCheck]:
        """Every check from that day on, oldest first."""
        query = select(probe_checks).where(probe_checks.c.day >= since)
        with self._database.read() as tx:
            ordered = query.order_by(probe_checks.c.day, probe_checks.c.id)
            return [noun(ProbeCheck, row) for row in tx.execute(ordered).mappings()]

    def recall(self, since: date) -> list[tuple[str, int, int]]:
        """Of each source: how many known posts checked since that day the desk has, and how many there are.

        A post counts by its last check, so one that came late counts as captured; one that was retired tells nothing.
        """
        last = _last_checks(since).subquery()
        held = probe_checks.join(
            last, (probe_checks.c.probe_id == last.c.probe_id) & (probe_checks.c.day == last.c.day)
        ).join(probes, probes.c.id == probe_checks.c.probe_id)
        query = (
            select(probes.c.source, func.count(probe_checks.c.post_id), func.count())
            .select_from(held)
            .where(probes.c.retired_at.is_(None))
            .group_by(probes.c.source)
            .order_by(probes.c.source)
        )
        with self._database.read() as tx:
            return [(source, captured, total) for source, captured, total in tx.execute(query)]


def _demand(tx: Connection, probe_id: int) -> None:
    if tx.scalar(select(probes.c.id).where(probes.c.id == probe_id)) is None:
        raise NotFound("没有这条查漏帖", probe=probe_id)


def _oldest() -> Select[Any]:
    return select(posts.c.id).order_by(posts.c.id).limit(1)


def _last_checks(since: date) -> Select[Any]:
    day = func.max(probe_checks.c.day).label("day")
    query = select(probe_checks.c.probe_id, day).where(probe_checks.c.day >= since)
    return query.group_by(probe_checks.c.probe_id)
