"""Full-text search: posts by every two characters that stand side by side, so that a word of two is found at once.

An index of the database's own kind (FTS5 on SQLite, a tsvector on PostgreSQL), written in the transaction that writes
the post. Every pair is spelt in ASCII, so neither tokeniser has an opinion on it; a longer word is a phrase of pairs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import text as sql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from huanyu.store.columns import clean
from huanyu.store.tables import posts

INDEXED = ("title", "text", "author", "native_id")
PAIRS = 50_000  #: remembered as they are spelt: most posts are made of the same few thousand
GAP = "z"  #: stands between two runs, so that no phrase goes across
MOST_PLACES = 16_000  #: positions a tsvector tells apart; what stands behind them counts as one place

VERSION = (
    1 << 40
)  #: between the entries of one post: the index forgets nothing, so a post is found by former texts, too

_LITE = sql("INSERT INTO post_grams(rowid, words) VALUES (:id, :words)")
_BIG = sql(
    "INSERT INTO post_grams(rowid, words) SELECT id, CAST(words AS tsvector)"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:words AS text[])) AS given(id, words)"
)
_TAKEN = sql("SELECT rowid FROM post_grams WHERE rowid = :id")

Row = RowMapping | Mapping[str, Any]


def put(tx: Connection, rows: Iterable[tuple[int, Row]]) -> None:
    """Index posts that are new."""
    told = [(post_id, words(row)) for post_id, row in rows]
    if not told:
        return
    if tx.dialect.name == "sqlite":
        tx.execute(_LITE, [{"id": post_id, "words": " ".join(one)} for post_id, one in told])
        return
    tx.execute(_BIG, {"ids": [post_id for post_id, _ in told], "words": [vector(one) for _, one in told]})


def change(tx: Connection, post_id: int, before: Row, news: Mapping[str, Any]) -> None:
    """Index a post anew whose title or text has changed."""
    if not set(INDEXED) & news.keys():
        return
    entry = post_id
    while tx.scalar(_TAKEN, {"id": entry}) is not None:
        entry += VERSION
    put(tx, [(entry, {**before, **news})])


def words(row: Row) -> list[str]:
    """What is indexed of a post, in order."""
    found: list[str] = []
    for name in INDEXED:
        for run in runs(clean(row[name])):
            found += (*_pairs(run), GAP)
    return found


def runs(text: str) -> Iterator[str]:
    """The stretches of letters and digits of a text, folded for comparison."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return (run for run in "".join(one if one.isalnum() else " " for one in folded).split())


def vector(told: Iterable[str]) -> str:
    """The same as a tsvector is written."""
    places: dict[str, list[str]] = {}
    for at, gram in enumerate(told, start=1):
        places.setdefault(gram, []).append(str(min(at, MOST_PLACES)))
    return " ".join(f"{gram}:{','.join(dict.fromkeys(at))}" for gram, at in places.items())


def holding(text: str) -> ColumnElement[bool] | None:
    """Posts that hold every word of `text`, words being what blanks divide; None where there is none."""
    conditions = [_one(word) for word in text.split()]
    return and_(*conditions) if conditions else None


def indexed(text: str, post_id: Column[Any]) -> ColumnElement[bool] | None:
    """`holding`, asked of a column that names posts; None where the index alone cannot tell.

    Whoever needs no more than their numbers is spared to look each of them up: of a common word there are thousands.
    """
    told = [list(runs(word)) for word in text.split()]
    if not told or not all(map(_is_told_by_index, told)):
        return None
    return and_(*(_in_index(found, post_id) for found in told))


def told_in(text: str, case_id: Column[Any]) -> ColumnElement[bool] | None:
    """Cases with a post that holds the one word of `text`, by the index alone; None where that cannot tell.

    Of several words one may stand in a former text of a post and another in the present one: they are asked apart.
    """
    told = [list(runs(word)) for word in text.split()]
    if len(told) != 1 or not _is_told_by_index(told[0]):
        return None
    pairs = list(_pairs(told[0][0]))
    return _ToldIn(case_id, f'"{" ".join(pairs)}"', f"({' <-> '.join(pairs)})")


def _one(word: str) -> ColumnElement[bool]:
    found = list(runs(word))
    exact = [column.icontains(word, autoescape=True) for column in (posts.c.title, posts.c.text)]
    if not any(len(run) > 1 for run in found):
        return or_(*exact)
    held = _in_index(found, posts.c.id)
    return held if _is_told_by_index(found) else and_(held, or_(*exact))


def _is_told_by_index(found: Sequence[str]) -> bool:
    """One stretch of two characters or more: what stands between two stretches, and a single one, is in no index."""
    return len(found) == 1 and len(found[0]) > 1


def _in_index(found: Sequence[str], post_id: Column[Any]) -> ColumnElement[bool]:
    phrases = [list(_pairs(run)) for run in found if len(run) > 1]
    lite = " AND ".join(f'"{" ".join(one)}"' for one in phrases)
    big = " & ".join(f"({' <-> '.join(one)})" for one in phrases)
    return _Holding(post_id, lite, big)


def _pairs(run: str) -> Iterator[str]:
    return map(_pair, run, run[1:])


@lru_cache(maxsize=PAIRS)
def _pair(one: str, other: str) -> str:
    return f"{ord(one):x}x{ord(other):x}"


class _Holding(FunctionElement[bool]):
    """Whether the post is one of those that the index finds; the query is told in both databases' words."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Column[Any], lite: str, big: str) -> None:
        super().__init__(column, lite, big)

    def self_group(self, against: Any = None) -> _Holding:  # noqa: ARG002 of the base
        """A condition as it stands: SQLite is not given the "= 1" that would keep it from its index."""
        return self


@compiles(_Holding, "sqlite")
def _on_sqlite(element: _Holding, compiler: SQLCompiler, **more: Any) -> str:
    column, lite, _ = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} IN (SELECT rowid & {VERSION - 1} FROM post_grams WHERE post_grams MATCH {lite})"  # noqa: S608 bound


@compiles(_Holding, "postgresql")
def _on_postgresql(element: _Holding, compiler: SQLCompiler, **more: Any) -> str:
    column, _, big = (compiler.process(one, **more) for one in element.clauses)
    asked = f"SELECT rowid & {VERSION - 1} FROM post_grams WHERE words @@ CAST({big} AS tsquery)"  # noqa: S608 bound
    return f"{column} IN ({asked})"


class _ToldIn(_Holding):
    """Whether the case is one of those with a post that the index finds.

    SQLite is told to begin with what it finds: by itself it sorts all of that first, to ask each post of a case.
    """

    inherit_cache = True


@compiles(_ToldIn, "sqlite")
def _told_on_sqlite(element: _ToldIn, compiler: SQLCompiler, **more: Any) -> str:
    column, lite, _ = (compiler.process(one, **more) for one in element.clauses)
    found = f"SELECT rowid & {VERSION - 1} AS post FROM post_grams WHERE post_grams MATCH {lite}"  # noqa: S608 bound
    told = f"({found}) AS found CROSS JOIN case_posts ON case_posts.post_id = found.post"
    return f"{column} IN (SELECT case_posts.case_id FROM {told})"  # noqa: S608 bound


@compiles(_ToldIn, "postgresql")
def _told_on_postgresql(element: _ToldIn, compiler: SQLCompiler, **more: Any) -> str:
    column, _, big = (compiler.process(one, **more) for one in element.clauses)
    found = f"SELECT rowid & {VERSION - 1} FROM post_grams WHERE words @@ CAST({big} AS tsquery)"  # noqa: S608 bound
    return f"{column} IN (SELECT case_posts.case_id FROM case_posts WHERE case_posts.post_id IN ({found}))"  # noqa: S608 bound
