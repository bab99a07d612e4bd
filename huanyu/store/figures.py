"""All that a bulletin is compiled from, in one consistent read; labels are raw keys, names come later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import select

from huanyu import redact
from huanyu.bureau import SourceRow
from huanyu.errors import NotFound
from huanyu.store.audit import read_head
from huanyu.store.caseload import load
from huanyu.store.caseload import select_cases
from huanyu.store.queries import QUERIES
from huanyu.store.queries import Span
from huanyu.store.queries import cases_opened
from huanyu.store.queries import complaints_new
from huanyu.store.queries import posts_new
from huanyu.store.queries import states_at
from huanyu.store.rows import chunks
from huanyu.store.session import Database
from huanyu.store.states import DONE
from huanyu.store.states import stands_still
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import source_states
from huanyu.store.tables import verdicts
from huanyu.text import shorten
from huanyu.types import Case
from huanyu.types import CaseLine
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import MessageState
from huanyu.types import Row
from huanyu.types import SourceLine

LISTED = 200  # ids a figure carries; above that the query alone tells which rows it counted
TREND = 14  # days
QUOTE = 120  # characters of a citizen's words in a list


class FigureBook:
    """Figures of a day, each of which can be asked for again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def day(self, day: date, sources: Sequence[SourceRow], now: datetime) -> Figures:
        """Everything about one day in Asia/Shanghai as known at `now`."""
        span = Span.of_day(day, now)
        with self._database.read() as tx:
            ids = {key: _ids(tx, key, span) for key in QUERIES}
            states = {row.id: row.state for row in tx.execute(states_at(span))}
            lines = _Lines(tx, states)
            told = _complaints(tx, span)
            return Figures(
                period_from=span.start,
                period_to=span.end,
                day=day,
                counts=tuple(
                    _figure(tx, key, found, Span.of_day(day - timedelta(days=1), now))
                    for key, found in ids.items()
                ),
                by_source=_rows(row.kind.value for row in told),
                by_kind=_rows(kind for row in told for kind in row.kinds),
                by_area=_rows(row.area for row in told),
                by_sentiment=_rows(_sentiments(tx, span)),
                by_state=_rows(states[case_id] for case_id in ids["cases_open"]),
                trend=_trend(tx, day, now),
                new_cases=lines.of(ids["cases_opened"]),
                open_cases=lines.of(ids["cases_open"]),
                overdue=lines.of(ids["cases_overdue"]),
                answered=lines.of(ids["cases_answered"]),
                unanswered=lines.of(key for key in ids["cases_open"] if states[key] not in DONE),
                sources=_sources(tx, span, sources),
                audit_head=read_head(tx),
            )

    def recompute(self, key: str, day: date, as_of: datetime | None = None) -> int:
        """A figure of `day` asked for again, as it was known at `as_of` or is today; raises NotFound.

        Labels corrected and verdicts renewed since may change what counts as a complaint; the audit trail
        tells who did that.
        """
        if key not in QUERIES:
            raise NotFound("没有这个指标", key=key)
        with self._database.read() as tx:
            return _count(tx, key, Span.of_day(day, as_of))


def _ids(tx: Connection, key: str, span: Span) -> list[int]:
    return sorted(tx.execute(QUERIES[key][0](span)).scalars())


def _count(tx: Connection, key: str, span: Span) -> int:
    found = QUERIES[key][0](span).subquery()
    return int(tx.scalar(select(func.count()).select_from(found)) or 0)


def _figure(tx: Connection, key: str, ids: Sequence[int], before: Span) -> Figure:
    return Figure(
        key=key,
        value=len(ids),
        unit=QUERIES[key][1],
        label=key,
        query=key,
        previous=_count(tx, key, before),
        ids=tuple(ids) if len(ids) <= LISTED else (),
    )


def _rows(values: Iterable[str]) -> tuple[Row, ...]:
    """Counts, largest first; equals in the order of their keys, so that one day gives one bulletin."""
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Row(label=key, count=count, key=key) for key, count in counted)


def _complaints(tx: Connection, span: Span) -> Sequence[Any]:
    query = complaints_new(span).with_only_columns(posts.c.kind, verdicts.c.kinds, verdicts.c.area)
    return tx.execute(query).all()


def _sentiments(tx: Connection, span: Span) -> list[str]:
    query = (
        posts_new(span)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(span.known(verdicts.c.judged_at))
        .with_only_columns(verdicts.c.sentiment)
    )
    return [mood.value for mood in tx.execute(query).scalars()]


def _trend(tx: Connection, day: date, now: datetime) -> tuple[Row, ...]:
    days = [day - timedelta(days=back) for back in range(TREND - 1, -1, -1)]
    span = Span(Span.of_day(days[0]).start, Span.of_day(day).end, now)
    # Cases, not posts: what two kinds of source both tell must not be added up (domain 194).
    opened = tx.execute(cases_opened(span).with_only_columns(cases.c.opened_at)).scalars()
    counted = Counter(moment.date() for moment in opened)
    return tuple(Row(label=one.isoformat(), count=counted[one], key=one.isoformat()) for one in days)


class _Lines:
    """Cases as a bulletin lists them, in the states they had at the period's end; each is made once."""

    def __init__(self, tx: Connection, states: Mapping[int, str]) -> None:
        self._tx = tx
        self._states = states
        self._made: dict[int, CaseLine] = {}

    def of(self, ids: Iterable[int]) -> tuple[CaseLine, ...]:
        """Lines of these cases, by number."""
        wanted = sorted(ids)
        for batch in chunks(case_id for case_id in wanted if case_id not in self._made):
            answers = _answers(self._tx, batch)
            for case in load(self._tx, select_cases().where(cases.c.id.in_(batch))):
                self._made[case.id] = self._line(case, answers.get(case.id, ""))
        return tuple(self._made[case_id] for case_id in wanted)

    def _line(self, case: Case, answered_url: str) -> CaseLine:
        state = self._states.get(case.id, case.state)
        return CaseLine(
            case_id=case.id,
            number=case.number,
            title=redact.mask(case.title),
            kinds=case.kinds,
            area=case.area,
            source_kind=case.source_kind,
            quote=shorten(redact.mask(case.first_text, [case.first_author]), QUOTE),
            url=case.first_url,
            posts=case.posts,
            state=state,
            unit=case.unit,
            opened_at=case.opened_at,
            due=_due(case, state),
            urgent=case.urgent,
            answered_url=answered_url,
            level=case.level,
        )


def _due(case: Case, state: str) -> datetime | None:
    """The running limit that ends first."""
    return min(
        (clock.due for clock in case.clocks if not stands_still(clock.name, state)),
        default=None,
    )


def _answers(tx: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Where the reply to each case can be read: our own page before any platform's, never a citizen's thread."""
    query = (
        select(outbox.c.case_id, outbox.c.platform_url, outbox.c.link, outbox.c.channel, outbox.c.reply_to)
        .where(outbox.c.case_id.in_(ids), outbox.c.purpose == "reply", outbox.c.state == MessageState.SENT)
        .order_by(outbox.c.id)
    )
    found: dict[int, str] = {}
    for row in tx.execute(query):
        if row.channel == "site" or row.case_id not in found:
            found[row.case_id] = row.link if row.reply_to else row.platform_url or row.link
    return found


def _sources(tx: Connection, span: Span, sources: Sequence[SourceRow]) -> tuple[SourceLine, ...]:
    seen = _per_source(tx, posts_new(span))
    complaints = _per_source(tx, complaints_new(span))
    states = {row.source: (row.state, row.sentence) for row in tx.execute(select(source_states))}
    lines = []
    for source in sources:
        state, sentence = states.get(source.key, _unread(source, seen[source.key]))
        if not source.enabled:
            state, sentence = "paused", "已停用"
        lines.append(
            SourceLine(
                key=source.key,
                name=source.name,
                kind=source.kind.value,
                posts=seen[source.key],
                complaints=complaints[source.key],
                state=state,
                sentence=sentence,
            )
        )
    return tuple(lines)


def _per_source(tx: Connection, query: Any) -> Counter[str]:
    counted = query.with_only_columns(posts.c.source, func.count(posts.c.id)).group_by(posts.c.source)
    return Counter(dict(tx.execute(counted).all()))


def _unread(source: SourceRow, seen: int) -> tuple[str, str]:
    if source.spider == "import":
        return "ok", f"人工导入, 本期 {seen} 条"
    return "silent", "尚未读取过"
