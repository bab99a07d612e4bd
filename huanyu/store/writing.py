"""What goes into a bulletin besides figures: remarks people typed, saved searches, matters that call for a 快报."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from datetime import datetime

from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.caseload import load
from huanyu.store.caseload import select_cases
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import bulletins
from huanyu.store.tables import cases
from huanyu.store.tables import remarks
from huanyu.store.tables import searches
from huanyu.types import Case
from huanyu.types import Remark
from huanyu.types import Search
from huanyu.types.papers import PROPOSED

CASE_SCOPE = "case:"  # and the case's id: the scope of a bulletin about one case
SEARCH_SCOPE = "search:"  # and the search's id, a colon, and the days


class Writing:
    """What people and triggers contribute to bulletins."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def remark(
        self,
        series: str,
        day: date,
        kind: str,
        text: str,
        actor: str,
        author: str,
        now: datetime,
        scope: str = "",
    ) -> None:
        """Keep what a person typed for an issue; the last one of a kind counts, an empty one takes it back."""
        row = {"series": series, "day": day, "scope": scope, "kind": kind, "text": text}
        with self._database.write() as tx:
            tx.execute(insert(remarks).values(**row, actor=actor, author=author, at=now))
            about = f"{series}/{scope or day.isoformat()}"
            self._trail.record(tx, "bulletin.remark", "remark", [about], [kind, text], actor, now)

    def remarks(
        self, series: str, day: date, scope: str = "", as_of: datetime | None = None
    ) -> tuple[Remark, ...]:
        """What was typed for an issue to be printed, the last of each kind, empty ones left out."""
        mine = remarks.c.series == series, remarks.c.scope == scope, remarks.c.kind != PROPOSED
        query = select(remarks).where(*mine).order_by(remarks.c.id)
        if not scope:
            query = query.where(remarks.c.day == day)
        if as_of is not None:
            query = query.where(remarks.c.at <= as_of)
        with self._database.read() as tx:
            found = {row["kind"]: noun(Remark, row) for row in tx.execute(query).mappings()}
        return tuple(found[kind] for kind in sorted(found, reverse=True) if found[kind].text)

    def proposals(self) -> list[tuple[str, date, str, Remark]]:
        """Issues somebody asks to be signed, oldest first: series, day, scope, and who asks; issued ones too."""
        query = select(remarks).where(remarks.c.kind == PROPOSED).order_by(remarks.c.id)
        with self._database.read() as tx:
            rows = tx.execute(query).mappings().all()
        last = {(row["series"], row["scope"] or row["day"]): row for row in rows}
        standing = sorted((row for row in last.values() if row["text"]), key=lambda row: int(row["id"]))
        return [(row["series"], row["day"], row["scope"], noun(Remark, row)) for row in standing]

    def uses(self, search_id: int) -> int:
        """How many issues were numbered about a search."""
        about = bulletins.c.scope.startswith(f"{SEARCH_SCOPE}{search_id}:", autoescape=True)
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(bulletins).where(about)) or 0)

    def save_search(self, search: Search, actor: str, now: datetime) -> Search:
        """Keep a search under its name; `id` 0 = a new one. Raises Conflict for a taken name, NotFound."""
        values = {
            "name": search.name,
            "kinds": search.kinds,
            "areas": search.areas,
            "words": search.words,
            "actor": actor,
            "at": now,
        }
        with self._database.write() as tx:
            if search.id:
                changed = tx.execute(update(searches).where(searches.c.id == search.id).values(**values))
                if not changed.rowcount:
                    raise NotFound("没有这个检索条件", search=search.id)
                saved = search.id
            else:
                saved = tx.execute(insert(searches).values(**values).returning(searches.c.id)).scalar_one()
            facts = [search.name, search.kinds, search.areas, search.words]
            self._trail.record(tx, "search.save", "search", [saved], facts, actor, now)
        return replace(search, id=int(saved))

    def search(self, search_id: int) -> Search:
        """A saved search; raises NotFound."""
        with self._database.read() as tx:
            row = tx.execute(select(searches).where(searches.c.id == search_id)).mappings().first()
        if row is None:
            raise NotFound("没有这个检索条件", search=search_id)
        return noun(Search, row)

    def searches(self) -> list[Search]:
        """Every saved search, by name."""
        with self._database.read() as tx:
            rows = tx.execute(select(searches).order_by(searches.c.name)).mappings()
            return [noun(Search, row) for row in rows]

    def calling(self, series: str, levels: Collection[str], urgent: bool, since: datetime) -> list[Case]:
        """Cases opened since then, of these levels or urgent, that no issue of the series was about; oldest first."""
        scope = literal(CASE_SCOPE, String) + cast(cases.c.id, String)
        told = select(bulletins.c.id).where(
            bulletins.c.series == series, bulletins.c.scope == scope, bulletins.c.issued_at.is_not(None)
        )
        grave = [cases.c.level.in_(sorted(levels)), *([cases.c.urgent] if urgent else [])]
        query = select_cases().where(
            cases.c.opened_at >= since, cases.c.restricted.is_(False), or_(*grave), ~told.exists()
        )
        with self._database.read() as tx:
            return load(tx, query.order_by(cases.c.id))
