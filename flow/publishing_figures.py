"""The statistics of publishing over a year: asked of the store, made by publisher.statistics, written as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

from flow.desk import Desk
from huanyu.cells import sheet
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.types import Outgoing
from publisher import statistics
from publisher.statistics import CORRECTING
from publisher.statistics import STAGES
from publisher.statistics import AccountMonth
from publisher.statistics import Growth
from publisher.statistics import Speed

HEAD = ("账号", "月份", "期", "条", "阅读量", "有阅读量的条数")
Cell = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfPublishing:
    """What one year of publishing amounts to."""

    year: int
    until: date
    months: tuple[AccountMonth, ...]
    first_answer: Speed | None
    stages: tuple[Speed, ...]
    corrections: int
    withdrawals: int
    doubts: Mapping[str, int]  #: by account
    refusals: Mapping[str, int]
    recorded: int  #: cases with a result recorded
    shown: int  #: of these, cases whose result is published
    growth: tuple[Growth, ...]
    names: Mapping[str, str]  #: of accounts

    @property
    def pushes(self) -> int:
        return sum(one.pushes for one in self.months)

    @property
    def articles(self) -> int:
        return sum(one.articles for one in self.months)

    @property
    def share(self) -> str:
        """办理结果公开率."""
        return f"{100 * self.shown / self.recorded:.1f}%" if self.recorded else "—"


def year(desk: Desk, number: int, now: datetime) -> YearOfPublishing:
    """The figures of a calendar year, up to now where it is the present one."""
    start = datetime.combine(date(number, 1, 1), time(), SHANGHAI)
    end = min(datetime.combine(date(number + 1, 1, 1), time(), SHANGHAI), now + timedelta(seconds=1))
    book = desk.store.publishing
    rows = [row for row in book.outgoing(start, end) if row.stage not in CORRECTING]
    first = book.first_answers(start, end)
    numbers, (recorded, shown) = book.corrections(start, end), book.results(start, end)
    return YearOfPublishing(
        year=number,
        until=max(date(number, 1, 1), local(end - timedelta(seconds=1)).date()),
        months=tuple(statistics.months(rows)),
        first_answer=statistics.first_answers(rows, first),
        stages=tuple(statistics.speeds(rows, first)),
        corrections=numbers.get("correction", 0),
        withdrawals=numbers.get("withdrawal", 0),
        doubts=book.doubts(start, end),
        refusals=book.refusals(start, end),
        recorded=recorded,
        shown=shown,
        growth=tuple(statistics.growth(book.followers(start, end))),
        names=_names(desk, rows),
    )


def as_csv(found: YearOfPublishing) -> bytes:
    """The same as a file that opens in a spreadsheet: first by account and month, then everything else."""
    months = (
        (
            found.names.get(one.account, one.account),
            f"{one.month:%Y-%m}",
            *(one.pushes, one.articles, one.views, one.viewed),
        )
        for one in found.months
    )
    return sheet([HEAD, *months, (), ("指标", "数值", "说明"), *totals(found)])


def totals(found: YearOfPublishing) -> Iterator[tuple[str, Cell, str]]:
    """Name, value and meaning of every figure that is not of one account and month."""
    yield "期数合计", found.pushes, "同一次推送的几条算一期"
    yield "条数合计", found.articles, "每个账号各算一条，不含更正、撤回"
    for one in filter(None, (found.first_answer, *found.stages)):
        name = STAGES.get(one.stage, "首次公开答复")
        yield f"{name}用时中位数（小时）", hours(one.median), f"从知悉到公开，共 {one.count} 件"
        yield f"{name}用时九成位（小时）", hours(one.ninth), "九成的件不超过这个时间"
    yield "更正", found.corrections, "按编号计，含作废的"
    yield "撤回", found.withdrawals, "按编号计，含作废的"
    yield "结果不明", sum(found.doubts.values()), "还不知道发出没有的"
    yield "平台拒绝", sum(found.refusals.values()), "没有发出的"
    yield "办理结果公开率", found.share, f"有结果的 {found.recorded} 件中，已公开 {found.shown} 件"
    for change in found.growth:
        name = found.names.get(change.account, change.account)
        yield f"{name}关注人数", change.last.followers, f"自 {change.first.day} 起变化 {change.gained:+d}"


def hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:.1f}"


def _names(desk: Desk, rows: list[Outgoing]) -> dict[str, str]:
    known = {account.key: account.name for account in desk.bureau.accounts}
    return {row.account: known.get(row.account, row.account) for row in rows} | known
