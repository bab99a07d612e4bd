"""抽查: each day some posts that were called no complaint go to a person, so that what is missed is measured.

The draw can be checked: of each band the posts whose hash with the day's seed is smallest are the ones drawn.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta

from flow import permits
from flow.desk import Desk
from flow.missrate import Cell
from flow.missrate import Estimate
from flow.missrate import Share
from flow.missrate import estimate
from flow.missrate import share
from huanyu.clock import local
from huanyu.store import Drawn
from huanyu.store import Label
from huanyu.store import Rejected
from huanyu.store import Sample
from huanyu.types import User

CATCH_UP = 7  #: missed days that are drawn from afterwards
PERIOD = 30  #: days the miss rate is told of
GRACE = timedelta(
    hours=1
)  #: after midnight: what was judged in the last minute of a day must be stored by then

Stratum = tuple[str, float, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The live miss rate of a period."""

    first: date
    last: date
    cells: tuple[Cell, ...]
    estimate: Estimate | None  #: None while nobody has judged a drawn post
    share: Share | None  #: of all complaints of the days somebody judged
    days: int  #: on which somebody judged: all else is told of these alone, or the others would water it down
    caught: int
    by_people: tuple[int, ...]  #: missed, and found by somebody who happened upon them
    waiting: int
    overdue: int  #: of those, drawn too long ago

    @property
    def told(self) -> str:
        """In a sentence, Chinese."""
        if self.estimate is None:
            return "还没有人判过抽查的帖文，漏判多少不知道"
        found = self.estimate
        by_people = f"，另有 {len(self.by_people)} 条由人自行发现" if self.by_people else ""
        head = f"判过的 {self.days} 天里，{found.population} 条未判为投诉的帖文中抽查 {found.judged} 条，"
        head += f"漏判 {len(found.ids)} 条{by_people}"
        head += f"；估计共漏 {found.missed:.0f} 条（95% 区间 {found.low:.0f}–{found.high:.0f}）"
        if self.share is None:
            return head
        one = self.share
        return f"{head}，占全部投诉的 {one.value:.1%}（{one.low:.1%}–{one.high:.1%}）"


def sample(desk: Desk, now: datetime) -> int:
    """Draw from every finished day that was not drawn from yet; returns how many posts were drawn."""
    total = 0
    for day in days_due(desk, now):
        key = seed(desk, day)
        drawn = draw(desk.store.samples.frame(day), desk.bureau.bureau.sample.strata, key)
        if desk.store.samples.save(day, drawn, key, now):
            total += len(drawn)
    return total


def days_due(desk: Desk, now: datetime) -> list[date]:
    """Finished days nobody drew from, oldest first, at most CATCH_UP of them."""
    last = local(now - GRACE).date() - timedelta(days=1)
    known = desk.store.samples.drawn_until()
    if known is not None and known >= last:
        return []
    begun = desk.store.posts.begun_on()
    if begun is None:
        return []
    first = max(begun, last - timedelta(days=CATCH_UP - 1), known + timedelta(days=1) if known else date.min)
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def seed(desk: Desk, day: date) -> str:
    """The seed of a day's draw: known beforehand to nobody's advantage, and to every auditor afterwards."""
    row = desk.bureau.bureau
    return f"{row.city_code}/{row.case_prefix}/{day.isoformat()}"


def draw(frame: Sequence[Rejected], strata: Sequence[Stratum], key: str) -> list[Drawn]:
    """The posts to be judged, in the order in which they are to be judged."""
    found: list[Drawn] = []
    for name, lower, upper, size in strata:
        band = [one for one in frame if lower <= one.complaint < upper or one.complaint == upper == 1]
        chosen = sorted(band, key=lambda one: rank(key, one.post_id))[:size]
        found += [
            Drawn(
                post_id=one.post_id,
                stratum=name,
                population=len(band),
                drawn=len(chosen),
                complaint=one.complaint,
                model=one.model,
            )
            for one in chosen
        ]
    return sorted(found, key=lambda one: rank(key, one.post_id))


def rank(key: str, post_id: int) -> str:
    """SHA-256 of "seed:post"; the smallest are drawn."""
    return hashlib.sha256(f"{key}:{post_id}".encode()).hexdigest()


def judge(desk: Desk, user: User, sample_id: int, label: Label | None, now: datetime) -> int:
    """A person says what a drawn post is, None: no complaint; returns the post."""
    permits.demand(user, "judge_sample")
    return desk.store.samples.judge(sample_id, label, user.name, now)


def missed(desk: Desk, now: datetime, days: int = PERIOD) -> Missed:
    """The live miss rate of the last finished days."""
    today = local(now).date()
    return missed_between(desk, today - timedelta(days=days), today - timedelta(days=1), now)


def missed_between(desk: Desk, first: date, last: date, now: datetime) -> Missed:
    """The live miss rate of the posts judged on these days, both included; a bulletin may ask for its own."""
    store = desk.store.samples
    cells = cells_of(store.between(first, last))
    days = {cell.day for cell in cells if cell.judged}
    found, told = estimate(cells), store.told(days)
    return Missed(
        first=first,
        last=last,
        cells=tuple(cells),
        estimate=found,
        days=len(days),
        share=share(found, told.caught, len(told.by_people)) if found else None,
        caught=told.caught,
        by_people=told.by_people,
        waiting=store.count_waiting(),
        overdue=overdue(desk, now),
    )


def overdue(desk: Desk, now: datetime) -> int:
    """Drawn posts that have waited for longer than the bureau allows."""
    limit = timedelta(days=desk.bureau.bureau.sample.overdue_days)
    return desk.store.samples.count_waiting(before=now - limit)


def cells_of(samples: Sequence[Sample]) -> list[Cell]:
    """Drawn posts by day and band."""
    by_cell: dict[tuple[date, str], list[Sample]] = defaultdict(list)
    for one in samples:
        by_cell[one.day, one.stratum].append(one)
    return [
        Cell(
            day=day,
            stratum=stratum,
            population=rows[0].population,
            drawn=rows[0].drawn,
            judged=sum(one.judged_at is not None for one in rows),
            missed=tuple(one.post_id for one in rows if one.type == "complaint"),
        )
        for (day, stratum), rows in sorted(by_cell.items())
    ]


def redraw(desk: Desk, day: date) -> list[str]:
    """What is wrong with a day's draw, in Chinese: whoever was passed over though his hash is smaller."""
    drawn = desk.store.samples.between(day, day)
    key = seed(desk, day)
    frame, _ = _as_drawn(desk, day, drawn)
    problems = []
    for name, lower, upper, _ in desk.bureau.bureau.sample.strata:
        mine = [rank(key, one.post_id) for one in drawn if one.stratum == name]
        rest = [one for one in frame if lower <= one.complaint < upper]
        passed = [one.post_id for one in rest if mine and rank(key, one.post_id) < max(mine)]
        if passed:
            problems.append(f"{day} 抽查的 {name} 一档漏抽了 {len(passed)} 条, 例如第 {passed[0]} 条")
    return problems


def renewed(desk: Desk, day: date) -> int:
    """Posts of a day that another model has judged anew since the draw: their probabilities of then are gone."""
    return _as_drawn(desk, day, desk.store.samples.between(day, day))[1]


def _as_drawn(desk: Desk, day: date, drawn: Sequence[Sample]) -> tuple[list[Rejected], int]:
    """What was not drawn and still has its verdict of that day, and how many have another one now."""
    models = {one.model for one in drawn}
    frame = desk.store.samples.frame(day)
    kept = [one for one in frame if one.model in models]
    return kept, len(frame) - len(kept) if drawn else 0
