"""A month's air in the demo: a table handed in, the 通报 signed under its number, the last one asked to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from datetime import time
from typing import Final

from cases.boards import Spot
from demo.office import Office
from flow import interviews
from flow import ranking_import
from flow import ranking_papers
from flow import rankings
from flow.ranking_papers import Proposal
from huanyu.cells import Cell
from huanyu.cells import workbook
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.periods import Period
from huanyu.periods import finished
from huanyu.types import InterviewEntry
from huanyu.types import Ranking

RANKING: Final = "air"
HEAD: Final = ("单位", "PM2.5", "PM10", "优良天数", "综合指数", "上年同期综合指数")
IN_DAYS, HOUR, PEOPLE = 4, 9, 2  # working days, o'clock, people


def told(office: Office, now: datetime) -> str:
    """The table of the month before, its 通报, and the notice to whoever is last."""
    period = finished("month", local(now).date())
    issued = office.desk.store.rankings.issued(RANKING, period) or _issued(office, period, now)
    if not interviews.listing(office.desk, office.press):
        _invite(office, issued, now)
    return f"{issued.title}已签发印发；末位单位的约谈通知待签发"


def _issued(office: Office, period: Period, now: datetime) -> Ranking:
    desk, part = office.desk, rankings.part_of(period)
    year, month = period.first.year, period.first.month
    if desk.store.rankings.sheet(RANKING, period) is None:
        ranked = rankings.spots(desk, rankings.row_of(desk, RANKING), period.last)
        path = office.folder / f"{month}月空气质量.xlsx"
        path.write_bytes(workbook({f"{month}月": [HEAD, *_rows(ranked)]}))
        ranking_import.take_in(desk, office.press, RANKING, year, part, path, now)
    waiting = [one for one in ranking_papers.listing(desk, office.press) if one.state == "proposed"]
    made = next((one for one in waiting if one.ranking == RANKING), None)
    if made is None:
        made = ranking_papers.propose(desk, office.press, RANKING, year, part, Proposal(), now)
    return ranking_papers.issue(desk, office.leader, made.id, made.version, now)


def _rows(ranked: Sequence[Spot]) -> list[tuple[Cell, ...]]:
    """Invented values that differ from place to place, some better than a year ago, some worse."""
    return [
        (
            one.name,
            30 + at * 7 % 13,
            58 + at * 11 % 23,
            25 - at * 5 % 6,
            f"{3.6 + at * 37 % 90 / 100:.2f}",
            f"{3.7 + at * 53 % 90 / 100:.2f}",
        )
        for at, one in enumerate(ranked)
    ]


def _invite(office: Office, issued: Ranking, now: datetime) -> None:
    desk, words = office.desk, office.words["interview"]
    board = ranking_papers.whole(desk, office.press, issued.id).board
    last = max((line for line in board.lines if line.rank), key=lambda line: line.rank or 0)
    subject, area, reason = interviews.reason_from(desk, office.press, issued.id, last.spot.key, None)
    day = desk.calendar.add_workdays(local(now).date(), IN_DAYS)
    at = datetime.combine(day, time(HOUR), SHANGHAI)
    entry = InterviewEntry(
        ranking_id=issued.id,
        line_id=None,
        area=area,
        subject=subject,
        asked=words["asked"],
        people=PEOPLE,
        reason=reason,
        at=at,
        venue=words["venue"],
        host=desk.bureau.bureau.name,
    )
    interviews.propose(desk, office.press, entry, now)
