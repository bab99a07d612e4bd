"""Lists of cases as they are shown: a line reads what stands on it, not the whole case."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import select

from huanyu.store.broken import Kind
from huanyu.store.broken import readable
from huanyu.store.caseload import LINES
from huanyu.store.caseload import limits_of
from huanyu.store.caseload import load
from huanyu.store.caseload import matching
from huanyu.store.caseload import page_of
from huanyu.store.caseload import searched
from huanyu.store.caseload import select_cases
from huanyu.store.rows import nouns
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.types import Case
from huanyu.types import Listed
from huanyu.types import Seer

#: What is broken elsewhere in a case does not keep its line off the list, whoever has set the case aside.
_KIND = Kind("cases", cases.c.id, LINES)
_IDS: Any = bindparam("ids", expanding=True)
_LINES_OF = LINES.where(cases.c.id.in_(_IDS)).order_by(cases.c.id.desc())
_LIMITS = (
    select(
        clocks.c.case_id,
        clocks.c.round,
        clocks.c.name,
        clocks.c.owed_by,
        clocks.c.due,
        clocks.c.why,
        clocks.c.met_at,
    )
    .where(clocks.c.case_id.in_(_IDS))
    .order_by(clocks.c.id)
)


class CaseLists:
    """Cases somebody may see, as lines, newest first; nothing is written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, unit: str | None, states: Collection[str], limit: int, offset: int, seer: Seer
    ) -> list[Listed]:
        """A page of the cases in these states, in all where none are named; `unit` shows one unit's."""
        query = page_of(unit, frozenset(states), seer, limit, offset, whole=False)
        with self._database.read() as tx:
            return _readable(tx, query)

    def searched(
        self,
        text: str,
        unit: str | None,
        states: Collection[str],
        limit: int,
        offset: int,
        deep: bool,
        seer: Seer,
    ) -> tuple[list[Listed], dict[str, int]]:
        """A page of those that hold `text`, and how many there are of every state, the index asked once for both.

        `deep` finds it in what was reported, too.
        """
        query = searched(matching(unit, (), text, deep, seer), states, limit, offset)
        counts: dict[str, int] = {}
        ids: list[int] = []
        with self._database.read() as tx:
            for state, many, case_id in tx.execute(query):
                if state:
                    counts[state] = many
                else:
                    ids.append(case_id)
            return _readable(tx, _LINES_OF.params(ids=ids)) if ids else [], counts


def _readable(tx: Connection, query: Select[Any]) -> list[Listed]:
    return readable(tx, _KIND, query, lambda some: _load(tx, some), mended=lambda some: _whole(tx, some))


def _whole(tx: Connection, lines: Select[Any]) -> list[Case]:
    ids = lines.with_only_columns(cases.c.id, maintain_column_froms=True).correlate(None)
    return load(tx, select_cases().where(cases.c.id.in_(ids)))


def _load(tx: Connection, query: Select[Any]) -> list[Listed]:
    rows = tx.execute(query).mappings().all()
    running = limits_of(tx, rows, lean=True, query=_LIMITS)
    return list(
        nouns(
            Listed,
            rows,
            lambda row: {
                "source_kind": row["source_kind"].value,
                "clocks": tuple(running.get(row["id"], ())),
            },
        )
    )
