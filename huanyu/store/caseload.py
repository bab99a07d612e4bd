"""Reads cases and what belongs to them inside a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Integer
from sqlalchemy import RowMapping
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import union_all

from huanyu.errors import NotFound
from huanyu.store import grams
from huanyu.store.beside import Beside
from huanyu.store.beside import anything
from huanyu.store.beside import beside
from huanyu.store.beside import visible
from huanyu.store.broken import Kind
from huanyu.store.broken import readable
from huanyu.store.columns import Id
from huanyu.store.columns import Words
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.rows import nouns
from huanyu.store.states import DONE
from huanyu.store.states import OVER
from huanyu.store.tables import case_files
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import posts
from huanyu.store.tables import results
from huanyu.store.tables import verdicts
from huanyu.text import without_position
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import OpenMatter
from huanyu.types import Place
from huanyu.types import Result
from huanyu.types import Seer

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CLOCKS = select(clocks).where(clocks.c.case_id.in_(_IDS)).order_by(clocks.c.id)
_RESULTS = select(results).where(results.c.id.in_(_IDS))
IS_OPEN = cases.c.state.not_in(sorted(OVER))
KEPT = 500  #: lists kept put together: a question that is asked again and again, never what was answered
#: Neither joined into another one nor a part of one.
IS_MATTER = and_(cases.c.joined_into.is_(None), cases.c.parent_id.is_(None))


@cache
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
        anything().label("accompanied"),
    ).join_from(cases, posts, cases.c.first_post_id == posts.c.id)


#: What a line of a list shows of a case; the same names as above.
LINES = select(
    cases.c.id,
    cases.c.number,
    cases.c.state,
    cases.c.title,
    cases.c.area,
    cases.c.urgent,
    cases.c.level,
    cases.c.opened_at,
    cases.c.answered_at,
    cases.c.unit,
    cases.c.posts,
    cases.c.channel,
    cases.c.round,
    posts.c.kind.label("source_kind"),
    posts.c.text.label("first_text"),
).join_from(cases, posts, cases.c.first_post_id == posts.c.id)
CASES = Kind("cases", cases.c.id, select_cases())
_ONE = select_cases().where(cases.c.id == bindparam("case"))


def load(
    tx: Connection,
    query: Select[Any],
    values: Mapping[str, Any] = MappingProxyType({}),
    lean: bool = False,
    limits: bool = True,
) -> list[Case]:
    """The cases of a `select_cases` query, in its order; `lean` leaves out results and limits that were met.

    Without `limits` none is read at all.
    """
    rows = tx.execute(query, values).mappings().all()
    running: Mapping[int, list[Clock]] = limits_of(tx, rows, lean) if limits else {}
    around = beside(tx, [row["id"] for row in rows if row["accompanied"]])
    known = [] if lean else [row["result_id"] for row in rows if row["result_id"] is not None]
    found = _results(tx, known)
    return list(nouns(Case, rows, lambda row: _around(row, running, around, found)))


def _around(
    row: RowMapping, running: Mapping[int, list[Clock]], beside_it: Beside, found: Mapping[int, Result]
) -> dict[str, Any]:
    """What a case has that stands in other rows."""
    case_id = row["id"]
    return {
        "source_kind": row["source_kind"].value,
        "clocks": tuple(running.get(case_id, ())),
        "result": found.get(row["result_id"]),
        "assisting": tuple(beside_it.assisting.get(case_id, ())),
        "recused": tuple(beside_it.recused.get(case_id, ())),
    }


def queued(tx: Connection, query: Select[Any], lean: bool = False, limits: bool = True) -> list[Case]:
    """`load` for queues and lists: without the cases that are broken, which are set aside."""
    return readable(
        tx,
        CASES,
        query,
        lambda some: load(tx, some, lean=lean, limits=limits),
        mended=lambda some: load(tx, some),
    )


def load_case(tx: Connection, case_id: int) -> Case:
    """The case of this number; raises NotFound."""
    found = load(tx, _ONE, {"case": case_id})
    if not found:
        raise NotFound("没有这个案件", case=case_id)
    return found[0]


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
        ]
        cased = (
            text.lower() != text.upper()
        )  # Chinese and digits need no folding, which would cost as much again
        found = [
            column.icontains(text, autoescape=True) if cased else column.contains(text, autoescape=True)
            for column in columns
        ]
        where.append(or_(*found, *((_reported(text), _recorded(text)) if deep else ())))
    return where


def newest(
    where: Sequence[ColumnElement[bool]], states: Iterable[str], limit: int, offset: int
) -> Select[Any]:
    """The ids of a page of the cases of these states that fit, newest first: of each state no more is read than may be shown.

    Sorting all of them first is what both databases do by themselves, and half of all cases are closed. Where every
    state will do, cases are read as they are numbered, and the further pages cost no more than what is skipped.
    """
    known = sorted(states)
    if not known:
        numbered = select(cases.c.id).where(*where).order_by(cases.c.id.desc())
        return select(numbered.limit(limit).offset(offset).subquery().c.id)
    of_each = [
        select(
            select(cases.c.id)
            .where(cases.c.state == state, *where)
            .order_by(cases.c.id.desc())
            .limit(limit + offset)
            .subquery()
            .c.id
        )
        for state in known
    ]
    found = union_all(*of_each).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(limit).offset(offset)


@lru_cache(maxsize=KEPT)
def page_of(
    unit: str | None, states: frozenset[str], seer: Seer | None, limit: int, offset: int, whole: bool = True
) -> Select[Any]:
    """`newest` of what `matching` finds without words: the `whole` cases, or as lines of a list."""
    ids = newest(matching(unit, (), "", seer=seer), states, limit, offset)
    return (select_cases() if whole else LINES).where(cases.c.id.in_(ids)).order_by(cases.c.id.desc())


def counting(where: Sequence[ColumnElement[bool]], most: int | None, reported: bool = False) -> Select[Any]:
    """How many cases fit, counted up to `most`; `reported` where that asks for the first post, too."""
    query = select(func.count()).select_from(cases)
    if reported:  # every case has a first post: where nobody asks for its text it need not be read
        query = query.join(posts, cases.c.first_post_id == posts.c.id)
    if most is None:
        return query.where(*where)
    few = query.where(*where).with_only_columns(cases.c.id).limit(most).subquery()
    return select(func.count()).select_from(few)


@lru_cache(maxsize=KEPT)
def count_of(
    unit: str | None, states: frozenset[str], seer: Seer | None, most: int | None = None
) -> Select[Any]:
    """How many `matching` finds without words, counted up to `most`."""
    return counting(matching(unit, states, "", seer=seer), most)


@lru_cache(maxsize=KEPT)
def states_of(unit: str | None, states: frozenset[str], seer: Seer | None) -> Select[Any]:
    """The same by state."""
    query = select(cases.c.state, func.count()).where(*matching(unit, states, "", seer=seer))
    return query.group_by(cases.c.state)


def searched(
    where: Sequence[ColumnElement[bool]], states: Iterable[str], limit: int, offset: int
) -> Select[Any]:
    """How many cases fit in each state, and the ids of a page of those in `states`, out of one look at all of them."""
    fitting = select(cases.c.id, cases.c.state).where(*where).cte("fitting")
    counts = select(fitting.c.state, func.count().label("many"), literal(0, Id).label("id"))
    known = sorted(states)
    page = select(fitting.c.id).where(*([fitting.c.state.in_(known)] if known else []))
    page = page.order_by(fitting.c.id.desc()).limit(limit).offset(offset)
    shown = select(literal("", Words), literal(0, Integer), page.subquery().c.id)
    return select(union_all(counts.group_by(fitting.c.state), shown).subquery())


def _reported(text: str) -> ColumnElement[bool]:
    """Cases with a post that holds the words."""
    if (told := grams.told_in(text, cases.c.id)) is not None:
        return told
    if (known := grams.indexed(text, case_posts.c.post_id)) is not None:
        return cases.c.id.in_(select(case_posts.c.case_id).where(known))
    held = grams.holding(text)
    belong = select(case_posts.c.case_id).join(posts, posts.c.id == case_posts.c.post_id)
    return cases.c.id.in_(belong.where(held) if held is not None else belong)


def _recorded(text: str) -> ColumnElement[bool]:
    """Cases with a recording in which the words are said, as it was written down."""
    held = case_files.c.transcript.icontains(text, autoescape=True)
    return cases.c.id.in_(select(case_files.c.case_id).where(case_files.c.transcript != "", held))


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
        .where(IS_MATTER, *where)
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
        place=without_position(row["place"]),
        closed=row["state"] in DONE,
        places=tuple(Place(**place) for place in row["places"]),
        enterprises=tuple(row["named"].get("enterprises", ())),
    )


def limits_of(
    tx: Connection, rows: Sequence[RowMapping], lean: bool, query: Select[Any] = _CLOCKS
) -> defaultdict[int, list[Clock]]:
    """Limits of each case's present round, earliest first; of a renewed limit only the last."""
    latest: dict[tuple[int, str, str], RowMapping] = {}
    rounds = {row["id"]: row["round"] for row in rows}
    for ids in chunks(rounds):
        for row in tx.execute(query, {"ids": ids}).mappings():
            if row["round"] == rounds[row["case_id"]]:
                latest[row["case_id"], row["name"], row["owed_by"]] = row
    kept = [row for row in latest.values() if not lean or row["met_at"] is None]
    found: defaultdict[int, list[Clock]] = defaultdict(list)
    for row, clock in zip(kept, nouns(Clock, kept), strict=True):
        found[row["case_id"]].append(clock)
    for clocks_of in found.values():
        clocks_of.sort(key=lambda clock: (clock.due, clock.name, clock.owed_by))
    return found


def _results(tx: Connection, ids: Sequence[int]) -> dict[int, Result]:
    found: dict[int, Result] = {}
    for batch in chunks(ids):
        rows = tx.execute(_RESULTS, {"ids": batch}).mappings()
        found |= {row["id"]: noun(Result, row) for row in rows}
    return found
