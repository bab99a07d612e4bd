"""What a span of publishing amounts to: 期 and 条 by account and month, reach, response times.

Pure. Nobody is named and nobody is scored: likes and reposts are not even handed in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from statistics import median
from types import MappingProxyType
from typing import Final

from huanyu import clock
from huanyu.types import Followers
from huanyu.types import Outgoing

#: Stages of an answer in the order of a case's life; "" gathers what goes to the public by itself.
STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accepted": "受理告知",
        "forwarded": "转办告知",
        "progress": "进展告知",
        "result": "办理结果",
        "not_ours": "不属本部门",
    }
)
CORRECTING: Final = frozenset({"correction", "withdrawal"})
_MASS: Final = re.compile(r"mass:(?P<push>\d+)")
_ARTICLE: Final = re.compile(r"(?P<push>\d+)_\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMonth:
    """One account in one month."""

    account: str
    month: date  #: its first day
    pushes: int  #: 期: how often something was pushed to the readers
    articles: int  #: 条
    views: int | None  #: reach, as far as the platform tells; None where it tells nothing
    viewed: int  #: articles whose views are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How long answers of one stage took, from the complaint to the public answer."""

    stage: str
    count: int
    median: timedelta
    ninth: timedelta  #: nine in ten were at least as quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Followers of an account at both ends of a span."""

    account: str
    first: Followers
    last: Followers

    @property
    def gained(self) -> int:
        return self.last.followers - self.first.followers


def months(rows: Iterable[Outgoing]) -> list[AccountMonth]:
    """期, 条 and reach by account and month, by account, latest month first."""
    found: dict[tuple[str, date], list[Outgoing]] = defaultdict(list)
    for row in rows:
        found[row.account, clock.local(row.sent_at).date().replace(day=1)].append(row)
    made = [_account_month(account, month, held) for (account, month), held in found.items()]
    return sorted(made, key=lambda one: (one.account, -one.month.toordinal()))


def pushes(rows: Iterable[Outgoing]) -> int:
    """期: articles that a platform pushed together, under one name of its own, are one."""
    return len({_push(row) for row in rows})


def speeds(rows: Iterable[Outgoing], first: Iterable[int]) -> list[Speed]:
    """Response times by stage, of those messages that were a case's first public answer at their stage."""
    wanted, took = set(first), defaultdict(list)
    for row in rows:
        if row.id in wanted and row.learned_at is not None and row.stage in STAGES:
            took[row.stage].append(max(timedelta(0), row.sent_at - row.learned_at))
    return [_speed(stage, took[stage]) for stage in STAGES if took[stage]]


def first_answers(rows: Sequence[Outgoing], first: Iterable[int]) -> Speed | None:
    """The same for the first public answer of each case, whatever it said."""
    wanted = set(first)
    by_case: dict[int, datetime] = {}
    learned: dict[int, datetime] = {}
    for row in rows:
        if row.id in wanted and row.case_id is not None and row.learned_at is not None:
            by_case[row.case_id] = min(row.sent_at, by_case.get(row.case_id, row.sent_at))
            learned[row.case_id] = row.learned_at
    took = [max(timedelta(0), at - learned[case]) for case, at in by_case.items()]
    return _speed("", took) if took else None


def growth(days: Iterable[Followers]) -> list[Growth]:
    """How each account's followers changed between its first and its last day."""
    found: dict[str, list[Followers]] = defaultdict(list)
    for one in days:
        found[one.account].append(one)
    return [
        Growth(account=account, first=min(held, key=_day), last=max(held, key=_day))
        for account, held in sorted(found.items())
    ]


def _account_month(account: str, month: date, rows: Sequence[Outgoing]) -> AccountMonth:
    known = [row.views for row in rows if row.views is not None]
    return AccountMonth(
        account=account,
        month=month,
        pushes=pushes(rows),
        articles=len(rows),
        views=sum(known) if known else None,
        viewed=len(known),
    )


def _push(row: Outgoing) -> str:
    """WeChat names what was pushed together by the push: mass:2247483647:…, or 2247483647_2 for its second article."""
    mass, name = _MASS.match(row.platform_id), _ARTICLE.fullmatch(row.platform_id)
    found = (mass or name) if row.channel == "wechat" else None
    return f"{row.account}:{found['push']}" if found else f"#{row.id}"


def _speed(stage: str, took: Sequence[timedelta]) -> Speed:
    ordered = sorted(took)
    ninth = ordered[max(0, -(-len(ordered) * 9 // 10) - 1)]  # the smallest that nine in ten do not exceed
    seconds = median(one.total_seconds() for one in ordered)
    return Speed(stage=stage, count=len(ordered), median=timedelta(seconds=seconds), ninth=ninth)


def _day(one: Followers) -> date:
    return one.day
