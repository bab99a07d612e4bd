"""A simulated year at a desk: complaints come with the visits, people act when they come to it, cards are given.

It remembers what was done to each case and when; whether the desk did what follows from it is seen elsewhere.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from time import perf_counter
from typing import Any

from demo import bench_cases_fill
from demo import bench_cases_walk
from demo.bench_cases_hands import Hands
from demo.bench_cases_hands import Killed
from demo.bench_cases_kept import Memory
from demo.bench_cases_kept import Told
from demo.bench_cases_kept import Watch
from demo.bench_cases_office import BEFORE
from demo.bench_cases_office import EXTENDS
from demo.bench_cases_office import GRANTED
from demo.bench_cases_office import NO
from demo.bench_cases_office import PAUSES
from demo.bench_cases_office import said
from demo.bench_cases_seen import Outcome
from demo.bench_cases_walk import Life
from flow.desk import Desk
from huanyu.clock import SHANGHAI

FIRST = date(bench_cases_walk.WALKED, 1, 1)
FAR = datetime(9000, 1, 1, tzinfo=UTC)
VISIT = timedelta(minutes=10)  #: how often the sources are looked at
SEALED = timedelta(days=1)  #: how often the audit trail is
TENTHS = 10
#: shares of the cases
PAUSED, FORGOTTEN, EXTENDED, AGREED, SPOKEN_TO = 0.06, 0.02, 0.05, 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Plan:
    """How many cases, for how long; `sizes` of the desk at which its pages are timed."""

    a_day: int
    days: int
    seed: int
    sizes: Sequence[int]


class Year:
    """The clock, the dice, and what people did."""

    def __init__(self, desk: Desk, hands: Hands, seen: Outcome, plan: Plan, memory: Memory) -> None:
        self._desk, self._hands, self._seen, self._plan, self._memory = desk, hands, seen, plan, memory
        self._dice = random.Random(plan.seed)
        self.now = datetime.combine(FIRST, time(), SHANGHAI)
        self.end = self.now + timedelta(days=plan.days)
        span = (self.end - self.now).total_seconds()
        moments = sorted(self._dice.uniform(0, span) for _ in range(plan.a_day * plan.days))
        self._coming = [self.now + timedelta(seconds=one) for one in moments]
        self._come = 0
        self._visit = self._sealed = self.now
        self._card = FAR
        self._acts: list[tuple[datetime, int, int, str, str]] = []
        self._made = 0
        self._watch = Watch()  #: stopped while pages are timed
        self.lives: dict[int, Life] = {}

    def live(self) -> None:
        """From one thing to the next until the end; what takes time, takes time."""
        self._watch.put(0.0, 0.0)
        while (moment := self._next()) <= self.end:
            self.now = max(self.now, moment)
            if self._visit <= self.now:
                self._arrive()
            while self._acts and self._acts[0][0] <= self.now:
                self._act(*heapq.heappop(self._acts)[2:])
            if self._card <= self.now:
                self._do("step", "cards")
                self._look_ahead()
            if self._sealed <= self.now:
                self._do("step", "seal")
                self._memory.day(self._so_far())
                self._sealed += SEALED
        self._seen.seconds, self._seen.used = self._watch.read()
        self._time_rest()
        self._hands.close()

    def _so_far(self) -> str:
        seconds, used = self._watch.read()
        return f"{self._sealed:%Y-%m-%d} {self._come:,} 件, 用时 {seconds:.0f} 秒 (处理器 {used:.0f} 秒)"

    def _do(self, name: str, *detail: Any) -> tuple[Any, datetime, datetime]:
        """The answer to a command, when it was first given, and when for the last time: kills lie between."""
        asked = " ".join(str(one) for one in (name, *detail) if isinstance(one, str | int))
        told = self._memory.recall(asked, self.now, self._watch)
        if told is None:
            told = self._given(name, detail)
            self._memory.keep(asked, told, self._watch)
        self.now = told.after
        return told.answer, told.first, told.last

    def _given(self, name: str, detail: Sequence[Any]) -> Told:
        """The answer of the desk; what it takes, and what a kill costs, is time that goes by."""
        first = now = self.now
        while True:
            start, at = perf_counter(), now
            try:
                answer = self._hands.call(name, at, *detail)
                return Told(answer, first, at, at + timedelta(seconds=perf_counter() - start))
            except Killed:
                self._seen.kills += 1
                now += timedelta(seconds=perf_counter() - start)

    def _next(self) -> datetime:
        visit = self._visit if self._come < len(self._coming) else FAR
        act = self._acts[0][0] if self._acts else FAR
        return min(visit, act, self._card)

    def _look_ahead(self) -> None:
        answer, _, _ = self._do("next_card")
        self._card = answer or FAR

    def _arrive(self) -> None:
        start, seed = self._come, self._plan.seed
        while self._come < len(self._coming) and self._coming[self._come] <= self.now:
            self._come += 1
        come = [said(number, seed, self._coming[number]) for number in range(start, self._come)]
        self._visit = max(self._visit + VISIT, self._coming[min(self._come, len(self._coming) - 1)])
        if not come:
            return
        last, learned = max(self.lives, default=0), self.now
        opened, _, _ = self._do("arrive", come, learned, last)
        _, first, at = self._do("step", "route")
        given = {} if first == at else self._do("given_at", list(opened.values()))[0]
        for one in come:
            case_id = opened[one.number]
            self.lives[case_id] = Life(learned, given.get(case_id, at), level=one.level)
            self._foresee(case_id, self.lives[case_id])
        self._do("step", "plan_cards")
        self._look_ahead()
        self._tell(start)

    def _tell(self, before: int) -> None:
        """Every tenth of the cases how long it took so far; at the sizes asked for how long the pages take."""
        total = len(self._coming)
        if self._come * TENTHS // total != before * TENTHS // total:
            self._seen.tenths.append((self._come, *self._watch.read()))
        for size in self._plan.sizes:
            if before < size <= self._come:
                with self._watch.stopped():
                    self._seen.growth.append((self._come, self._timed(size)))

    def _time_rest(self) -> None:
        """The pages of the whole desk, where what comes in the last minutes is not taken in before the end."""
        for size in self._plan.sizes:
            if self._come < size <= len(self._coming):
                self._seen.growth.append((self._come, self._timed(size)))

    def _timed(self, size: int) -> dict[str, float]:
        """How long the pages take; of a desk that has grown since, how long they took then."""
        known = self._memory.recall(f"measure {size}", self.now, self._watch)
        if known is not None:
            return dict(known.answer)
        found = bench_cases_fill.measure(self._desk, self.now)
        self._memory.keep(f"measure {size}", Told(found, self.now, self.now, self.now), self._watch)
        return found

    def _foresee(self, case_id: int, life: Life) -> None:
        """When its unit will come to it, and somebody will speak to the reporter, or to the press."""
        dice = self._dice
        forgotten = dice.random() < FORGOTTEN
        self._later(dice.uniform(24 * 5, 24 * 30) if forgotten else dice.expovariate(1 / 9), case_id, "sign")
        if life.grave:
            self._later(dice.expovariate(1 / 12), case_id, "press_held")
        elif dice.random() < SPOKEN_TO:
            self._later(dice.expovariate(1 / 10), case_id, "contact")

    def _later(self, hours: float, case_id: int, what: str, detail: str = "") -> None:
        self._made += 1
        heapq.heappush(self._acts, (self.now + timedelta(hours=hours), self._made, case_id, what, detail))

    def _act(self, case_id: int, what: str, detail: str) -> None:
        life = self.lives[case_id]
        if life.closed is not None or (what == "ask" and life.handled is not None):
            return
        answer, first, last = self._do("act", what, case_id, detail)
        at = first if answer.endswith(BEFORE) else last
        getattr(self, f"_{what}")(case_id, life, at, answer)
        if what in ("resume", "decide"):
            self._do("step", "recalendar")
            self._do("step", "plan_cards")
            self._look_ahead()

    def _sign(self, case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.signed = at
        dice = self._dice
        if dice.random() < EXTENDED:
            self._later(dice.uniform(1, 60), case_id, "ask", dice.choice(EXTENDS))
        pauses = dice.random() < PAUSED
        detail = dice.choice(PAUSES) if pauses else ""
        self._later(dice.expovariate(1 / 70), case_id, "pause" if pauses else "handle", detail)

    def _pause(self, case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.pauses.append((at, None))
        self._seen.pauses += 1
        self._later(self._dice.uniform(1, 24 * 20), case_id, "resume")

    def _resume(self, case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.pauses[-1] = (life.pauses[-1][0], at)
        again = self._dice.random() < PAUSED
        detail = self._dice.choice(PAUSES) if again else ""
        self._later(self._dice.expovariate(1 / 50), case_id, "pause" if again else "handle", detail)

    def _handle(self, case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.handled = at
        self._later(self._dice.expovariate(1 / 20), case_id, "close")

    def _close(self, _case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.closed = at

    def _contact(self, _case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.told = at

    def _press_held(self, _case_id: int, life: Life, at: datetime, _answer: str) -> None:
        life.told = at

    def _ask(self, case_id: int, _life: Life, _at: datetime, answer: str) -> None:
        if answer != NO:
            self._seen.asked += 1
            wish = GRANTED if self._dice.random() < AGREED else NO
            self._later(self._dice.expovariate(1 / 6), case_id, "decide", wish)

    def _decide(self, _case_id: int, life: Life, at: datetime, answer: str) -> None:
        decision, days, _ = answer.split(":")
        if decision == GRANTED:
            self._seen.granted += 1
            life.more.append((at, int(days)))
