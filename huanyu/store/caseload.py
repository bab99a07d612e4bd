"""Reads cases and what belongs to them inside a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import Select
from sqlalchemy import or_
from sqlalchemy import select

from huanyu.errors import NotFound
from huanyu.store.beside import beside
from huanyu.store.beside import visible
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.states import DONE
from huanyu.store.states import OVER
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import posts
from huanyu.store.tables import results
from huanyu.store.tables import verdicts
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import OpenMatter
from huanyu.types import Place
from huanyu.types import Result
from huanyu.types import Seer

IS_OPEN = cases.c.state.not_in(sorted(OVER))


def select_cases() -> Select[Any]:
    """Cases with what `Case` tells of their first post."""
    return select(
        cases,
        posts.c.source,
        posts.c.kind.label("source_kind"),
        posts.c.url.label("first_url"),
        posts.c.native_id.label("first_native_id"),
        posts.c.author.label("first_author"),
        posts.c.text.label("first_text"),
    ).join_from(cases, posts, cases.c.first_post_id == posts.c.id)


def load(tx: Connection, query: Select[Any]) -> list[Case]:
    """The cases of a `select_cases` query, in its order."""
    rows = tx.execute(query).mappings().all()
    running, around = _clocks(tx, rows), beside(tx, [row["id"] for row in rows])
    found = _results(tx, [row["result_id"] for row in rows if row["result_id"] is not None])
    return [
        noun(
            Case,
            row,
            source_kind=row["source_kind"].value,
            clocks=tuple(running[row["id"]]),
            result=found.get(row["result_id"]),
            assisting=tuple(around.assisting[row["id"]]),
            recused=tuple(around.recused[row["id"]]),
        )
        for row in rows
    ]


def load_one(tx: Connection, *where: ColumnElement[bool], **ids: object) -> Case:
    """The one case that fits; raises NotFound naming `ids`."""
    found = load(tx, select_cases().where(*where))
    if not found:
        raise NotFound("没有这个案件", **ids)
    return found[0]


def matching(
    unit: str | None, states: Iterable[str], text: str, deep: bool = True, seer: Seer | None = None
) -> list[ColumnElement[bool]]:
    """Conditions of a case list: of one `unit` only, and of what `seer` may see.

    `deep` looks for `text` in what was reported, too: only for those who may read that unmasked.
    """
    where: list[ColumnElement[bool]] = [] if seer is None else [visible(seer)]
    if unit is not None:
        where.append(cases.c.unit == unit)
    if states := sorted(states):
        where.append(cases.c.state.in_(states))
    if text:
        columns = [
            cases.c.number,
            cases.c.external_number,
            cases.c.title,
            cases.c.place,
            *([posts.c.text] if deep else ()),
        ]
        where.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return where


def matters(tx: Connection, *where: ColumnElement[bool]) -> list[OpenMatter]:
    """What intake needs to know of the cases that fit; text and signature are the first post's.

    An answered case counts as closed: the same matter told again is a recurrence.
    """
    query = (
        select(
            cases.c.id.label("case_id"),
            cases.c.number,
            cases.c.kinds,
            cases.c.area.label("unit_area"),
            cases.c.place,
            verdicts.c.signature,
            verdicts.c.places,
            verdicts.c.named,
            posts.c.title,
            posts.c.text,
            cases.c.last_post_at,
            cases.c.state,
        )
        .join_from(cases, posts, cases.c.first_post_id == posts.c.id)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(cases.c.joined_into.is_(None), cases.c.parent_id.is_(None), *where)
        .order_by(cases.c.id)
    )
    return [_matter(row) for row in tx.execute(query).mappings()]


def _matter(row: RowMapping) -> OpenMatter:
    """On a forum the name of a place or firm often stands in the title only."""
    title, text = row["title"], row["text"]
    whole = text if not title or text.startswith(title) else f"{title}\n{text}"
    return noun(
        OpenMatter,
        row,
        text=whole,
        closed=row["state"] in DONE,
        places=tuple(Place(**place) for place in row["places"]),
        enterprises=tuple(row["named"].get("enterprises", ())),
    )


def _clocks(tx: Connection, rows: Sequence[RowMapping]) -> defaultdict[int, list[Clock]]:
    """Limits of each case's present round, earliest first; of a renewed limit only the last."""
    latest: dict[int, dict[str, Clock]] = defaultdict(dict)
    rounds = {row["id"]: row["round"] for row in rows}
    for ids in chunks(rounds):
        query = select(clocks).where(clocks.c.case_id.in_(ids)).order_by(clocks.c.id)
        for row in tx.execute(query).mappings():
            if row["round"] == rounds[row["case_id"]]:
                latest[row["case_id"]][row["name"]] = noun(Clock, row)
    found: defaultdict[int, list[Clock]] = defaultdict(list)
    for case_id, named in latest.items():
        found[case_id] = sorted(named.values(), key=lambda clock: (clock.due, clock.name))
    return found


def _results(tx: Connection, ids: Sequence[int]) -> dict[int, Result]:
    found: dict[int, Result] = {}
    for batch in chunks(ids):
        rows = tx.execute(select(results).where(results.c.id.in_(batch))).mappings()
        found |= {row["id"]: noun(Result, row) for row in rows}
    return found
