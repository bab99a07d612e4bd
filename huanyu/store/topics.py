"""Reads the posts of a period as topics need them: counted, not named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import FromClause
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import or_
from sqlalchemy import select

from huanyu.store.belonging import before
from huanyu.store.beside import about_conduct
from huanyu.store.breakdowns import posts_about
from huanyu.store.queries import Span
from huanyu.store.session import Database
from huanyu.store.tables import case_posts
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.types import Place
from huanyu.types import Search
from huanyu.types import TopicPost

COUNTERS = ("likes", "reposts", "comments", "views")
#: Not all there is of a post: a month's texts and pictures would be read for nothing.
COLUMNS = (
    *(
        posts.c[name]
        for name in ("id", "said_at", "source", "kind", "author", "author_id", "same_as", *COUNTERS)
    ),
    *(verdicts.c.kinds, verdicts.c.places, verdicts.c.named),
)


class TopicBook:
    """What was said in a period, and by how many."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def posts(
        self, since: datetime, until: datetime, seen: datetime | None = None, search: Search | None = None
    ) -> list[TopicPost]:
        """Complaints and what belongs to cases, said in [since, until) and known at `seen`, or today.

        Of a saved search only the posts it picks.
        """
        span = Span(since, until, seen)
        case_id, joins = _belonging(seen)
        query = (
            select(*COLUMNS, case_id.label("case_id"))
            .select_from(joins)
            .where(
                span.within(posts.c.said_at),
                span.known(posts.c.stored_at),
                span.known(verdicts.c.judged_at),
                ~verdicts.c.out_of_town,
                or_(verdicts.c.is_complaint, case_id.is_not(None)),
                ~about_conduct(),
            )
            .order_by(posts.c.said_at, posts.c.id)
        )
        if search is not None:
            query = query.where(posts.c.id.in_(posts_about(search)))
        with self._database.read() as tx:
            return list(_counted(tx.execute(query).mappings()))


def _belonging(seen: datetime | None) -> tuple[ColumnElement[int], FromClause]:
    """The case each post belongs to, or belonged to at `seen`, and the tables that tell."""
    about = posts.join(verdicts, verdicts.c.post_id == posts.c.id).outerjoin(
        case_posts, case_posts.c.post_id == posts.c.id
    )
    if seen is None:
        return case_posts.c.case_id, about
    old = before(seen)
    then = case(
        (and_(old.c.id.is_not(None), old.c.at < seen), old.c.case_id),
        (and_(old.c.id.is_(None), case_posts.c.at < seen), case_posts.c.case_id),
    )
    return then, about.outerjoin(old, old.c.post_id == posts.c.id)


def _counted(rows: Iterable[RowMapping]) -> Iterable[TopicPost]:
    """Authors as numbers that mean nothing outside this one read; who gives no name is somebody of his own."""
    voices: dict[object, int] = {}
    for row in rows:
        author = row["author_id"] or row["author"]
        who = (row["kind"], author) if author else row["id"]
        yield TopicPost(
            id=row["id"],
            said_at=row["said_at"],
            source=row["source"],
            kind=row["kind"],
            voice=voices.setdefault(who, len(voices)),
            root=row["same_as"] or row["id"],
            case_id=row["case_id"],
            kinds=row["kinds"],
            places=tuple(Place(**place) for place in row["places"]),
            enterprises=tuple(row["named"].get("enterprises", ())),
            **{name: row[name] or 0 for name in COUNTERS},
        )
