"""Counts of whole years and months, and what people changed in them after a bulletin was issued.

Each kind of source is counted in its own unit and for itself: what two of them both tell is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from huanyu.store.queries import QUERIES
from huanyu.store.queries import Span
from huanyu.store.queries import complaints_new
from huanyu.store.queries import repeats
from huanyu.store.rows import chunks
from huanyu.store.session import Database
from huanyu.store.tables import bulletin_marks
from huanyu.store.tables import bulletins
from huanyu.store.tables import cases
from huanyu.store.tables import corrections
from huanyu.store.tables import posts
from huanyu.store.tables import separations
from huanyu.store.tables import verdicts
from huanyu.types import LateChange
from huanyu.types import MonthCount
from huanyu.types import PostType
from huanyu.types import YearCount
from huanyu.types.circulation import WITHDRAWN

#: Keys of huanyu.store.queries, so that this page and the yearly bulletin count alike.
YEARLY = (
    *("weibo_received", "platform_received", "petitions_received"),
    *("complaints_wechat", "complaints_forum", "complaints_news"),
    *("cases_opened", "cases_answered", "cases_closed"),
)
HANDLED = ("cases_opened", "cases_answered", "cases_closed")


class Counts:
    """What the statistics page and the open data are made of, and which rows a printed figure counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def year(self, start: datetime, end: datetime) -> list[YearCount]:
        """Every count of [start, end) beside that of the same days a year before."""
        now, before = Span(start, end), Span(_year_before(start), _year_before(end))
        with self._database.read() as tx:
            found, earlier = _counted(tx, now), _counted(tx, before)
            return [
                YearCount(key=key, value=found[key][0], previous=earlier.get(key, (0, ""))[0], unit=unit)
                for key, (_, unit) in found.items()
            ]

    def issues(self, year: int) -> list[tuple[str, int, int]]:
        """(series, issues, of them withdrawn) of a year; a withdrawn issue keeps its number and is counted."""
        gone = select(bulletin_marks.c.bulletin_id).where(bulletin_marks.c.kind == WITHDRAWN)
        withdrawn = func.count().filter(bulletins.c.id.in_(gone))
        query = (
            select(bulletins.c.series, func.count(), withdrawn)
            .where(bulletins.c.issued_at.is_not(None), bulletins.c.year == year)
            .group_by(bulletins.c.series)
            .order_by(bulletins.c.series)
        )
        with self._database.read() as tx:
            return [(row[0], int(row[1]), int(row[2])) for row in tx.execute(query)]

    def month(self, start: datetime, end: datetime) -> list[MonthCount]:
        """Anonymous counts of a month: nothing of a post but kind, area and sort of source."""
        span = Span(start, end)
        with self._database.read() as tx:
            told = tx.execute(
                complaints_new(span).with_only_columns(posts.c.kind, verdicts.c.kinds, verdicts.c.area)
            ).all()
            opened = tx.execute(select(cases.c.area).where(span.within(cases.c.opened_at))).scalars()
            handled = [
                MonthCount(group="total", key=key, value=_total(tx, QUERIES[key][0](span)), unit="件")
                for key in HANDLED
            ]
            return [
                *_grouped("source", "条", (row.kind.value for row in told)),
                *_grouped("kind", "条", (kind for row in told for kind in row.kinds)),
                *_grouped("area", "条", (row.area for row in told)),
                *handled,
                *_grouped("cases_area", "件", opened),
            ]

    def late_changes(self, start: datetime, end: datetime, since: datetime) -> list[LateChange]:
        """Posts said in [start, end) whose label a person changed at or after `since`, first to last."""
        query = (
            select(corrections, posts.c.source, posts.c.kind, verdicts.c.area)
            .select_from(
                corrections.join(posts, posts.c.id == corrections.c.post_id).join(
                    verdicts, verdicts.c.post_id == posts.c.id
                )
            )
            .where(
                ~corrections.c.withdrawn,
                corrections.c.at >= since,
                posts.c.said_at >= start,
                posts.c.said_at < end,
            )
            .where(posts.c.stored_at < since, verdicts.c.judged_at < since)
            .where(~repeats(Span(start, end, since)))
            .order_by(corrections.c.post_id, corrections.c.id)
        )
        by_post: dict[int, list[Any]] = {}
        with self._database.read() as tx:
            for row in tx.execute(query):
                by_post.setdefault(row.post_id, []).append(row)
        return [_change(rows[0], rows[-1]) for rows in by_post.values()]

    def known_cases(self, ids: Iterable[int]) -> set[int]:
        """Which of these cases there are."""
        with self._database.read() as tx:
            return {
                found
                for batch in chunks(ids)
                for found in tx.execute(select(cases.c.id).where(cases.c.id.in_(batch))).scalars()
            }

    def separated(self, since: datetime) -> list[tuple[int, datetime, str]]:
        """(post, when, by whom) of posts that a person took out of their cases at or after `since`."""
        table = separations
        query = select(table.c.post_id, table.c.at, table.c.actor).where(table.c.at >= since)
        with self._database.read() as tx:
            return [(row[0], row[1], row[2]) for row in tx.execute(query.order_by(table.c.id))]


def _year_before(moment: datetime) -> datetime:
    """The same day a year before; 29 February becomes the first of March."""
    if (moment.month, moment.day) == (2, 29):
        return moment.replace(year=moment.year - 1, month=3, day=1)
    return moment.replace(year=moment.year - 1)


def _counted(tx: Connection, span: Span) -> dict[str, tuple[int, str]]:
    """Each count with its unit."""
    return {key: (_total(tx, QUERIES[key][0](span)), QUERIES[key][1]) for key in YEARLY}


def _total(tx: Connection, query: Select[Any]) -> int:
    return int(tx.scalar(select(func.count()).select_from(query.subquery())) or 0)


def _grouped(group: str, unit: str, values: Iterable[str]) -> list[MonthCount]:
    counted = sorted(Counter(values).items())
    return [MonthCount(group=group, key=key, value=count, unit=unit) for key, count in counted]


def _change(first: Any, last: Any) -> LateChange:
    return LateChange(
        post_id=last.post_id,
        at=last.at,
        actor=last.actor,
        source=last.source,
        source_kind=last.kind.value,
        area=last.area,
        was_complaint=first.type_before is PostType.COMPLAINT,
        is_complaint=last.type is PostType.COMPLAINT,
        kinds_before=first.kinds_before,
        kinds=last.kinds,
        sentiment_before=first.sentiment_before,
        sentiment=last.sentiment,
    )
