"""All that a bulletin is compiled from, in one consistent read; labels are raw keys, names come later."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import select

from huanyu.bureau import SourceRow
from huanyu.errors import NotFound
from huanyu.periods import Period
from huanyu.store import breakdowns
from huanyu.store import unit_figures
from huanyu.store.audit import read_head
from huanyu.store.breakdowns import TREND
from huanyu.store.breakdowns import Cells
from huanyu.store.breakdowns import narrowed
from huanyu.store.caselines import Lines
from huanyu.store.caselines import sayings
from huanyu.store.queries import QUERIES
from huanyu.store.queries import Ids
from huanyu.store.queries import Span
from huanyu.store.queries import cases_told
from huanyu.store.queries import states_at
from huanyu.store.session import Database
from huanyu.store.states import DONE
from huanyu.store.states import INTERIM
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Row
from huanyu.types import Search
from huanyu.types import UnitCount
from huanyu.unit_words import GROUPS

LISTED = 200  # ids a figure carries; above that the query alone tells which rows it counted
QUOTED = 3  # kind words in one issue
#: keys of QUERIES whose rows a saved search can pick; the others speak of replies and bulletins
_OF_POSTS = frozenset(
    key
    for key in QUERIES
    if key.startswith(("posts_", "complaints_", "reposts_", "praise_")) or key.endswith("_received")
) | {"cases_appended"}
_OF_CASES = frozenset(
    key for key in QUERIES if key.startswith(("cases_", "year_", "answered_")) and key not in _OF_POSTS
)


class FigureBook:
    """Figures of a period, each of which can be asked for again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def day(self, day: date, sources: Sequence[SourceRow], now: datetime) -> Figures:
        """Everything about one day in Asia/Shanghai as known at `now`."""
        return self.period(Period.holding("day", day), sources, now)

    def period(
        self,
        period: Period,
        sources: Sequence[SourceRow],
        now: datetime,
        complete_from: date | None = None,
        search: Search | None = None,
        named: Sequence[int] = (),
    ) -> Figures:
        """Everything about one period as known at `now`, side by side with the one before and a year before.

        A period that began before `complete_from`, when there was no desk yet, is compared with by nobody: its
        zero would be no zero. `named` cases, whenever opened, stand in the place of the new ones.
        """
        with self._database.read() as tx:
            return _Look(tx, period, now, complete_from, search).all(sources, named)

    def counts(self, period: Period, now: datetime) -> Mapping[str, int]:
        """Every named query of a period counted, and nothing else."""
        with self._database.read() as tx:
            return _Look(tx, period, now, None, None).bare()

    def units(self, period: Period, now: datetime) -> tuple[UnitCount, ...]:
        """What each unit did in a period as known at `now`, in the order of the units' keys."""
        span = _span(period, now)
        with self._database.read() as tx:
            found, taken = unit_figures.cells(tx, span), unit_figures.days(tx, span)
        keys = sorted({unit for group in found.values() for unit in group})
        return tuple(
            UnitCount(
                unit=unit,
                days=taken[unit][0] if unit in taken else 0,
                **{
                    name: len(_cell(found, group, unit))
                    for group, name in GROUPS.items()
                    if group != unit_figures.DAYS
                },
            )
            for unit in keys
        )

    def recompute(self, key: str, day: date, as_of: datetime | None = None) -> int:
        """A figure of `day` asked for again, as it was known at `as_of` or is today; raises NotFound.

        Labels corrected and verdicts renewed since may change what counts as a complaint; the audit trail
        tells who did that.
        """
        if key not in QUERIES:
            raise NotFound("没有这个指标", key=key)
        with self._database.read() as tx:
            return _count(tx, QUERIES[key][0](Span.of_day(day, as_of)))


class _Look:
    """One look at one period; every number is told with what it was before."""

    def __init__(
        self,
        tx: Connection,
        period: Period,
        now: datetime,
        complete_from: date | None,
        search: Search | None,
    ) -> None:
        self._tx, self._period, self._now, self._search = tx, period, now, search
        self._span = _span(period, now)
        self._before = _comparable(period.before() if period.span != "year" else None, complete_from, now)
        a_year_ago = period.year_before() if period.span != "day" else None
        self._year_before = _comparable(a_year_ago, complete_from, now)
        self._listed: dict[str, list[int]] = {}

    def all(self, sources: Sequence[SourceRow], named: Sequence[int]) -> Figures:
        """Everything, in one transaction."""
        tx, span, search = self._tx, self._span, self._search
        states = {row.id: row.state for row in tx.execute(states_at(span))}
        lines = Lines(tx, states, span.moment)
        is_open = self._ids("cases_open")
        told = breakdowns.complaints(tx, span, search)
        long = self._period.days > 1
        return Figures(
            period_from=span.start,
            period_to=span.end,
            day=self._period.last,
            first_day=self._period.first if long else None,
            span=self._period.span,
            cells=self._cells(),
            by_source=breakdowns.rows(told["source"]),
            by_kind=breakdowns.rows(told["kind"]),
            by_area=breakdowns.rows(told["area"]),
            by_sentiment=breakdowns.rows(breakdowns.moods(tx, span, search)),
            by_state=breakdowns.named(states[case_id] for case_id in is_open),
            trend=breakdowns.trend(
                tx, self._period.last, self._period.days if long else TREND, self._now, search
            ),
            trend_before=self._trend_before() if long else (),
            new_cases=lines.of(named or self._ids("cases_opened")),
            open_cases=lines.of(is_open),
            overdue=lines.of(self._ids("cases_overdue")),
            answered=lines.of(self._ids("cases_answered")),
            unanswered=lines.of(self._unanswered(is_open, states)),
            returned=lines.of(self._ids("cases_returned")),
            reopened=lines.of(self._ids("cases_reopened")),
            repeated=lines.of(self._ids("cases_told_again")),
            praise=sayings(tx, self._ids("praise_new")[:QUOTED]),
            sources=breakdowns.sources(tx, span, sources, search),
            audit_head=read_head(tx),
            counts=self._figures(),  # last: what was listed above is counted already
        )

    def bare(self) -> Mapping[str, int]:
        """The counts alone."""
        return self._values(self._span)

    def _unanswered(self, is_open: Sequence[int], states: Mapping[int, str]) -> list[int]:
        """Open cases whose people have no answer yet; 阶段性办结 comes before one or after."""
        asked = any(states[key] == INTERIM for key in is_open)
        told = set(self._tx.execute(cases_told(self._span)).scalars()) if asked else set()
        waiting = [key for key in is_open if states[key] not in DONE]
        return [key for key in waiting if states[key] != INTERIM or key not in told]

    def _trend_before(self) -> tuple[Row, ...]:
        """The trend of the period before; of a year that is the year before."""
        yearly = self._period.span == "year"
        if (self._year_before if yearly else self._before) is None:
            return ()
        period = self._period.year_before() if yearly else self._period.before()
        return breakdowns.trend(self._tx, period.last, period.days, self._now, self._search)

    def _figures(self) -> tuple[Figure, ...]:
        """Every count beside what it was before."""
        before, a_year_ago = (
            None if span is None else self._values(span) for span in (self._before, self._year_before)
        )
        return tuple(
            Figure(
                key=key,
                value=value,
                unit=QUERIES[key][1],
                label=key,
                query=key,
                previous=None if before is None else before[key],
                year_before=None if a_year_ago is None else a_year_ago[key],
                ids=ids,
            )
            for key, value, ids in map(self._counted, QUERIES)
        )

    def _counted(self, key: str) -> tuple[str, int, tuple[int, ...]]:
        """The key, its value, and the rows where there are few enough to list."""
        query = self._query(key, self._span)
        found = self._listed.get(key)
        if found is None:
            found = sorted(self._tx.execute(query.limit(LISTED + 1)).scalars())
        if len(found) <= LISTED:
            return key, len(found), tuple(found)
        return key, _count(self._tx, query), ()

    def _values(self, span: Span) -> Mapping[str, int]:
        """Every count of a period, asked for in one statement."""
        asked = (
            select(func.count()).select_from(self._query(key, span).subquery()).scalar_subquery().label(key)
            for key in QUERIES
        )
        return dict(self._tx.execute(select(*asked)).mappings().one())

    def _query(self, key: str, span: Span) -> Ids:
        about = "post" if key in _OF_POSTS else "case" if key in _OF_CASES else ""
        return narrowed(QUERIES[key][0](span), about, self._search)

    def _ids(self, key: str) -> list[int]:
        if key not in self._listed:
            self._listed[key] = sorted(self._tx.execute(self._query(key, self._span)).scalars())
        return self._listed[key]

    def _cells(self) -> tuple[Figure, ...]:
        now, before, a_year_ago = (
            None if span is None else self._grouped(span)
            for span in (self._span, self._before, self._year_before)
        )
        groups = dict.fromkeys(group for cells in (now, before, a_year_ago) for group in cells or {})
        return (
            tuple(
                Figure(
                    key=f"{group}:{key}",
                    value=len(_cell(now, group, key)),
                    unit="期" if group == "issued" else "件",
                    label=key,
                    query="cells",
                    previous=None if before is None else len(_cell(before, group, key)),
                    year_before=None if a_year_ago is None else len(_cell(a_year_ago, group, key)),
                    ids=ids if len(ids := tuple(_cell(now, group, key))) <= LISTED else (),
                )
                for group in groups
                for key in sorted(
                    {key for cells in (now, before, a_year_ago) for key in (cells or {}).get(group, {})}
                )
            )
            + self._days()
        )

    def _grouped(self, span: Span) -> Cells:
        own = breakdowns.cells(self._tx, span, self._search)
        return {**own, **unit_figures.cells(self._tx, span, self._search)}

    def _days(self) -> tuple[Figure, ...]:
        """How long each unit took; 0 where it took none in a period it is compared with."""
        now, before, a_year_ago = (
            None if span is None else unit_figures.days(self._tx, span, self._search)
            for span in (self._span, self._before, self._year_before)
        )
        return tuple(
            Figure(
                key=f"{unit_figures.DAYS}:{unit}",
                value=median,
                unit="天",
                label=unit,
                query="cells",
                previous=None if before is None else before.get(unit, (0, []))[0],
                year_before=None if a_year_ago is None else a_year_ago.get(unit, (0, []))[0],
                ids=tuple(ids) if len(ids) <= LISTED else (),
            )
            for unit, (median, ids) in sorted((now or {}).items())
        )


def _cell(cells: Cells | None, group: str, key: str) -> Sequence[int]:
    found: Mapping[str, Sequence[int]] = (cells or {}).get(group, {})
    return found.get(key, ())


def _span(period: Period, now: datetime) -> Span:
    return Span.of_days(period.first, period.last, now)


def _comparable(period: Period | None, complete_from: date | None, now: datetime) -> Span | None:
    if period is None or (complete_from is not None and period.first < complete_from):
        return None
    return _span(period, now)


def _count(tx: Connection, query: Ids) -> int:
    return int(tx.scalar(select(func.count()).select_from(query.subquery())) or 0)
