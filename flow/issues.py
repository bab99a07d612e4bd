"""One issue of any series: what it is about, its figures as of a moment, compiled, rendered and filed.

A scope says what an issue is about: "" the period that ends on its day, case:12, cases:12,15, or
search:3:2026-03-01:2026-03-31; #2 behind it says that it takes the place of a first one, period:2026-03-04#2 of the
period's. Numbers are given out first; an issue that a crash cut off is finished under them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta

import bulletins.compile
import bulletins.render_docx
import bulletins.render_html
import bulletins.render_pdf
import cases.lifecycle
import flow.topics
from flow.desk import Desk
from huanyu.bureau import Bureau
from huanyu.bureau import SourceRow
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL
from huanyu.periods import Period
from huanyu.series import SeriesRow
from huanyu.types import Bulletin
from huanyu.types import Figures
from huanyu.types import Search
from huanyu.types import StoredBulletin
from huanyu.types import Topic
from huanyu.types.circulation import CORRECTION
from huanyu.types.circulation import CORRECTION_NAME

CASE, CASES, SEARCH, PERIOD = "case", "cases", "search", "period"
AGAIN = "#"  # and a number from 2: the same again, in the place of an issue that is void


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one issue is about."""

    series: SeriesRow
    period: Period
    scope: str = ""
    search: Search | None = None
    named: tuple[int, ...] = ()  #: cases

    @property
    def key(self) -> tuple[str, str]:
        """What tells one issue from another: an issue of chosen matters may be of any day."""
        return self.series.key, self.scope or self.period.last.isoformat()

    @property
    def anew(self) -> bool:
        """Whether it takes the place of an earlier issue."""
        return AGAIN in self.scope


def series_of(desk: Desk, key: str) -> SeriesRow:
    """The series of bulletins.toml; raises NotFound."""
    found = desk.bureau.series(key)
    if found is None:
        raise NotFound(f"bulletins.toml 中没有系列 {key}")
    return found


def subject(desk: Desk, key: str, day: date, scope: str = "") -> Subject:
    """What the issue of that series, day and scope is about; raises NotFound, BadInput."""
    series = series_of(desk, key)
    if not scope:
        return Subject(series=series, period=Period.holding(series.span, day))
    sort, _, told = scope.partition(AGAIN)[0].partition(":")
    try:
        if sort in {CASE, CASES}:
            named = tuple(int(one) for one in told.split(","))
            return Subject(series=series, period=Period("free", day, day), scope=scope, named=named)
        if sort == PERIOD:
            period = Period.holding(series.span, date.fromisoformat(told))
            return Subject(series=series, period=period, scope=scope)
        if sort == SEARCH:
            number, first, last = told.split(":")
            period = Period("free", date.fromisoformat(first), date.fromisoformat(last))
            found = desk.store.writing.search(int(number))
            return Subject(series=series, period=period, scope=scope, search=found)
    except ValueError as problem:
        raise BadInput(f"不认识的简报范围 {scope}") from problem
    raise BadInput(f"不认识的简报范围 {scope}")


def figures_of(
    desk: Desk, about: Subject, as_of: datetime, sources: Sequence[SourceRow] | None = None
) -> Figures:
    """Every figure of what an issue is about, as known at a moment; topics but where matters were named."""
    found = desk.store.figures.period(
        about.period,
        desk.bureau.sources if sources is None else sources,
        as_of,
        complete_from=_complete_from(desk) if about.period.span != "day" else None,
        search=about.search,
        named=about.named,
    )
    return found if about.named else replace(found, topics=_topics(desk, about, as_of))


def _topics(desk: Desk, about: Subject, as_of: datetime) -> tuple[Topic, ...]:
    return flow.topics.of_days(desk, about.period.first, about.period.last, as_of, about.search)


def _complete_from(desk: Desk) -> date | None:
    """From when on a zero is a zero: by the table, or since the desk began."""
    return desk.bureau.bureau.records_from or desk.store.posts.begun_on()


def recount(desk: Desk, made: Bulletin, sources: Sequence[SourceRow] | None = None) -> Figures:
    """The figures of an issued bulletin's subject as they were known when it was issued."""
    return figures_of(desk, subject_of(desk, made), made.issued_at, sources)


def subject_of(desk: Desk, made: Bulletin) -> Subject:
    """What an issued bulletin is about: by the search it was issued with, whatever that was changed to since."""
    found = subject(desk, made.series, made.day, made.scope)
    return replace(found, search=made.search or found.search)


def whole(scope: str) -> bool:
    """Whether an issue of that scope is about all of a period."""
    return not scope or scope.startswith(f"{PERIOD}:")


def next_scope(made: Bulletin) -> str:
    """The scope of the issue that takes the place of this one."""
    base, _, times = made.scope.partition(AGAIN)
    return f"{base or f'{PERIOD}:{made.day.isoformat()}'}{AGAIN}{int(times or 1) + 1}"


def successor(desk: Desk, made: Bulletin) -> StoredBulletin | None:
    """The issue that took the place of this one."""
    return desk.store.bulletins.by_scope(made.series, next_scope(made))


def predecessor(desk: Desk, series: str, scope: str) -> StoredBulletin | None:
    """The issue whose place one of that scope takes."""
    base, again, times = scope.partition(AGAIN)
    if not again or not times.isdecimal():
        return None
    if int(times) > 2:
        return desk.store.bulletins.by_scope(series, f"{base}{AGAIN}{int(times) - 1}")
    if whole(scope):
        return desk.store.bulletins.by_day(series, date.fromisoformat(base.partition(":")[2]))
    return desk.store.bulletins.by_scope(series, base)


def preview(desk: Desk, about: Subject, now: datetime) -> Bulletin:
    """What the issue would say now: without a number, filed nowhere."""
    return _compiled(desk, about, figures_of(desk, about, now), (0, 0), now)


def issue(desk: Desk, about: Subject, now: datetime, actor: str = "系统") -> StoredBulletin | None:
    """Number, compile, render and file one issue; None when it was issued before."""
    day = about.period.last if about.search is None else now.date()
    reserved = desk.store.bulletins.reserve(about.series.key, day, now=now, actor=actor, scope=about.scope)
    if reserved.issued:
        return None
    desk.store.audit.seal(now=now)  # the paper prints the head of a chain that covers all before it
    if about.named:  # taken up again after a crash: still about the day it was numbered on
        about = replace(about, period=Period("free", reserved.day, reserved.day))
    made = _compiled(desk, about, figures_of(desk, about, now), (reserved.number, reserved.total), now)
    made = replace(made, year=reserved.day.year)
    return desk.store.bulletins.issue(
        reserved.id,
        made,
        html=bulletins.render_html.render(made),
        docx=bulletins.render_docx.render(made),
        pdf=bulletins.render_pdf.render(made),
        now=now,
        actor=actor,
    )


def finish(desk: Desk, now: datetime) -> int:
    """Complete every issue that has its numbers and nothing else: a crash must leave no gap."""
    left = desk.store.bulletins.unfinished()
    known = [one for one in left if desk.bureau.series(one.series) is not None]
    return sum(issue(desk, subject(desk, one.series, one.day, one.scope), now) is not None for one in known)


def _compiled(
    desk: Desk, about: Subject, figures: Figures, numbers: tuple[int, int], now: datetime
) -> Bulletin:
    series, period = about.series, about.period
    before = predecessor(desk, series.key, about.scope)
    return bulletins.compile.paper(
        series,
        figures,
        number=numbers[0],
        total=numbers[1],
        bureau=desk.bureau.bureau,
        names=names_of(desk.bureau),
        areas=tuple(desk.bureau.areas()),
        issued_at=now,
        late=not about.scope and now.date() > period.last + timedelta(days=series.after_days),
        remarks=desk.store.writing.remarks(series.key, period.last, about.scope, as_of=now),
        topic=about.search.name if about.search else "",
        scope=about.scope,
        search=about.search,
        replaces=before.bulletin if before else None,
    )


def names_of(bureau: Bureau) -> dict[str, str]:
    """Chinese names of every key a bulletin may print: kinds, areas, units, states, series."""
    return {
        **FAMILY_LABEL,
        **KIND_LABEL,
        **bureau.areas(),
        **{unit.key: unit.short for unit in bureau.units},
        **cases.lifecycle.LABEL,
        **{series.key: series.name for series in bureau.bulletins},
        CORRECTION: CORRECTION_NAME,
    }
