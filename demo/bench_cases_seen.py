"""What a run of `huanyu bench cases` showed: every card held against the plain walk, and the table of it."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from itertools import islice

from demo import bench_cases_walk
from demo.bench_cases_office import ON_DUTY
from demo.bench_cases_walk import Key
from demo.bench_cases_walk import Life
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.types import Card
from huanyu.types import Case
from huanyu.types import Clock

LATE = timedelta(minutes=1)  #: a card given later than this after it was permitted is late
PAGE = 400
WOKEN = frozenset({"yellow", "red", "up1"})  #: of a grave matter these reach whoever is on duty
MOST = 10_000  #: messages of one case


@dataclass(slots=True)
class Outcome:
    """What a run showed."""

    seed: int
    database: str
    cases: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    other: int = 0  #: of another level than expected, or without a unit: nothing is expected of them
    due: int = 0
    given: int = 0
    missing: list[str] = field(default_factory=list)
    superfluous: list[str] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)  #: seconds
    at_night: int = 0
    woken: int = 0  #: cards that name who is on duty
    to_wake: int = 0  #: cards that had to
    pauses: int = 0
    asked: int = 0
    granted: int = 0
    kills: int = 0
    gaps: int = 0
    audit_faults: int = 0
    seconds: float = 0.0
    used: float = 0.0  #: seconds of the processor
    tenths: list[tuple[int, float, float]] = field(default_factory=list)  #: cases, seconds, of the processor
    growth: list[tuple[int, dict[str, float]]] = field(default_factory=list)
    filled: int = 0  #: cases that nobody lived through: copies of closed ones

    @property
    def holds(self) -> bool:
        """Whether every card was given once and in time, and none that was not due."""
        wrong = self.missing or self.superfluous or self.gaps or self.audit_faults or self.other
        late = max(self.lateness, default=0.0) > LATE.total_seconds()
        return not wrong and not late and self.due > 0 and self.woken == self.to_wake

    def lines(self) -> list[tuple[str, str]]:
        """For a table."""
        late = sorted(self.lateness) or [0.0]
        levels = "、".join(f"{level} {count:,}" for level, count in self.levels.most_common())
        return [
            ("随机种子", str(self.seed)),
            ("数据库", self.database),
            ("办件", f"{self.cases:,} ({levels}), 另有不计的 {self.other}"),
            ("暂停、延期", f"暂停 {self.pauses:,}, 申请延期 {self.asked:,}, 批准 {self.granted:,}"),
            ("kill -9", f"{self.kills} 次, 都在动作的中途" if self.kills else "0"),
            ("应发的提醒", f"{self.due:,}"),
            ("已发的提醒", f"{self.given:,}, 其中不在工作时间的 {self.at_night:,}"),
            ("须叫到值班人员的", f"{self.to_wake:,}, 写明值班人员的 {self.woken:,}"),
            ("漏发", _first(self.missing)),
            ("多发、早发", _first(self.superfluous)),
            (
                "迟于准发时刻",
                f"中位 {statistics.median(late):.1f} 秒, 第99百分位 {late[int(len(late) * 0.99)]:.1f} 秒, "
                f"最多 {late[-1]:.1f} 秒, 超过一分钟的 {sum(one > LATE.total_seconds() for one in late)}",
            ),
            ("编号缺漏", str(self.gaps)),
            ("审计链问题", str(self.audit_faults)),
            ("用时", self._spent()),
            *self._grown(),
        ]

    def _spent(self) -> str:
        count = max(1, self.cases)
        told = f"{self.seconds:.0f} 秒 (处理器 {self.used:.0f} 秒), "
        told += f"每件 {self.seconds / count * 1000:.1f} 毫秒 (处理器 {self.used / count * 1000:.1f})"
        steps = list(zip([(0, 0.0, 0.0), *self.tenths], self.tenths, strict=False))
        if len(steps) > 1:
            first, last = (
                f"{(b[1] - a[1]) / (b[0] - a[0]) * 1000:.1f} (处理器 {(b[2] - a[2]) / (b[0] - a[0]) * 1000:.1f})"
                for a, b in (steps[0], steps[-1])
            )
            told += f"; 前十分之一 {first}, 后十分之一 {last}"
        return told

    def _grown(self) -> Iterator[tuple[str, str]]:
        for count, taken in self.growth:
            yield f"{count:,} 件时 (毫秒)", _told({name: one * 1000 for name, one in taken.items()})
        if self.growth:
            (least, before), (most, after) = self.growth[0], self.growth[-1]
            ratios = {name: after[name] / before[name] for name in after if before.get(name)}
            yield f"{most:,} 件比 {least:,} 件 (倍)", _told(ratios)
        if self.filled:
            yield "其中", f"{self.filled:,} 件不是逐日办出来的, 是已办结件的副本 (只为各页计时, 没有审计记录)"


def held_against(desk: Desk, seen: Outcome, lives: Mapping[int, Life], end: datetime) -> None:
    """Every case against the plain walk."""
    numbers: set[int] = set()
    for page in _pages(desk.store.cases.iterate()):
        known = desk.store.limits.cards_of_all(page)
        given = {case_id: [one for one in cards if _before(one[1], end)] for case_id, cards in known.items()}
        for case in page:
            numbers.add(int(case.number.rpartition("-")[2]))
            life = lives.get(case.id)
            if life is None or case.level != life.level or not case.unit:
                seen.other += 1
                continue
            seen.cases += 1
            seen.levels[case.level] += 1
            _compare(seen, case, given[case.id], life, end)
            if life.grave:
                _who_was_woken(desk, seen, case, given[case.id], end)
    seen.gaps = len(set(range(1, len(numbers) + 1)) - numbers) + abs(len(lives) - len(numbers))
    desk.store.audit.seal(end)
    seen.audit_faults = len(desk.store.audit.verify())


def _before(card: Card, end: datetime) -> bool:
    """What was still to be done when the time was over may be given after it."""
    return card.given_at is not None and card.given_at < end


def _compare(
    seen: Outcome, case: Case, cards: Iterable[tuple[Clock, Card]], life: Life, end: datetime
) -> None:
    given: dict[Key, datetime] = {}
    for clock, card in cards:
        if card.given_at is None:
            continue
        key = (clock.name, clock.due, card.stage)
        if key in given:
            seen.superfluous.append(_named(case, key, card.given_at))
        given[key] = card.given_at
    seen.given += len(given)
    seen.at_night += sum(bench_cases_walk.office(at) != at for at in given.values())
    for key, (permitted, stopped) in bench_cases_walk.expected(life, end).items():
        at = given.pop(key, None)
        if at is not None:
            seen.due += 1
            if at < permitted:
                seen.superfluous.append(_named(case, key, at))
            seen.lateness.append((at - permitted).total_seconds())
        elif min(stopped, end) - permitted > LATE:  # else it was a matter of seconds
            seen.due += 1
            seen.missing.append(_named(case, key, permitted))
    seen.superfluous += [_named(case, key, at) for key, at in given.items()]


def _who_was_woken(
    desk: Desk, seen: Outcome, case: Case, cards: Iterable[tuple[Clock, Card]], end: datetime
) -> None:
    """A mail to whoever is on duty for each card of a grave matter that may be given at any hour."""
    seen.to_wake += sum(card.given_at is not None and card.stage in WOKEN for _, card in cards)
    mails = desk.store.outbox.listing(case_id=case.id, purpose="notice", limit=MOST)
    seen.woken += sum(f"值班人员：{ON_DUTY}" in mail.text and mail.created_at < end for mail in mails)


def _pages(cases: Iterator[Case]) -> Iterator[list[Case]]:
    while page := list(islice(cases, PAGE)):
        yield page


def _named(case: Case, key: Key, at: datetime) -> str:
    name, due, stage = key
    return f"{case.number} {name} {due:%m-%d %H:%M} {stage} {at.astimezone(SHANGHAI):%m-%d %H:%M:%S}"


def _first(found: list[str]) -> str:
    return f"{len(found)}: {'；'.join(found[:3])}" if found else "0"


def _told(taken: Mapping[str, float]) -> str:
    return "、".join(f"{name} {one:.1f}" for name, one in taken.items())
