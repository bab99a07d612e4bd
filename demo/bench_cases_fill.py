"""How long the pages take on a desk of so many cases: asked while a year is lived through, or of a filled desk."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from time import perf_counter

from demo.bench_cases_office import DUTY_UNIT
from demo.bench_cases_seen import Outcome
from flow import rights
from flow.desk import Desk
from huanyu.periods import Period
from huanyu.store import states
from huanyu.types import Seer
from huanyu.types import User

SHARES = (30, 10, 3, 1)  #: of the largest desk: 10,000, 30,000, 100,000 and 300,000 of 300,000
ROUNDS = 5
COUNTED = 10_000  #: as the list of cases does with those that are over
OPEN = ("pending", "accepted", "assigned", "signed", "onsite", "paused", "returned", "handled", "replying")
HANDLER = User(id=9003, name="jingban", full_name="经办乙", role="handler", unit=DUTY_UNIT)
PRESS = User(id=9004, name="xuanjiao", full_name="宣教乙", role="press", unit="")
TREND = 14


def sizes(most: int) -> list[int]:
    """The sizes at which the pages are timed."""
    return sorted({max(1, most // share) for share in SHARES})


def fill(desk: Desk, seen: Outcome, wanted: Sequence[int], now: datetime) -> None:
    """Copy closed cases until the desk is as large as wanted, and time the pages at each size."""
    for size in wanted:
        seen.filled += desk.store.filling.copy_closed(size - desk.store.cases.count())
        seen.growth.append((desk.store.cases.count(), measure(desk, now)))


def measure(desk: Desk, now: datetime) -> dict[str, float]:
    """Seconds, by what the pages ask; the median of some rounds."""
    found = {}
    for name, ask in _asked(desk, now).items():
        ask()  # what is asked for the first time after a while is read from the disk
        found[name] = statistics.median(_seconds(ask) for _ in range(ROUNDS))
    return found


def _asked(desk: Desk, now: datetime) -> dict[str, Callable[[], object]]:
    store, month = desk.store, Period.holding("month", now.date())
    press, handler = rights.seer(PRESS), rights.seer(HANDLER)
    return {
        "列表第一页": lambda: store.cases.listing(states=OPEN, limit=50, seer=press),
        "全部的第一页": lambda: store.cases.listing(limit=50, seer=press),
        "一个单位的列表": lambda: store.cases.listing(states=OPEN, limit=50, seer=handler),
        "各栏计数": lambda: (
            store.cases.count_states(OPEN, seer=press),
            store.cases.count(states=states.OVER, seer=press, most=COUNTED),
        ),
        "搜两个字": lambda: store.cases.listing(text="怪味", limit=50, seer=press),
        "搜编号": lambda: store.cases.listing(text="编号77", limit=50, seer=press),
        "时限页": lambda: store.limits.running(50, seer=press),
        "一个单位的时限": lambda: store.limits.running(50, seer=handler),
        "超期数": lambda: store.limits.overdue(now, seer=press),
        "到点的提醒": lambda: store.limits.waiting(now, 200),
        "本月数字": lambda: store.figures.counts(month, now),
        "今日页": lambda: _today(desk, press, now),
    }


def _today(desk: Desk, seer: Seer, now: datetime) -> None:
    """What the first page asks of cases: its counts, what is due, what waits, the last days."""
    store = desk.store
    store.cases.count_states(OPEN, seer=seer)
    store.limits.running(9, seer=seer)
    store.limits.overdue(now, seer=seer)
    store.cases.undispatched(limit=8)
    for back in range(TREND):
        store.figures.recompute("complaints_new", now.date() - timedelta(days=back))


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
