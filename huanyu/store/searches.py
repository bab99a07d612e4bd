"""Full-text search over posts and cases, with who asks, where and when; the words are found by `grams`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from huanyu.store.beside import hidden_posts
from huanyu.store.caseload import load
from huanyu.store.caseload import matching
from huanyu.store.caseload import select_cases
from huanyu.store.grams import holding
from huanyu.store.judged import pairs
from huanyu.store.posts import VIEWS
from huanyu.store.queries import Span
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import Seer
from huanyu.types import SourceKind
from huanyu.types import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is searched for; empty = no matter."""

    text: str = ""
    area: str = ""
    kind: SourceKind | None = None  #: of posts
    unit: str = ""  #: of cases
    first: date | None = None
    last: date | None = None


class Searches:
    """Posts and cases that fit; nothing is written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def posts(
        self, asked: Asked, limit: int, seer: Seer, before: int | None = None
    ) -> list[tuple[Post, Verdict | None]]:
        """Posts, newest first; `before` is the last id of the page above."""
        extra = [column for column in verdicts.c if column.name != "judged_at"]
        both = posts.join(verdicts, verdicts.c.post_id == posts.c.id, isouter=True)
        where = [~hidden_posts(seer), *_within(asked, posts.c.said_at)]
        if (held := holding(asked.text)) is not None:
            where.append(held)
        if asked.area:
            where.append(verdicts.c.area == asked.area)
        if asked.kind is not None:
            where.append(posts.c.kind == asked.kind)
        if before is not None:
            where.append(posts.c.id < before)
        query = select(posts, *extra).select_from(both).where(*where).order_by(posts.c.id.desc())
        with self._database.read() as tx:
            rows = tx.execute(query.limit(limit)).mappings()
            return pairs(rows)

    def cases(self, asked: Asked, limit: int, seer: Seer, deep: bool) -> list[Case]:
        """Cases, newest first; `deep` looks into what was reported, too."""
        where = [
            *matching(asked.unit or None, (), asked.text, deep, seer),
            *_within(asked, cases.c.learned_at),
        ]
        if asked.area:
            where.append(cases.c.area == asked.area)
        query = select_cases().where(*where).order_by(cases.c.id.desc())
        with self._database.read() as tx:
            return load(tx, query.limit(limit))

    def count_posts(self, view: str, text: str, seer: Seer, most: int) -> int:
        """How many the list of posts would show, counted no further than `most`."""
        both = posts.join(verdicts, verdicts.c.post_id == posts.c.id, isouter=view == "all")
        where = [VIEWS[view], ~hidden_posts(seer)]
        if (held := holding(text)) is not None:
            where.append(held)
        return self._count(select(posts.c.id).select_from(both).where(*where).limit(most))

    def count_cases(
        self, unit: str | None, states: Collection[str], text: str, deep: bool, seer: Seer, most: int
    ) -> int:
        """How many the list of cases would show, counted no further than `most`."""
        where = matching(unit, states, text, deep, seer)
        return self._count(select(cases.c.id).where(*where).limit(most))

    def _count(self, query: Select[tuple[int]]) -> int:
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(query.subquery())) or 0)


def _within(asked: Asked, column: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    """Days in Shanghai, both included."""
    found = [column >= Span.of_day(asked.first).start] if asked.first else []
    return [*found, column < Span.of_day(asked.last).end] if asked.last else found
