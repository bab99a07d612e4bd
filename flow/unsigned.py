"""What is not signed yet: issues asked to be signed, those that come by themselves and can still be added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

from flow import issues
from flow import papers
from flow.desk import Desk
from flow.issues import Subject
from huanyu.clock import SHANGHAI
from huanyu.errors import HuanyuError
from huanyu.periods import Period
from huanyu.series import SeriesRow
from huanyu.types import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An issue without a number."""

    about: Subject
    remarks: tuple[Remark, ...]
    asked: Remark | None = None  #: who asks that it be signed
    comes_at: datetime | None = None  #: when it is compiled by itself; None: at its signature

    @property
    def name(self) -> str:
        """What it is about, in Chinese."""
        return name_of(self.about)


def name_of(about: Subject) -> str:
    """What an issue is about: 3月2日至8日, 3 件, “噪声扰民” 3月1日至5日."""
    if about.named:
        return f"{len(about.named)} 件"
    name = f"“{about.search.name}” {about.period.name()}" if about.search else about.period.name()
    return f"{name}（重编）" if about.anew else name


def asked(desk: Desk) -> list[Waiting]:
    """Issues somebody asked to be signed, oldest first; those that are out are left out."""
    found = []
    for series, day, scope, remark in desk.store.writing.proposals():
        try:
            about = issues.subject(desk, series, day, scope)
        except HuanyuError:  # of a series that is no longer in the table
            continue
        if not papers.is_out(desk, about):
            found.append(replace(_waiting(desk, about), asked=remark))
    return found


def coming(desk: Desk, now: datetime) -> list[Waiting]:
    """The present and the last period of every series of periods, where no issue is out yet."""
    begun = desk.store.posts.begun_on()
    if begun is None:
        return []
    return [
        replace(_waiting(desk, about), comes_at=_comes_at(desk, about))
        for series in desk.bureau.bulletins
        if series.span != "free"
        for about in _open(desk, series, begun, now.date())
    ]


def _open(desk: Desk, series: SeriesRow, begun: date, today: date) -> Iterator[Subject]:
    present = Period.holding(series.span, today)
    for period in (present.before(), present):
        about = Subject(series=series, period=period)
        if period.last >= begun and not papers.is_out(desk, about):
            yield about


def _comes_at(desk: Desk, about: Subject) -> datetime | None:
    series = about.series
    if series.compiled != "by_itself":
        return None
    day = about.period.last + timedelta(days=series.after_days)
    at: time = series.at or desk.bureau.bureau.bulletin_time
    return datetime.combine(day, at, SHANGHAI)


def _waiting(desk: Desk, about: Subject) -> Waiting:
    typed = desk.store.writing.remarks(about.series.key, about.period.last, about.scope)
    return Waiting(about=about, remarks=typed)


def count(desk: Desk) -> int:
    """How many issues wait for a signature."""
    return len(desk.store.archive.unsigned()) + len(asked(desk))
