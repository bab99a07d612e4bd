"""The posts and cases behind a printed figure, asked for again by its key."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import select

from huanyu.store.queries import QUERIES
from huanyu.store.queries import Span
from huanyu.store.queries import cases_open
from huanyu.store.queries import cases_opened
from huanyu.store.queries import complaints_new
from huanyu.store.queries import posts_new
from huanyu.store.queries import states_at
from huanyu.store.session import Database
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts

POSTS, CASES, PAPERS = "posts", "cases", "bulletins"
RECEIVED = "_received"
NOUNS = {"条": POSTS, "件": CASES, "起": CASES, "期": PAPERS}


class Behind:
    """Which rows a figure counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, key: str, unit: str, start: datetime, end: datetime, seen: datetime
    ) -> tuple[str, list[int]] | None:
        """(posts | cases | bulletins, ids) behind `key` in [start, end) as it was known; None where no query gives it."""
        span = Span(start, end, seen)
        family, _, rest = key.partition(":")
        ask = _FAMILIES.get(family)
        with self._database.read() as tx:
            if key in QUERIES:
                noun = PAPERS if unit == "期" else _noun(key, unit)
                return noun, sorted(tx.execute(QUERIES[key][0](span)).scalars())
            if ask is None:
                return None
            noun = CASES if family in _OF_CASES else POSTS
            return noun, sorted(ask(tx, span, rest))


def _noun(key: str, unit: str) -> str:
    """Replies are rows of the outbox, of which a bulletin shows none; what was received is posts in any unit."""
    if key.endswith(RECEIVED):
        return POSTS
    return "" if key == "replies_sent" else NOUNS.get(unit, "")


def _ids(tx: Connection, query: Select[Any]) -> list[int]:
    return list(tx.execute(query).scalars())


def _of_kind(tx: Connection, span: Span, kind: str) -> list[int]:
    query = complaints_new(span).with_only_columns(posts.c.id, verdicts.c.kinds)
    return [row.id for row in tx.execute(query) if kind in row.kinds]


def _of_mood(tx: Connection, span: Span, mood: str) -> list[int]:
    query = (
        posts_new(span)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(span.known(verdicts.c.judged_at))
        .with_only_columns(posts.c.id, verdicts.c.sentiment)
    )
    return [row.id for row in tx.execute(query) if row.sentiment.value == mood]


def _in_state(tx: Connection, span: Span, state: str) -> list[int]:
    at = states_at(span).subquery()
    return _ids(tx, select(at.c.id).where(at.c.state == state, at.c.id.in_(cases_open(span))))


def _opened_on(tx: Connection, span: Span, day: str) -> list[int]:
    return _ids(tx, cases_opened(Span.of_day(date.fromisoformat(day), span.seen)))


def _from_sort(tx: Connection, span: Span, sort: str) -> list[int]:
    query = complaints_new(span).with_only_columns(posts.c.id, posts.c.kind)
    return [row.id for row in tx.execute(query) if row.kind.value == sort]


_FAMILIES: Mapping[str, Callable[[Connection, Span, str], list[int]]] = MappingProxyType(
    {
        "kind": _of_kind,
        "area": lambda tx, span, area: _ids(tx, complaints_new(span).where(verdicts.c.area == area)),
        "source": _from_sort,
        "source_posts": lambda tx, span, key: _ids(tx, posts_new(span).where(posts.c.source == key)),
        "source_complaints": lambda tx, span, key: _ids(
            tx, complaints_new(span).where(posts.c.source == key)
        ),
        "sentiment": _of_mood,
        "state": _in_state,
        "trend": _opened_on,
    }
)
_OF_CASES = frozenset({"state", "trend"})
