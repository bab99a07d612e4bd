"""The bulletin of each day, on the desk by the set time, missed mornings caught up."""

from __future__ import annotations

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
from huanyu.kinds import KIND_LABEL
from huanyu.types import Figures
from huanyu.types import StoredBulletin

CATCH_UP = 7  # days: what is older is asked for by hand


def bulletin(desk: Desk, now: datetime) -> int:
    """Compile the daily bulletin of every finished day that has none yet."""
    made = 0
    for day in days_due(desk, now):
        made += compile_day(desk, day, now) is not None
    return made


def days_due(desk: Desk, now: datetime) -> list[date]:
    """Finished days without a bulletin, oldest first; yesterday's is due at the bureau's set time."""
    last = now.date() - timedelta(days=1)
    if now.time() < desk.bureau.bureau.bulletin_time:
        last -= timedelta(days=1)
    first = desk.store.posts.begun_on()  # what was said before the desk began is no missed morning
    if first is None:
        return []
    days = [last - timedelta(days=back) for back in range(CATCH_UP - 1, -1, -1)]
    return [day for day in days if day >= first and desk.store.bulletins.by_day("daily", day) is None]


def compile_day(desk: Desk, day: date, now: datetime) -> StoredBulletin | None:
    """Compile, render and issue the bulletin of one day; None when it is issued already."""
    reserved = desk.store.bulletins.reserve("daily", day, now=now)
    if reserved.issued:
        return None
    desk.store.audit.seal(now=now)  # the paper prints the head of a chain that covers all before it
    figures = figures_of(desk, day, now)
    late = now.date() > day + timedelta(days=1)
    made = bulletins.compile.daily(
        figures,
        number=reserved.number,
        total=reserved.total,
        bureau=desk.bureau.bureau,
        names=names_of(desk.bureau),
        areas=tuple(desk.bureau.areas()),
        issued_at=now,
        late=late,
    )
    return desk.store.bulletins.issue(
        reserved.id,
        made,
        html=bulletins.render_html.render(made),
        docx=bulletins.render_docx.render(made),
        pdf=bulletins.render_pdf.render(made),
        now=now,
    )


def figures_of(desk: Desk, day: date, seen: datetime) -> Figures:
    """All that a bulletin of the day is compiled from, as known at `seen`."""
    found = desk.store.figures.day(day, desk.bureau.sources, now=seen)
    return replace(found, topics=flow.topics.of_day(desk, day, seen))


def names_of(bureau: Bureau) -> dict[str, str]:
    """Chinese names of every key a bulletin may print: kinds, areas, units, states."""
    return {
        **KIND_LABEL,
        **bureau.areas(),
        **{unit.key: unit.short for unit in bureau.units},
        **cases.lifecycle.LABEL,
    }


def verify(desk: Desk, bulletin_id: int) -> list[str]:
    """Recompute every figure of an issued bulletin; returns one Chinese line per figure that differs."""
    made = desk.store.bulletins.get(bulletin_id).bulletin
    fresh = figures_of(desk, made.day, made.issued_at)
    return bulletins.compile.differences(made, fresh)
