"""Cases by the thousand through simulated months: does every card go out once, and when it may?

Time jumps from one thing to the next, but what the desk itself takes counts: where it is too slow, cards are late.
What ought to have happened is reckoned by `bench_cases_walk`, which asks nothing of the program.
"""

from __future__ import annotations

import heapq
import random
import statistics
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from demo import bench_cases_walk
from demo.bench_cases_walk import Key
from demo.bench_cases_walk import Life
from flow import cycle
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.periods import Period
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Place
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Result
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

A_DAY, DAYS = 1000, 365
FIRST = date(bench_cases_walk.WALKED, 1, 1)
KINDS = ("air.cooking", "noise.social", "noise.construction", "waste.household")
AREAS = ("371502", "371503", "371581", "371525")
STEPS = ("route", "recalendar", "plan_cards", "cards")
LATE = timedelta(minutes=1)  #: a card given later than this after it was permitted is late
FAR = datetime(9000, 1, 1, tzinfo=UTC)
ORDINARY = "一般"
Act = Callable[[Case, Life], None]
LOOKS = 4  #: how often in a run the queries of the pages are timed
ROUNDS = 5
PAUSED, FORGOTTEN = 0.04, 0.02  #: of the cases


@dataclass(slots=True)
class Outcome:
    """What a run showed."""

    seed: int
    database: str
    cases: int = 0
    other: int = 0  #: not ordinary or without a unit: nothing is expected of them
    due: int = 0
    given: int = 0
    missing: list[str] = field(default_factory=list)
    superfluous: list[str] = field(default_factory=list)
    lateness: list[timedelta] = field(default_factory=list)
    gaps: int = 0
    audit_faults: int = 0
    seconds: float = 0.0
    growth: list[tuple[int, dict[str, float]]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every card was given once and in time, and none that was not due."""
        wrong = self.missing or self.superfluous or self.gaps or self.audit_faults or self.other
        return not wrong and self.due > 0 and max(self.lateness) <= LATE

    def lines(self) -> list[tuple[str, str]]:
        """For a table."""
        late = sorted(one.total_seconds() for one in self.lateness) or [0.0]
        return [
            ("随机种子", str(self.seed)),
            ("数据库", self.database),
            ("办件", f"{self.cases}, 另有不计的 {self.other}"),
            ("应发的提醒", str(self.due)),
            ("已发的提醒", str(self.given)),
            ("漏发", "；".join(self.missing[:3]) or "0"),
            ("多发、早发", "；".join(self.superfluous[:3]) or "0"),
            (
                "迟于准发时刻",
                f"中位 {statistics.median(late):.1f} 秒, 第99百分位 {late[int(len(late) * 0.99)]:.1f} 秒, "
                f"最多 {late[-1]:.1f} 秒, 超过一分钟的 {sum(one > LATE.total_seconds() for one in late)}",
            ),
            ("编号缺漏", str(self.gaps)),
            ("审计链问题", str(self.audit_faults)),
            ("用时", f"{self.seconds:.0f} 秒, 每件 {self.seconds / max(1, self.cases) * 1000:.0f} 毫秒"),
            *((f"{count:,} 件时 (毫秒)", _told(taken)) for count, taken in self.growth),
        ]


def _told(taken: dict[str, float]) -> str:
    return "、".join(f"{name} {seconds * 1000:.1f}" for name, seconds in taken.items())


def run(a_day: int = A_DAY, days: int = DAYS, database: str = "", seed: int | None = None) -> Outcome:
    """Live through so many days of 2025; `database` is the address of an empty one, "" makes a SQLite file."""
    if not 0 < days <= DAYS:
        raise BadInput(f"天数应在 1 到 {DAYS} 之间: 核对用的放假安排只有 {bench_cases_walk.WALKED} 年的")
    chosen = random.SystemRandom().randrange(10**9) if seed is None else seed
    with TemporaryDirectory() as folder, _desk(Path(folder), database) as desk:
        kind = "PostgreSQL" if database.startswith("postgresql") else "SQLite"
        year = _Year(desk, Outcome(chosen, kind), a_day, days)
        year.live()
        return year.look()


@contextmanager
def _desk(folder: Path, database: str) -> Iterator[Desk]:
    address = database or f"sqlite:///{(folder / 'bench.db').as_posix()}"
    path = folder / "huanyu.toml"
    path.write_text(f'data_dir = "data"\ndatabase = "{address}"\n', encoding="utf-8")
    desk = Desk.open(Config.load(path))
    try:
        if desk.store.cases.count():
            raise BadInput("这项测试要一个空的数据库, 里面已有办件")
        yield desk
    finally:
        desk.close()


class _Year:
    """The desk, its clock and dice, and what people did."""

    def __init__(self, desk: Desk, outcome: Outcome, a_day: int, days: int) -> None:
        self._desk, self._dice = desk, random.Random(outcome.seed)
        self._outcome = outcome
        self._now = datetime.combine(FIRST, time(), SHANGHAI)
        self._end = self._now + timedelta(days=days)
        span = (self._end - self._now).total_seconds()
        moments = sorted(self._dice.uniform(0, span) for _ in range(a_day * days))
        self._arrivals = [self._now + timedelta(seconds=one) for one in moments]
        self._arrived = 0
        self._acts: list[tuple[datetime, int, int, Act]] = []
        self._made = 0
        self._lives: dict[int, Life] = {}

    def live(self) -> None:
        """From one thing to the next until the end; what takes time, takes time."""
        start = perf_counter()
        while (moment := self._next()) <= self._end:
            self._now = max(self._now, moment)
            self._timed(self._arrive)
            self._timed(self._act)
            for name in STEPS:
                while self._timed(self._step(name)):
                    pass
            self._timed(self._adopt)
        self._outcome.seconds = perf_counter() - start
        self._measure()

    def _step(self, name: str) -> Callable[[], int]:
        return lambda: cycle.run(self._desk, name, self._now)

    def _timed(self, work: Callable[[], int]) -> int:
        start = perf_counter()
        done = work()
        self._now += timedelta(seconds=perf_counter() - start)
        return done

    def _next(self) -> datetime:
        card = self._desk.store.limits.waiting(FAR, 1)
        soon = [one.card.at for one in card] + [act[0] for act in self._acts[:1]]
        return min([*soon, *self._arrivals[self._arrived : self._arrived + 1]], default=FAR)

    def _arrive(self) -> int:
        come = self._arrived
        while come < len(self._arrivals) and self._arrivals[come] <= self._now:
            come += 1
        batch = range(self._arrived, come)
        self._arrived = come
        if not batch:
            return 0
        store, now = self._desk.store, self._now
        added = store.posts.add([self._raw(number) for number in batch], now=now).new
        verdicts = {post_id: self._verdict() for post_id in added}
        store.posts.save_verdicts(list(verdicts.items()), now=now)
        for post_id, verdict in verdicts.items():
            store.cases.apply(_plan(post_id, verdict), now=now)
        if come * LOOKS // len(self._arrivals) != (come - len(batch)) * LOOKS // len(self._arrivals):
            self._measure()
        return len(batch)

    def _raw(self, number: int) -> RawPost:
        return RawPost(
            source="weibo-mentions",
            kind=SourceKind.WEIBO,
            native_id=str(number),
            url=f"https://example.org/{number}",
            text=f"编号{number}的反映: 请来看看",
            posted_at=self._arrivals[number],
            fetched_at=self._now,
        )

    def _verdict(self) -> Verdict:
        area = self._dice.choice(AREAS)
        return Verdict(
            type=PostType.COMPLAINT,
            complaint=0.9,
            kinds=(self._dice.choice(KINDS),),
            sentiment=Sentiment.NEGATIVE,
            urgent=False,
            unsure=False,
            is_complaint=True,
            places=(Place(name=area, code=area, level="county", unit=area),),
            out_of_town=False,
            signature=b"",
            why=(),
            tokens="",
            model="bench",
        )

    def _adopt(self) -> int:
        """Cases that were handed over just now: their units will deal with them in their own time."""
        for case in self._desk.store.cases.listing(limit=500, states=("assigned",)):
            if case.id in self._lives:
                break
            given = self._desk.store.duties.of_case(case.id)[0].given_at
            self._lives[case.id] = Life(learned=case.learned_at, assigned=given)
            if self._dice.random() >= FORGOTTEN:
                self._later(self._dice.expovariate(1 / 9), case.id, self._sign)
        return 0

    def _later(self, hours: float, case_id: int, act: Act) -> None:
        self._made += 1
        heapq.heappush(self._acts, (self._now + timedelta(hours=hours), self._made, case_id, act))

    def _act(self) -> int:
        while self._acts and self._acts[0][0] <= self._now:
            _, _, case_id, act = heapq.heappop(self._acts)
            act(self._desk.store.cases.get(case_id), self._lives[case_id])
        return 0

    def _sign(self, case: Case, life: Life) -> None:
        life.signed = self._now
        self._move(case, "signed")
        act = self._pause if self._dice.random() < PAUSED else self._handle
        self._later(self._dice.expovariate(1 / 70), case.id, act)

    def _pause(self, case: Case, life: Life) -> None:
        life.pauses.append((self._now, None))
        self._move(case, "paused")
        self._later(self._dice.uniform(1, 24 * 20), case.id, self._resume)

    def _resume(self, case: Case, life: Life) -> None:
        life.pauses[-1] = (life.pauses[-1][0], self._now)
        self._move(case, "signed")
        self._later(self._dice.expovariate(1 / 50), case.id, self._handle)

    def _handle(self, case: Case, life: Life) -> None:
        life.handled = self._now
        result = Result(finding="属实", visited_at=self._now, found="现场有气味", measure="责令整改")
        self._desk.store.moves.move(case, "handled", action="handled", note="", now=self._now, result=result)
        self._later(self._dice.expovariate(1 / 20), case.id, self._close)

    def _close(self, case: Case, life: Life) -> None:
        life.closed = self._now
        self._move(case, "closed")

    def _move(self, case: Case, to: str) -> None:
        self._desk.store.moves.move(case, to, action=to, note="", now=self._now)

    def _measure(self) -> None:
        """What the pages ask, timed on the desk as full as it is."""
        store, month = self._desk.store, Period.holding("month", self._now.date())
        asked: dict[str, Callable[[], object]] = {
            "列表第一页": lambda: store.cases.listing(limit=50),
            "一个单位的列表": lambda: store.cases.listing(unit="zhifa", limit=50),
            "计数": store.cases.count,
            "搜索": lambda: store.cases.listing(text="编号77", limit=50),
            "时限页": lambda: store.limits.running(50),
            "超期数": lambda: store.limits.overdue(self._now),
            "到点的提醒": lambda: store.limits.waiting(self._now, 200),
            "本月数字": lambda: store.figures.counts(month, self._now),
        }
        taken = {name: statistics.median(_seconds(one) for _ in range(ROUNDS)) for name, one in asked.items()}
        self._outcome.growth.append((store.cases.count(), taken))

    def look(self) -> Outcome:
        """Every case against the plain walk."""
        seen, numbers = self._outcome, set()
        for case in self._desk.store.cases.iterate():
            numbers.add(int(case.number.rpartition("-")[2]))
            life = self._lives.get(case.id)
            if life is None or case.level != ORDINARY or not case.unit:
                seen.other += 1
                continue
            seen.cases += 1
            self._compare(case, bench_cases_walk.expected(life, self._end))
        seen.gaps = len(set(range(1, len(numbers) + 1)) - numbers)
        seen.audit_faults = len(self._desk.store.audit.verify())
        return seen

    def _compare(self, case: Case, expected: dict[Key, tuple[datetime, datetime]]) -> None:
        seen, given = self._outcome, {}
        for clock, card in self._desk.store.limits.cards_of(case):
            if card.given_at is not None:
                given[clock.name, clock.due, card.stage] = card.given_at
        seen.given += len(given)
        for key, (permitted, stopped) in expected.items():
            at = given.pop(key, None)
            if at is not None:
                seen.due += 1
                if at < permitted:
                    seen.superfluous.append(_named(case, key, at))
                seen.lateness.append(at - permitted)
            elif min(stopped, self._end) - permitted > LATE:  # else it was a matter of seconds
                seen.due += 1
                seen.missing.append(_named(case, key, permitted))
        seen.superfluous += [_named(case, key, at) for key, at in given.items()]


def _named(case: Case, key: Key, at: datetime) -> str:
    name, due, stage = key
    return f"{case.number} {name} {due:%m-%d %H:%M} {stage} {at.astimezone(SHANGHAI):%m-%d %H:%M:%S}"


def _plan(post_id: int, verdict: Verdict) -> CasePlan:
    return CasePlan(
        post_id=post_id,
        action=CaseAction.NEW,
        reason="",
        title=f"编号{post_id}的事项",
        kinds=verdict.kinds,
        area=verdict.places[0].unit,
    )


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def bench(
    a_day: int = A_DAY, days: int = DAYS, database: str = "", seed: int | None = None
) -> tuple[bool, list[tuple[str, str]]]:
    """For the command line: whether it holds, and what was seen."""
    seen = run(a_day, days, database, seed)
    return seen.holds, seen.lines()
