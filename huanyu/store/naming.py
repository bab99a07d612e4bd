"""What cases name: enterprises and places of their first posts, read only. Cases about officials' conduct are left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import select

from huanyu.store.session import Database
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import ledger_lines
from huanyu.store.tables import results
from huanyu.store.tables import verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Where a case is, about what, and whom it names."""

    case_id: int
    area: str
    place: str
    kinds: tuple[str, ...]
    enterprises: tuple[str, ...]
    posts: int


class Naming:
    """Cases by what they name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def opened_since(self, since: datetime) -> list[Named]:
        """Cases opened since then, oldest first; parts and joined ones are told by the case they belong to."""
        ours = (
            cases.c.opened_at >= since,
            cases.c.joined_into.is_(None),
            cases.c.parent_id.is_(None),
            cases.c.restricted.is_(False),
        )
        query = (
            select(cases.c.id, cases.c.area, cases.c.place, cases.c.kinds, cases.c.posts, verdicts.c.named)
            .outerjoin(verdicts, verdicts.c.post_id == cases.c.first_post_id)
            .where(*ours)
            .order_by(cases.c.id)
        )
        with self._database.read() as tx:
            return [
                Named(
                    case_id=row.id,
                    area=row.area,
                    place=row.place,
                    kinds=row.kinds,
                    enterprises=tuple((row.named or {}).get("enterprises", ())),
                    posts=row.posts,
                )
                for row in tx.execute(query)
            ]

    def in_case(self, case_id: int) -> set[str]:
        """The enterprises that the posts of a case name."""
        query = (
            select(verdicts.c.named)
            .join(case_posts, verdicts.c.post_id == case_posts.c.post_id)
            .where(case_posts.c.case_id == case_id)
        )
        with self._database.read() as tx:
            return {name for told in tx.scalars(query) for name in (told or {}).get("enterprises", ())}

    def of_enterprise(self, name: str) -> set[int]:
        """Cases any post of which names the enterprise, whose result names it, or that stand in the ledger for it."""
        told = (
            select(case_posts.c.case_id, verdicts.c.named)
            .join(verdicts, verdicts.c.post_id == case_posts.c.post_id)
            .where(cast(verdicts.c.named, String).contains(name, autoescape=True))
        )
        found = select(results.c.case_id).where(results.c.polluter == name)
        listed = select(ledger_lines.c.case_id).where(
            ledger_lines.c.enterprise == name, ledger_lines.c.case_id.is_not(None)
        )
        with self._database.read() as tx:
            named = {
                int(row.case_id)
                for row in tx.execute(told)
                if name in (row.named or {}).get("enterprises", ())
            }
            return named | {int(one) for query in (found, listed) for one in tx.scalars(query)}
